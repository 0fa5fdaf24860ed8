import { InvalidArgumentError } from 'commander';
import type { LoadLimit } from './backfill/server-load.ts';
import { type Include, includes } from './options.ts';

/** A whole number from 1 to 999,999,999. @throws InvalidArgumentError with the remedy */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('Give a whole number from 1 to 999999999.');
  return Number(text);
}

/** An id of a row. @throws InvalidArgumentError with the remedy */
function parseId(text: string): number {
  const id = Number(text);
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(id)) return id;
  throw new InvalidArgumentError(
    'Give the id of a row of image_locations, a whole number from 1 up.',
  );
}

/** A share from 0 to 100, a fraction of a percent allowed. @throws InvalidArgumentError with the remedy */
export function parsePercent(text: string): number {
  if (!/^\d{1,3}(\.\d+)?$/.test(text) || Number(text) > 100)
    throw new InvalidArgumentError('Give a number from 0 to 100, such as 1 or 0.5.');
  return Number(text);
}

/** `--batch-size`, in rows. @throws InvalidArgumentError with the remedy */
export function parseBatchSize(text: string): number {
  return parseCountUpTo(50_000, text, 'a batch keeps all its rows locked until it is committed.');
}

/** `--writers`; most servers are set up for some hundred connections in all. @throws InvalidArgumentError with the remedy */
export function parseWriters(text: string): number {
  const why = 'each is a connection, and two or three mostly do all that the server can.';
  return parseCountUpTo(64, text, why);
}

function parseCountUpTo(most: number, text: string, why: string): number {
  const count = parseCount(text);
  if (count > most) throw new InvalidArgumentError(`Give at most ${most}: ${why}`);
  return count;
}

/** Units of time, in ms. */
const units: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** What Node's timers can wait for, in days. */
const mostDays = 24;

/** `90s`, `15m`, `2h` or `1d` in ms. @throws InvalidArgumentError with the remedy */
export function parseDuration(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,8})([a-z])$/.exec(text) ?? [];
  const unitMs = units.get(unit ?? '');
  if (count === undefined || unitMs === undefined) {
    throw new InvalidArgumentError('Give a whole number and a unit, such as 90s, 15m, 2h or 1d.');
  }
  const ms = Number(count) * unitMs;
  if (ms > mostDays * 86_400_000) throw new InvalidArgumentError(`Give at most ${mostDays}d.`);
  return ms;
}

/** The values of an option that may be repeated, in order. */
export function gather(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** As `gather`, of ids. @throws InvalidArgumentError with the remedy */
export function gatherId(value: string, before: number[] = []): number[] {
  return [...before, parseId(value)];
}

/** As `gather`, of `--include`. @throws InvalidArgumentError with the remedy */
export function gatherInclude(value: string, before: Include[] = []): Include[] {
  const chosen = includes.find((include) => include === value);
  if (chosen === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${includes.join(', ')}.`);
  return [...before, chosen];
}

/** As `gather`, of `--max-load`. @throws InvalidArgumentError with the remedy */
export function gatherLoadLimit(text: string, before: LoadLimit[] = []): LoadLimit[] {
  const [, name, most] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (name === undefined || most === undefined)
    throw new InvalidArgumentError('Write NAME=NUMBER, such as Threads_running=25.');
  return [...before, { name, most: Number(most) }];
}

/** A path that may not be empty. @throws InvalidArgumentError with the remedy */
export function parsePlace(text: string): string {
  if (text === '') throw new InvalidArgumentError('Name a file or a directory, or give none.');
  return text;
}
