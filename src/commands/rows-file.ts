import { closeSync, openSync, writeFileSync } from 'node:fs';
import type { Decision } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import { describeAmbiguous } from '../report/group-text.ts';
import { nameStore, redactUrl } from '../report/redaction.ts';
import { explainWrite } from './whole-file.ts';

/** Writes one NDJSON line per row that is not `current`, or is so although its URL matches another store. */
export interface RowsFile {
  /** Takes one row; it waits in memory for `flush`. */
  add(location: ImageLocation, decision: Decision): void;
  /**
   * Writes what waits, synchronously: a slow disk slows the run down and does not fill the memory.
   * @throws the disk's error, when it is full or gone
   */
  flush(): void;
  /** Flushes and closes the file. @throws as `flush` */
  close(): void;
}

/**
 * Opens `path` for writing; what it held is lost.
 * @throws the disk's error, with the file's name, when it cannot be made
 */
export function openRowsFile(path: string): RowsFile {
  const file = openSync(path, 'w');
  let waiting = '';
  const flush = (): void => {
    const text = waiting;
    waiting = '';
    explainWrite('--rows-file', path, () => {
      writeFileSync(file, text);
    });
  };
  return {
    add(location, decision) {
      if (!isListed(decision)) return;
      waiting += `${JSON.stringify(rowLine(location, decision))}\n`;
    },
    flush,
    close() {
      flush();
      closeSync(file);
    },
  };
}

/** Whether rows with this decision get a line in the rows file. */
export function isListed(decision: Decision): boolean {
  return decision.kind !== 'current' || decision.contradictedBy !== null;
}

/** One line of the file: who, what and why, without secrets. */
function rowLine(location: ImageLocation, decision: Decision): Record<string, unknown> {
  return {
    locationId: location.id,
    imageId: location.imageId,
    url: redactUrl('url' in decision ? decision.url : location.value),
    outcome: decision.kind,
    store: 'store' in decision ? decision.store : null,
    contradictedBy: 'contradictedBy' in decision ? decision.contradictedBy : null,
    previousStore: previousStoreOf(decision),
    reason: reasonOf(decision),
  };
}

/** A store id as it is; what else stood in its place is not shown. */
function previousStoreOf(decision: Decision): string | null {
  if (!('previousStore' in decision) || decision.previousStore === null) return null;
  return nameStore(decision.previousStore);
}

function reasonOf(decision: Decision): string | null {
  if ('reason' in decision) return decision.reason;
  if (decision.kind === 'ambiguous') return describeAmbiguous(decision.stores, 'fits');
  return null;
}
