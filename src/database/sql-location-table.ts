import type { ImageLocation } from '../locations/image-location.ts';
import { createAdvisoryLock } from './advisory-lock.ts';
import {
  plain,
  type Dialect,
  type ServerFacts,
  type Session,
  type Statement,
} from './dialects/dialect.ts';
import { groupByText, shareOut } from './dialects/update-texts.ts';
import { asText, type Row } from './driver-values.ts';
import { DatabaseError } from './errors.ts';
import type { KindCounts, KindRow, LocationTable, LockedLocation } from './location-table.ts';
import { renderSeconds } from './seconds.ts';
import { toServerStatus } from './server-status.ts';
import type { Sessions } from './sessions.ts';

/** A database that was found fit for use. */
export interface OpenDatabase {
  readonly sessions: Sessions;
  readonly dialect: Dialect;
  readonly facts: ServerFacts;
  /** database name; a SQLite file's path */
  readonly name: string;
  readonly checkWritable: LocationTable['checkWritable'];
}

/** `image_locations` in an SQL database. */
export function sqlLocationTable(database: OpenDatabase): LocationTable {
  const { sessions, dialect, facts, name, checkWritable } = database;
  const lock = createAdvisoryLock(sessions, dialect.advisoryLock);
  return {
    ...readingTable(database),
    description: { dialect: dialect.name, server: facts.server, name },
    metaDataCapacity: dialect.metaDataCapacity,
    isGalera: facts.isGalera,
    maxBatchRows: facts.maxBatchRows,
    checkWritable,
    lock: () => lock.take(),
    async rewrite(ids, updatedAt, settle) {
      if (ids.length === 0) return;
      await sessions.transact((session) => rewriteIn(session, dialect, { ids, updatedAt, settle }));
    },
    async rewriteKinds(scope, updates, updatedAt) {
      if (!facts.writesUnseen) return false;
      const statement = dialect.updateKinds(scope, updates, renderSeconds(updatedAt));
      const rows = updates.reduce((sum, { ids }) => sum + ids.length, 0);
      return changeAll(sessions, statement, rows);
    },
    async close() {
      await lock.release();
      await sessions.close();
    },
  };
}

/** What reads without locks. */
function readingTable({
  sessions,
  dialect,
}: OpenDatabase): Pick<
  LocationTable,
  'readStatus' | 'lastId' | 'readPage' | 'countKinds' | 'listKinds' | 'readRows'
> {
  const { status } = dialect;
  const read = (statement: Statement) =>
    sessions.use('reading', (session) => session.query(statement));
  return {
    ...(status === undefined
      ? {}
      : { readStatus: async (names) => toServerStatus(await read(status(names))) }),
    lastId: async () => Number((await read(highestId))[0]?.[0] ?? 0),
    async readPage(scope, range) {
      // In SQL no list may be empty.
      if (scope.imageIds?.length === 0) return [];
      return (await read(dialect.page(scope, range))).map(toLocation);
    },
    async countKinds(scope, range, kinds) {
      const rows = await read(dialect.countKinds(scope, range, kinds));
      return toKindCounts(rows, kinds.length, range.limit);
    },
    async listKinds(scope, range, kinds) {
      return (await read(dialect.listKinds(scope, range, kinds))).map(toKindRow);
    },
    async readRows(ids) {
      return ids.length === 0 ? [] : (await read(dialect.rows(ids))).map(toLockedLocation);
    },
  };
}

/** Rolls a transaction back, and goes no further than this file. */
class MissingRows extends Error {}

/** @returns whether the statement changed so many rows; if not, it was rolled back */
async function changeAll(sessions: Sessions, statement: Statement, rows: number): Promise<boolean> {
  try {
    await sessions.transact(async (session) => {
      if ((await session.change(statement)) !== rows) throw new MissingRows();
    });
    return true;
  } catch (error) {
    if (error instanceof MissingRows) return false;
    throw error;
  }
}

interface Rewriting {
  readonly ids: readonly number[];
  readonly updatedAt: Date;
  readonly settle: Parameters<LocationTable['rewrite']>[2];
}

async function rewriteIn(
  session: Session,
  dialect: Dialect,
  { ids, updatedAt, settle }: Rewriting,
): Promise<void> {
  const rows = (await session.query(dialect.lock(ids))).map(toLockedLocation);
  for (const statement of dialect.afterLock) await session.query(statement);
  const seconds = renderSeconds(updatedAt);
  for (const updates of shareOut(groupByText(settle(rows), rows))) {
    const wanted = updates.reduce((sum, { ids: sameText }) => sum + sameText.length, 0);
    const found = await session.change(dialect.update(updates, seconds));
    if (found !== wanted) throw miscount(found, wanted);
  }
}

const highestId = plain('SELECT MAX(id) FROM image_locations');

/** A row of `pageColumns`. */
function toLocation(row: Row): ImageLocation {
  return {
    id: Number(row[0]),
    imageId: asText(row[1]) ?? '',
    value: asText(row[2]) ?? '',
    metaData: asText(row[3]),
  };
}

/** A row of `Dialect.listKinds`. */
function toKindRow(row: Row): KindRow {
  const number = Number(row[2]);
  return {
    id: Number(row[0]),
    imageId: asText(row[1]) ?? '',
    kind: number < 0 ? -1 - number : undefined,
  };
}

/** Rows of `Dialect.countKinds`. */
function toKindCounts(rows: readonly Row[], kinds: number, limit: number): KindCounts | undefined {
  const counts = new Array<number>(kinds).fill(0);
  const others: number[] = [];
  for (const [number, count] of rows) {
    if (Number(number) < 0) counts[-1 - Number(number)] = Number(count);
    else others.push(Number(number));
  }
  if (others.length >= limit) return undefined;
  return { counts, others: others.sort((a, b) => a - b) };
}

/** A row of `lockColumns` and `updated_at`. In one literal: a spread would take longer than all the rest of it. */
function toLockedLocation(row: Row): LockedLocation {
  return {
    id: Number(row[0]),
    imageId: asText(row[1]) ?? '',
    value: asText(row[2]) ?? '',
    metaData: asText(row[3]),
    status: asText(row[4]) ?? '',
    // A boolean on PostgreSQL, else 0 or 1.
    deleted: Boolean(row[5]),
    updatedAt: withoutZeros(asText(row[6])),
  };
}

/** A time without a fraction of a second that is zero. */
function withoutZeros(time: string | null): string | null {
  return time?.includes('.') === true ? time.replace(/\.0+$/, '') : time;
}

function miscount(found: number, wanted: number): DatabaseError {
  return new DatabaseError(
    `the database found ${found} rows to update where ${wanted} are locked; the batch was rolled back`,
    'fatal',
  );
}
