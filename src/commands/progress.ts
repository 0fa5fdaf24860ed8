import type { BackfillOptions } from '../options.ts';
import { type Progress, type ProgressOptions, startProgress } from '../report/progress.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Shows on stderr how far a run has come, as the operator wants it.
 *
 * @param lastId the id, or any other count, that is reached at the end
 * @param rewrites what the rewrites are: a dry run writes none
 */
export function openProgress(
  terminal: Terminal,
  wanted: BackfillOptions['progress'],
  lastId: number,
  rewrites: ProgressOptions['rewrites'],
): Progress {
  const style = progressStyle(wanted, terminal);
  return startProgress({ stream: process.stderr, lastId, style, rewrites });
}

function progressStyle(
  wanted: BackfillOptions['progress'],
  { verbosity }: Terminal,
): ProgressOptions['style'] {
  if (wanted === 'none' || verbosity === 'quiet') return 'none';
  return process.stderr.isTTY ? 'bar' : 'lines';
}
