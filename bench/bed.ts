import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMariaDb } from '../test/support/mariadb-server.ts';
import { createPostgreSqlTemplate, startPostgreSql } from '../test/support/postgresql-server.ts';
import type { Server } from '../test/support/servers-address.ts';
import { createGlanceDatabase, type GlanceDatabase } from '../test/support/servers-database.ts';
import { makeWorkplace, type Workplace } from '../test/support/workplace.ts';
import type { Figures } from './measure.ts';
import { benchCloud, type Cloud } from './table.ts';

/** The servers there are to measure on. */
export type BedName = 'mariadb' | 'mariadb-binlog' | 'postgresql';

/** A private server with the benchmark's table, and a folder for what the tool reads and writes. */
export interface Bed {
  readonly name: BedName;
  readonly rows: number;
  readonly database: GlanceDatabase;
  readonly server: Server;
  readonly workplace: Workplace;
  /** path of glance-api.conf */
  readonly conf: string;
  /** what the server says it is */
  readonly version: string;
}

/** Later options win over those of the tests, which wait for no disk. */
const durableMariaDb = [
  ...['--innodb-flush-method=O_DIRECT', '--innodb-doublewrite=1'],
  ...['--innodb-flush-log-at-trx-commit=1', '--innodb-log-file-size=1G'],
  '--innodb-buffer-pool-size=1G',
  // Else the history list is cut at every 128th step of the purge, and its length tells little. Newer servers know no such option.
  '--loose-innodb-purge-rseg-truncate-frequency=1',
];
const withBinaryLog = [
  '--log-bin=binlog',
  '--server-id=1',
  '--sync-binlog=1',
  '--binlog-format=ROW',
];
const durablePostgreSql = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'];
const roomyPostgreSql = ['shared_buffers=512MB', 'max_wal_size=4GB'];

/** Lends a bed for as long as `work` runs. */
export async function withBed<T>(
  { name, rows, cloud = benchCloud }: BedSetup,
  work: (bed: Bed) => Promise<T>,
): Promise<T> {
  process.stderr.write(`starting ${name} and making ${rows} rows\n`);
  const bed = await openBed(name, rows, cloud);
  try {
    return await work(bed);
  } finally {
    await closeBed(bed);
  }
}

/** What a bed is made for. */
export interface BedSetup {
  readonly name: BedName;
  readonly rows: number;
  /** the benchmark's usual one unless given */
  readonly cloud?: Cloud;
}

/** Starts a server and fills its table. */
async function openBed(name: BedName, rows: number, cloud: Cloud): Promise<Bed> {
  const server = await startServer(name);
  try {
    const dialect = name === 'postgresql' ? 'postgresql' : 'mysql';
    const database = await createGlanceDatabase(dialect, server.address);
    const [[version] = []] = await database.run('SELECT version()');
    await fillTemplate(database, rows, cloud);
    const workplace = makeWorkplace();
    const cephConf = workplace.write('ceph.conf', cloud.cephConf);
    const conf = workplace.write('glance-api.conf', cloud.conf(database.url, cephConf));
    return { name, rows, database, server, workplace, conf, version: String(version) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Ends the server; nothing of the bed stays. */
async function closeBed({ server, workplace }: Bed): Promise<void> {
  workplace.remove();
  await server.stop();
}

async function startServer(name: BedName): Promise<Server> {
  if (name === 'mariadb') return startMariaDb(durableMariaDb);
  if (name === 'mariadb-binlog') return startMariaDb([...durableMariaDb, ...withBinaryLog]);
  const settings = [...durablePostgreSql, ...roomyPostgreSql];
  const server = await startPostgreSql(settings.flatMap((setting) => ['-c', setting]));
  await createPostgreSqlTemplate(server.address);
  return server;
}

/** The images are left out: the foreign key to them plays no part in an update of `meta_data`. */
async function fillTemplate(
  { dialect, run }: GlanceDatabase,
  rows: number,
  cloud: Cloud,
): Promise<void> {
  const isMySql = dialect === 'mysql';
  const foreignKey = isMySql ? 'image_locations_ibfk_1' : 'image_locations_image_id_fkey';
  const numbers = isMySql
    ? `(SELECT seq AS n FROM seq_1_to_${rows}) AS numbers`
    : `generate_series(1, ${rows}) AS numbers (n)`;
  const kind = isMySql ? 'FOREIGN KEY' : 'CONSTRAINT';
  await run(`ALTER TABLE image_locations DROP ${kind} ${foreignKey}`);
  await run(`CREATE TABLE bench_rows AS ${cloud.selectRows(numbers)}`);
  await run('ALTER TABLE bench_rows ADD PRIMARY KEY (id)');
  await cloud.finish?.(run);
}

/**
 * Makes the table new, without traces of earlier writes, and waits until the server has nothing left to do for it.
 *
 * @param state the rows as the move to several stores left them, or as a run leaves them
 */
export async function restoreTable(
  { database: { dialect, run } }: Bed,
  state: 'before' | 'after' = 'before',
): Promise<void> {
  const metaData = state === 'before' ? 'meta_data' : 'expected';
  const no = dialect === 'postgresql' ? 'false' : '0';
  const created = `'2020-01-02 03:04:05'`;
  await run('TRUNCATE TABLE image_locations');
  await run(
    `INSERT INTO image_locations (id, image_id, value, meta_data, status, deleted, created_at, updated_at)
     SELECT id, image_id, value, ${metaData}, 'active', ${no}, ${created}, ${created} FROM bench_rows ORDER BY id`.replaceAll(
      created,
      dialect === 'postgresql' ? `timestamp ${created}` : created,
    ),
  );
  await (dialect === 'postgresql' ? settlePostgreSql(run) : settleMariaDb(run));
}

async function settlePostgreSql(run: GlanceDatabase['run']): Promise<void> {
  await run('VACUUM (ANALYZE) image_locations');
  await run('CHECKPOINT');
}

/** Pages a second; the default of 200 would take minutes for what a million rows leave behind. */
const quickFlush = 20_000;

/** Flushes all pages that are not on disk yet, and waits for the purge of old row versions. */
async function settleMariaDb(run: GlanceDatabase['run']): Promise<void> {
  await run('ANALYZE TABLE image_locations');
  const [[capacity, most] = []] = await run(
    'SELECT @@GLOBAL.innodb_io_capacity, @@GLOBAL.innodb_io_capacity_max',
  );
  await run('SET GLOBAL innodb_max_dirty_pages_pct = 0');
  await run(`SET GLOBAL innodb_io_capacity_max = ${quickFlush}`);
  await run(`SET GLOBAL innodb_io_capacity = ${quickFlush}`);
  const deadline = Date.now() + 60_000;
  while (!(await isSettled(run))) {
    if (Date.now() > deadline) {
      process.stderr.write('MariaDB still flushes or purges after 60 s; going on\n');
      break;
    }
    await sleep(200);
  }
  // The measured run is to find the server as it was configured.
  await run(`SET GLOBAL innodb_io_capacity = ${Number(capacity)}`);
  await run(`SET GLOBAL innodb_io_capacity_max = ${Number(most)}`);
  await run('SET GLOBAL innodb_max_dirty_pages_pct = DEFAULT');
}

async function isSettled(run: GlanceDatabase['run']): Promise<boolean> {
  const figures = await run(
    `SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_history_list_length', 'Innodb_buffer_pool_pages_dirty')`,
  );
  return figures.length === 2 && figures.every(([, figure]) => Number(figure) <= 100);
}

/** ms; what is left then is told as unknown */
const longestPurge = 600_000;

/**
 * Runs a contender that writes, and then waits until MariaDB has cleared away the old row versions that it left: its
 * history list is as long as before. The figures tell both times; other servers keep no such list.
 */
export async function withPurge(bed: Bed, run: (bed: Bed) => Promise<Figures>): Promise<Figures> {
  if (bed.database.dialect !== 'mysql') return run(bed);
  const before = await historyLength(bed);
  const figures = await run(bed);
  const ended = performance.now();
  while ((await historyLength(bed)) > before) {
    if (performance.now() - ended > longestPurge) return figures;
    await sleep(50);
  }
  return { ...figures, purgedSeconds: figures.seconds + (performance.now() - ended) / 1000 };
}

async function historyLength({ database }: Bed): Promise<number> {
  const [[length] = []] = await database.run(
    `SELECT count FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'`,
  );
  return Number(length);
}

/**
 * Sees to it that exactly the expected rows were written.
 *
 * @param left rows that were to be left as they are although they lack their store
 * @throws when other rows differ from what they have to be, or there are more or fewer of them
 */
export async function checkTable({ database, rows }: Bed, left = 0): Promise<void> {
  // PostgreSQL's jsonb has an order of keys of its own.
  const differs =
    database.dialect === 'mysql'
      ? 'NOT BINARY l.meta_data <=> BINARY b.expected'
      : 'l.meta_data::jsonb IS DISTINCT FROM b.expected::jsonb';
  const [[same, different] = []] = await database.run(
    `SELECT COUNT(*), SUM(CASE WHEN ${differs} THEN 1 ELSE 0 END)
     FROM bench_rows b JOIN image_locations l ON l.id = b.id AND l.value = b.value AND l.image_id = b.image_id`,
  );
  if (Number(same) !== rows || Number(different) !== left) {
    throw new Error(
      `of ${rows} rows ${String(same)} are there and ${String(different)} are wrong instead of ${left}`,
    );
  }
}
