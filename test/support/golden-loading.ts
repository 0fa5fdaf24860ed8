import { createGlanceDatabase, type DialectName, type GlanceDatabase } from './servers-database.ts';
import { readTables, type SqliteRow } from './sqlite-file.ts';

/** Columns that are booleans on PostgreSQL. */
const booleans = new Set(['deleted', 'protected', 'os_hidden']);

/** Makes a database of the dialect that holds the images and locations of a golden SQLite file. The caller drops it. */
export async function loadGoldenDatabase(
  dialect: DialectName,
  file: string,
): Promise<GlanceDatabase> {
  const database = await createGlanceDatabase(dialect);
  const tables = readTables(file);
  await database.run('BEGIN');
  for (const name of ['images', 'image_locations']) {
    for (const row of tables.get(name) ?? []) await insert(database, name, row);
  }
  await database.run('COMMIT');
  return database;
}

async function insert(database: GlanceDatabase, table: string, row: SqliteRow): Promise<void> {
  const columns = Object.keys(row);
  const values = Object.entries(row).map(([column, value]) =>
    database.dialect === 'postgresql' && booleans.has(column) ? value === 1 : value,
  );
  await database.run(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    values,
  );
}
