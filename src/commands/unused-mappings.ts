import { listUnused } from '../locations/mappings.ts';
import type { BackfillOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import type { Judges } from './judges.ts';
import type { Setup } from './setup.ts';

/** A run that has come to the table's end. */
export interface CompleteRun {
  readonly options: Pick<BackfillOptions, 'imageIds'>;
  readonly setup: Pick<Setup, 'mappings'>;
  readonly terminal: Terminal;
}

/** Mappings named in a warning: a map file may hold thousands. */
const mostNamed = 5;

/** Warns of mappings that no location was given its store by; a run over a few images says nothing of them. */
export function warnOfUnusedMappings(
  { options, setup, terminal }: CompleteRun,
  { usedMappings }: Pick<Judges, 'usedMappings'>,
): void {
  if (options.imageIds !== undefined) return;
  const unused = listUnused(setup.mappings, usedMappings);
  if (unused.length === 0) return;
  const more = unused.length > mostNamed ? ` and ${unused.length - mostNamed} more` : '';
  terminal.warn(
    `no location lies below what is mapped with ${unused.slice(0, mostNamed).join(', ')}${more}; is it mistyped?`,
  );
}
