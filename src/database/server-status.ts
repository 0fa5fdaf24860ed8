import type { Row } from './driver-values.ts';

/** Status variables of a server, which tell of its load. */
export interface ServerStatus {
  /** @param name in upper or lower case; @returns undefined for one that the server does not have */
  get(name: string): string | undefined;
}

/** @param rows name and value each */
export function toServerStatus(rows: readonly Row[]): ServerStatus {
  const values = new Map(rows.map(([name, value]) => [fold(String(name)), String(value)]));
  return { get: (name) => values.get(fold(name)) };
}

function fold(name: string): string {
  return name.toLowerCase();
}
