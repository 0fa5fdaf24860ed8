/** Bytes of a statement that are not ids: two texts of `meta_data`, each at its longest and with every byte escaped. */
const statementBytes = 4 * 65_535;

/**
 * Bytes that an id takes in a statement, where it may stand twice, and a row with its old and new texts, as they usually
 * are, in a write set.
 */
const idBytes = 24;
const writtenRowBytes = 2_000;

/**
 * What a transaction may hold: its rows are counted and their bytes limited on Galera, and a list of ids has to fit
 * into a packet. Where rows are longer than usual the server refuses the batch, and it is halved.
 */
export function findMaxBatchRows(limit: (name: string) => number): number {
  // 0, or a variable that is not there, is no limit.
  const rowsIn = (name: string, rows: (most: number) => number): number =>
    limit(name) > 0 ? Math.max(1, Math.floor(rows(limit(name)))) : Infinity;
  return Math.min(
    rowsIn('max_allowed_packet', (bytes) => (bytes - statementBytes) / idBytes),
    rowsIn('wsrep_max_ws_rows', (rows) => rows),
    rowsIn('wsrep_max_ws_size', (bytes) => bytes / writtenRowBytes),
  );
}
