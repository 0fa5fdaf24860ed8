import { setTimeout as sleep } from 'node:timers/promises';
import { asText } from '../../src/database/driver-values.ts';
import type { AdminSession } from './servers-database.ts';

/** Writes to `image_locations` as glance-api does, one short transaction at a time, until it is stopped. */
export interface GlanceWriter {
  /** Ends the writer and tells what it did. @throws what it failed with */
  readonly stop: () => Promise<GlanceLog>;
}

/** What Glance wrote last into each row it touched, and what it met with. */
export interface GlanceLog {
  readonly rows: ReadonlyMap<number, GlanceRow>;
  /** how often a transaction was refused for a concurrent one, and tried again as oslo.db does */
  readonly refused: number;
  /** how long each transaction that was committed took, tries included (ms) */
  readonly took: readonly number[];
}

/** A row as Glance left it. */
export type GlanceRow =
  | { readonly kind: 'saved' | 'inserted'; readonly metaData: string }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'purged' };

export interface GlanceWriterOptions {
  readonly session: AdminSession;
  /** the next row to touch; no other writer may touch it */
  readonly next: () => number;
  /** between two transactions (ms) */
  readonly pauseMs: number;
  /** what a label says */
  readonly store: string;
  readonly imageId: string;
}

type Change = 'lazy update' | 'new key' | 'delete' | 'purge' | 'insert';

/** As seldom as they are: most of what Glance does to a location is to save it. */
const changes: readonly Change[] = [
  ...(Array(6).fill('lazy update') as Change[]),
  ...(Array(10).fill('new key') as Change[]),
  ...(['delete', 'purge', 'insert', 'insert'] as const),
];

/** Starts a writer of its own session; on MariaDB. */
export function startGlanceWriter(options: GlanceWriterOptions): GlanceWriter {
  const rows = new Map<number, GlanceRow>();
  const took: number[] = [];
  let refused = 0;
  let stopped = false;
  const work = async () => {
    for (let turn = 0; !stopped; turn++) {
      const change = changes[(turn * 7) % changes.length] ?? 'new key';
      const id = options.next();
      await sleep(options.pauseMs);
      if (isGone(rows.get(id))) continue;
      const startedAt = performance.now();
      const written = await retryRefused(
        () => transact(options.session, () => carryOut(change, { id, turn, ...options })),
        () => (refused += 1),
      );
      took.push(performance.now() - startedAt);
      if (written !== undefined) rows.set(written.id, written.row);
    }
  };
  const working = work();
  // Told by `stop`, which may come much later.
  working.catch(() => undefined);
  return {
    stop: async () => {
      stopped = true;
      await working;
      return { rows, refused, took };
    },
  };
}

/** Adds the label as Glance's json.dumps would. */
export function labelled(metaData: string, store: string): string {
  return withKey(metaData, 'store', store);
}

/** The keys of a text that are not the run's business. */
export function keysButStore(metaData: string): unknown {
  return { ...(JSON.parse(metaData) as object), store: undefined };
}

interface Written {
  readonly id: number;
  readonly row: GlanceRow;
}

async function carryOut(
  change: Change,
  what: GlanceWriterOptions & { readonly id: number; readonly turn: number },
): Promise<Written | undefined> {
  const { session, id, turn, store, imageId } = what;
  const now = 'UTC_TIMESTAMP()';
  switch (change) {
    case 'lazy update':
    case 'new key': {
      // Read without a lock, save the whole row: so does image_repo.save.
      const [row] = await session.run('SELECT meta_data FROM image_locations WHERE id = ?', [id]);
      if (row === undefined) return undefined;
      const old = asText(row[0]) ?? '{}';
      const metaData = change === 'new key' ? withKey(old, `g${turn}`, turn) : relabel(old, store);
      await session.run(
        `UPDATE image_locations SET meta_data = ?, status = 'active', updated_at = ${now} WHERE id = ?`,
        [metaData, id],
      );
      return { id, row: { kind: 'saved', metaData } };
    }
    case 'delete':
      await session.run(
        `UPDATE image_locations SET status = 'deleted', deleted = 1, deleted_at = ${now}, updated_at = ${now}` +
          ' WHERE id = ?',
        [id],
      );
      return { id, row: { kind: 'deleted' } };
    case 'purge':
      await session.run('DELETE FROM image_locations WHERE id = ?', [id]);
      return { id, row: { kind: 'purged' } };
    case 'insert': {
      await session.run(
        'INSERT INTO image_locations (image_id, value, meta_data, status, deleted, created_at)' +
          ` VALUES (?, ?, '{}', 'active', 0, ${now})`,
        [imageId, `file:///images/new-${turn}`],
      );
      const [inserted] = await session.run('SELECT LAST_INSERT_ID()');
      return { id: Number(inserted?.[0]), row: { kind: 'inserted', metaData: '{}' } };
    }
  }
}

function relabel(metaData: string, store: string): string {
  return 'store' in (JSON.parse(metaData) as object) ? metaData : labelled(metaData, store);
}

function withKey(metaData: string, key: string, value: unknown): string {
  const member = `${JSON.stringify(key)}: ${JSON.stringify(value)}}`;
  return metaData === '{}' ? `{${member}` : `${metaData.slice(0, -1)}, ${member}`;
}

function isGone(row: GlanceRow | undefined): boolean {
  return row?.kind === 'deleted' || row?.kind === 'purged';
}

async function transact<T>(session: AdminSession, work: () => Promise<T>): Promise<T> {
  await session.run('BEGIN');
  try {
    const result = await work();
    await session.run('COMMIT');
    return result;
  } catch (error) {
    await session.run('ROLLBACK');
    throw error;
  }
}

/** 1213: a deadlock or, on Galera, a transaction of another node that came first. */
async function retryRefused<T>(work: () => Promise<T>, onRefused: () => void): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || !/Deadlock/.test(error.message)) throw error;
      onRefused();
    }
  }
}
