/** How the work of a run came to its end: with nothing left to do, since it was told to stop, or by `--max-count`. */
export interface Ending {
  readonly kind: 'complete' | 'stopped' | 'max-count';
}
