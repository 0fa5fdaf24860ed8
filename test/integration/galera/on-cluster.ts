import { afterEach, beforeEach } from 'vitest';
import type { LockedLocation } from '../../../src/database/location-table.ts';
import { type RunningCli, startCli } from '../../support/cli.ts';
import { oneStoreConf } from '../../support/file-stores.ts';
import { awaitInStep, type GaleraCluster, type GaleraNode } from '../../support/galera-cluster.ts';
import {
  type AdminSession,
  createGlanceDatabase,
  type GlanceDatabase,
  mariaDbSession,
  urlFor,
} from '../../support/servers-database.ts';
import { fillLocations, readLocations } from '../../support/servers-locations.ts';
import { makeWorkplace, type Workplace } from '../../support/workplace.ts';

/** A database on the shared cluster that one test has for itself. */
export interface OnCluster {
  readonly nodes: GaleraCluster['nodes'];
  /** by way of the first node */
  readonly database: GlanceDatabase;
  readonly workplace: Workplace;
  /** the second node and the third; a read waits for what was committed elsewhere */
  readonly others: readonly [AdminSession, AdminSession];
}

/** Has each test of a suite find a new database with so many locations, none of them labelled. */
export function useDatabase(cluster: () => GaleraCluster, rows: number): () => OnCluster {
  let made: OnCluster;
  beforeEach(async () => {
    const { nodes } = cluster();
    const database = await createGlanceDatabase('mysql', nodes[0].address);
    await fillLocations(database, rows);
    const others = [
      await upToDateSession(nodes[1], database.name),
      await upToDateSession(nodes[2], database.name),
    ] as const;
    made = { nodes, database, workplace: makeWorkplace(), others };
  });
  afterEach(async () => {
    // So that a test that fails half-way takes no other one with it.
    await awaitInStep(made.nodes);
    for (const session of made.others) await session.close();
    await made.database.drop();
    made.workplace.remove();
  });
  return () => made;
}

async function upToDateSession({ address }: GaleraNode, name: string): Promise<AdminSession> {
  const session = await mariaDbSession(address, name);
  await session.run('SET SESSION wsrep_sync_wait = 1');
  return session;
}

/** Starts the program on a database by way of one node, in the workplace; it reports in JSON. */
export function start(
  { database, workplace }: OnCluster,
  command: readonly string[],
  node: GaleraNode,
): RunningCli {
  const connection = urlFor('mysql+pymysql', node.address, database.name);
  workplace.write('glance-api.conf', `${oneStoreConf}[database]\nconnection = ${connection}\n`);
  const options = ['--config-file', 'glance-api.conf', '-f', 'json', '--verbose'];
  return startCli([...command, ...options], { cwd: workplace.folder });
}

/** Rows with exactly this text, as the second node has them. */
export async function countText({ others }: OnCluster, metaData: string): Promise<number> {
  const rows = await others[0].run('SELECT COUNT(*) FROM image_locations WHERE meta_data = ?', [
    metaData,
  ]);
  return Number(rows[0]?.[0]);
}

/** The table as every node has it, once it has all that the others have. */
export async function readNodes({
  database,
  others,
}: OnCluster): Promise<readonly (readonly LockedLocation[])[]> {
  await database.run('SET SESSION wsrep_sync_wait = 1');
  return Promise.all([database, ...others].map(({ run }) => readLocations({ ...database, run })));
}
