import { failureTable, tellNoColumn, tellNoTable, type FailureTable } from '../failures.ts';

/** Errors of SQLite by result code. */
export const sqliteFailures: FailureTable = failureTable([
  ['SQLITE_BUSY*', 'contended', 'another process holds the file locked'],
  ['SQLITE_LOCKED*', 'contended', 'another connection holds the table locked'],
  ['SQLITE_IOERR*', 'fatal', 'the disk cannot be read or written'],
  [
    'SQLITE_NOTADB',
    'fatal',
    'the file is not a SQLite database; check the path in [database] connection',
  ],
  ['SQLITE_READONLY*', 'refused', 'the file may not be written to'],
  ['SQLITE_FULL', 'refused', 'the disk is full'],
  ['SQLITE_CANTOPEN*', 'fatal', 'the file cannot be opened: permission denied?'],
  ['SQLITE_PERM', 'fatal', 'the file cannot be opened: permission denied'],
  ['SQLITE_CORRUPT*', 'fatal', 'the database file is damaged'],
  [
    'SQLITE_ERROR',
    'fatal',
    (peer, said) => {
      if (said.startsWith('no such table')) return tellNoTable(peer, said);
      if (said.startsWith('no such column')) return tellNoColumn(peer, said);
      return `${peer.server}: the database refused: ${said}`;
    },
  ],
]);
