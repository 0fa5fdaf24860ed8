import Database from 'libsql';

/** A row by column name. */
export type SqliteRow = Readonly<Record<string, string | number | null>>;

/** Every table of a SQLite file and its rows, in key order. */
export type Tables = ReadonlyMap<string, readonly SqliteRow[]>;

/** Reads a whole SQLite file. */
export function readTables(file: string): Tables {
  const names = readRows(file, `SELECT name FROM sqlite_master WHERE type = 'table'`);
  return new Map(
    names.map(({ name }) => [String(name), readRows(file, `SELECT * FROM ${String(name)}`)]),
  );
}

/** `image_locations` by id. */
export function readLocations(file: string): ReadonlyMap<number, SqliteRow> {
  const rows = readRows(file, 'SELECT * FROM image_locations ORDER BY id');
  return new Map(rows.map((row) => [Number(row['id']), row]));
}

/** Runs one query on a SQLite file; waits while somebody writes to it. */
export function readRows(file: string, query: string): SqliteRow[] {
  const database = new Database(file, { readonly: true, timeout: 5000 });
  try {
    return database.prepare<[]>(query).all() as SqliteRow[];
  } finally {
    database.close();
  }
}
