/**
 * A time as `updated_at` holds it: UTC, `YYYY-MM-DD HH:MM:SS`, as MySQL's DATETIME keeps it. The table is given it and
 * the journal notes it; by their being the same, rows that a run wrote are known again.
 */
export function renderSeconds(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ');
}
