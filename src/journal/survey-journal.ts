import { type JournalEnd, readJournal } from './read-journal.ts';
import { rowsToUndo } from './undo-rows.ts';

/** A whole journal, summed up. */
export interface JournalSurvey extends JournalEnd {
  /** rows that `undo` has to look at: those written, and those of which nobody knows */
  readonly rows: number;
}

/**
 * Reads a journal from end to end, so that one damaged in the middle is refused before the first row is put back.
 *
 * @throws JournalError as `readJournal`
 */
export async function surveyJournal(path: string): Promise<JournalSurvey> {
  const parts = readJournal(path);
  let rows = 0;
  for (;;) {
    const { done, value } = await parts.next();
    if (done === true) return { ...value, rows };
    if (value.kind === 'batch') rows += rowsToUndo(value).length;
  }
}
