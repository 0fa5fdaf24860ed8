import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { type GaleraCluster, startGaleraCluster } from '../../support/galera-cluster.ts';
import { withMariaDb } from '../../support/mariadb-server.ts';
import { testConcurrentWriters } from './concurrent-writers.ts';
import { testFlowControl } from './flow-control.ts';
import { testNodesAtOdds } from './nodes-at-odds.ts';
import { testWriteSetLimits } from './write-set-limits.ts';

let cluster: GaleraCluster;
/** How each node is set when nobody has touched it. */
let settings: readonly string[];

beforeAll(async () => {
  cluster = await startGaleraCluster();
  settings = await readSettings();
});
afterAll(() => cluster.stop());

// One cluster for all, since it takes long to start: each test leaves it as it found it.
afterEach(async () => {
  expect(await readSettings()).toEqual(settings);
});

const shared = () => cluster;
describe('writers on other nodes', () => {
  testConcurrentWriters(shared);
});
describe('write set limits', () => {
  testWriteSetLimits(shared);
});
describe('flow control', () => {
  testFlowControl(shared);
});
describe('nodes at odds', () => {
  testNodesAtOdds(shared);
});

async function readSettings(): Promise<readonly string[]> {
  return Promise.all(
    cluster.nodes.map(({ address }) =>
      withMariaDb(address, async (connection) => {
        const [variables] = await connection.query(
          `SHOW GLOBAL VARIABLES WHERE Variable_name LIKE 'wsrep%' AND Variable_name <> 'wsrep_start_position'`,
        );
        return JSON.stringify(variables, null, 1);
      }),
    ),
  );
}
