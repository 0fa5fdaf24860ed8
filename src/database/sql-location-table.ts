import type { ImageLocation } from '../locations/image-location.ts';
import { createAdvisoryLock } from './advisory-lock.ts';
import { plain, type Dialect, type ServerFacts, type Session } from './dialects/dialect.ts';
import { asText, type Row } from './driver-values.ts';
import { DatabaseError } from './errors.ts';
import type { LocationTable, LockedLocation, MetaDataUpdate } from './location-table.ts';
import { toServerStatus } from './server-status.ts';
import type { Sessions } from './sessions.ts';

/** A database that was found fit for use. */
export interface OpenDatabase {
  readonly sessions: Sessions;
  readonly dialect: Dialect;
  readonly facts: ServerFacts;
  /** database name; a SQLite file's path */
  readonly name: string;
}

/** `image_locations` in an SQL database. */
export function sqlLocationTable({ sessions, dialect, facts, name }: OpenDatabase): LocationTable {
  const { status } = dialect;
  const lock = createAdvisoryLock(sessions, dialect.advisoryLock);
  return {
    description: { dialect: dialect.name, server: facts.server, name },
    metaDataCapacity: dialect.metaDataCapacity,
    ...(facts.galera === undefined ? {} : { galera: facts.galera }),
    ...(status === undefined
      ? {}
      : {
          readStatus: async (names) => {
            const read = (session: Session) => session.query(status(names));
            return toServerStatus(await sessions.use('reading', read));
          },
        }),
    lock: () => lock.take(),
    lastId: () => sessions.use('reading', readLastId),
    async readPage(scope, range) {
      // In SQL no list may be empty.
      if (scope.imageIds?.length === 0) return [];
      const statement = dialect.page(scope, range);
      const rows = await sessions.use('reading', (session) => session.query(statement));
      return rows.map(toLocation);
    },
    async readRows(ids) {
      if (ids.length === 0) return [];
      const rows = await sessions.use('reading', (session) => session.query(dialect.rows(ids)));
      return rows.map(toLockedLocation);
    },
    async rewrite(ids, updatedAt, settle) {
      if (ids.length === 0) return;
      const seconds = renderSeconds(updatedAt);
      await sessions.transact(async (session) => {
        const rows = (await session.query(dialect.lock(ids))).map(toLockedLocation);
        for (const [metaData, sameText] of groupByText(settle(rows), rows)) {
          const found = await session.change(dialect.update(sameText, metaData, seconds));
          if (found !== sameText.length) throw miscount(found, sameText.length);
        }
      });
    },
    async close() {
      await lock.release();
      await sessions.close();
    },
  };
}

/** The highest id of the table, 0 when it is empty. */
async function readLastId(session: Session): Promise<number> {
  const rows = await session.query(plain('SELECT MAX(id) FROM image_locations'));
  return Number(rows[0]?.[0] ?? 0);
}

function toLocation([id, imageId, value, metaData, status, deleted]: Row): ImageLocation {
  return {
    id: Number(id),
    imageId: asText(imageId) ?? '',
    value: asText(value) ?? '',
    metaData: asText(metaData),
    status: asText(status) ?? '',
    // A boolean on PostgreSQL, else 0 or 1.
    deleted: Boolean(deleted),
  };
}

/** `updated_at` follows the columns of `COLUMNS`. */
function toLockedLocation(row: Row): LockedLocation {
  const updatedAt = asText(row[6])?.replace(/\.0+$/, '') ?? null;
  return { ...toLocation(row), updatedAt };
}

/** The ids by the text they get, lowest first; `locked` is what may be written. */
function groupByText(
  updates: readonly MetaDataUpdate[],
  locked: readonly LockedLocation[],
): ReadonlyMap<string | null, readonly number[]> {
  const writable = new Set(locked.map(({ id }) => id));
  const groups = new Map<string | null, number[]>();
  for (const { id, metaData } of [...updates].sort((a, b) => a.id - b.id)) {
    if (!writable.delete(id)) throw new Error(`location ${id} is not locked, or is updated twice`);
    const group = groups.get(metaData);
    if (group === undefined) groups.set(metaData, [id]);
    else group.push(id);
  }
  return groups;
}

/** UTC, as MySQL's DATETIME keeps it. */
function renderSeconds(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ');
}

function miscount(found: number, wanted: number): DatabaseError {
  return new DatabaseError(
    `the database found ${found} rows to update where ${wanted} are locked; the batch was rolled back`,
    'fatal',
  );
}
