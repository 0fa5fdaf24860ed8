import { closeSync, openSync, writeFileSync } from 'node:fs';
import type { Decision } from '../locations/decision.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import { redactUrl } from './redaction.ts';

/** Writes one NDJSON line per row that is not `current`. */
export interface RowsFile {
  /** @throws the disk's error, when it is full or gone */
  add(location: ImageLocation, decision: Decision): void;
  /** Writes what is buffered and closes the file. @throws as `add` */
  close(): void;
}

/** Bytes gathered before they are written; synchronous, so that a slow disk slows the run and not the memory. */
const bufferSize = 64 * 1024;

/**
 * Opens `path` for writing; what it held is lost.
 * @throws the disk's error, when the file cannot be made
 */
export function openRowsFile(path: string): RowsFile {
  const file = openSync(path, 'w');
  let buffer = '';
  const flush = (): void => {
    const text = buffer;
    buffer = '';
    writeFileSync(file, text);
  };
  return {
    add(location, decision) {
      if (decision.kind === 'current') return;
      buffer += `${JSON.stringify(rowLine(location, decision))}\n`;
      if (buffer.length >= bufferSize) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}

/** One line of the file: who, what and why, without secrets. */
export function rowLine(location: ImageLocation, decision: Decision): Record<string, unknown> {
  return {
    locationId: location.id,
    imageId: location.imageId,
    url: redactUrl('url' in decision ? decision.url : location.value),
    outcome: decision.kind,
    store: 'store' in decision ? decision.store : null,
    previousStore: 'previousStore' in decision ? decision.previousStore : null,
    reason: reasonOf(decision),
  };
}

function reasonOf(decision: Decision): string | null {
  if ('reason' in decision) return decision.reason;
  if (decision.kind === 'ambiguous') return `fits ${decision.stores.join(' and ')} equally well`;
  return null;
}
