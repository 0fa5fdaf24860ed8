import type { JournaledDatabase } from './journaled-database.ts';
import {
  either,
  type Fields,
  hasShape,
  isFields,
  isPositive,
  isText,
  listOf,
  matching,
  oneOf,
  orNull,
  type Shape,
  shaped,
  shapeFault,
} from './shape.ts';

/** Name and version of the format; a reader refuses any other. */
const journalSchema = 'glance-store-backfill/journal@1';

/** The first line: which run wrote the journal, and into which database. */
export interface JournalHeader {
  /** of this program */
  readonly version: string;
  /** UTC, as `Date.prototype.toISOString` gives it */
  readonly startedAt: string;
  /** a random name of the run */
  readonly run: string;
  readonly database: JournaledDatabase;
  /** SHA-256 of the configuration in use, in hex */
  readonly confFingerprint: string;
  /** ids of the enabled stores */
  readonly stores: readonly string[];
  /** path of the journal this run undoes; null for a run that is no undo */
  readonly undoes: string | null;
}

/** Rows whose `meta_data` goes from one text to another. NULL, the empty text and `{}` are three texts. */
export interface Change {
  readonly old: string | null;
  /** null only where an undo puts NULL back */
  readonly new: string | null;
  /** ids of `image_locations` */
  readonly ids: readonly number[];
}

/** What a batch is about to do; on disk before its transaction begins. */
export interface BatchPlan {
  /** a number of the batch's own within the journal, from 1 up */
  readonly batch: number;
  /** what the batch writes into column `updated_at`: UTC, `YYYY-MM-DD HH:MM:SS` */
  readonly updatedAt: string;
  readonly changes: readonly Change[];
}

/** Which rows of a plan were written: all, none (rolled back for good), or these ids. */
export type Written = 'all' | 'none' | readonly number[];

/** What became of a batch, known after its commit. */
export interface BatchOutcome {
  readonly batch: number;
  readonly written: Written;
}

/** One line of a journal. */
export type JournalEntry =
  | { readonly kind: 'header'; readonly header: JournalHeader }
  | { readonly kind: 'plan'; readonly plan: BatchPlan }
  | { readonly kind: 'outcome'; readonly outcome: BatchOutcome }
  /** `at`: UTC, ISO 8601 */
  | { readonly kind: 'finished'; readonly at: string };

/** A line that is JSON but no entry, or one that cannot stand where it does. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly reason: string;
}

/** What a line turns out to be; `not-json` is what a torn line looks like. */
export type ParsedLine = JournalEntry | Malformed | { readonly kind: 'not-json' };

/**
 * The line of an entry, its line break included; no other line break stands in it.
 *
 * @throws Error for an entry that could not be read again: what undo cannot read must not be carried out
 */
export function renderEntry(entry: JournalEntry): string {
  const line = `${JSON.stringify(lineFields(entry))}\n`;
  const parsed = parseEntry(line);
  if (parsed.kind === 'malformed') throw new Error(`a journal's ${entry.kind}: ${parsed.reason}`);
  return line;
}

function lineFields(entry: JournalEntry): object {
  switch (entry.kind) {
    case 'header':
      return { schema: journalSchema, ...entry.header };
    case 'plan':
      return entry.plan;
    case 'outcome':
      return entry.outcome;
    case 'finished':
      return { finished: entry.at };
  }
}

/** Reads a line, with or without its line break. Never throws. */
export function parseEntry(line: string): ParsedLine {
  const value = parseJson(line);
  if (value === undefined) return { kind: 'not-json' };
  if (!isFields(value)) return malformed('it is not a JSON object');
  if ('schema' in value) return parseHeader(value);
  if ('changes' in value) return parsePlan(value);
  if ('written' in value) return parseOutcome(value);
  if ('finished' in value) return parseFinished(value);
  return malformed('it is neither a header, nor a plan, nor an outcome');
}

/** @returns undefined for a text that is not JSON, whose value is never undefined */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const isTime = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

const headerShape = {
  version: isText,
  startedAt: isTime,
  run: isText,
  database: shaped({
    dialect: oneOf('mysql', 'postgresql', 'sqlite'),
    server: isText,
    name: isText,
    landmarks: listOf(shaped({ id: isPositive, imageId: isText })),
  }),
  confFingerprint: matching(/^[0-9a-f]{64}$/),
  stores: listOf(isText),
  undoes: orNull(isText),
};

const planShape = {
  batch: isPositive,
  updatedAt: matching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
  changes: listOf(shaped({ old: orNull(isText), new: orNull(isText), ids: listOf(isPositive) })),
};

const outcomeShape = {
  batch: isPositive,
  written: either(oneOf('all', 'none'), listOf(isPositive)),
};

const finishedShape = { finished: isTime };

function parseHeader({ schema, ...header }: Fields): ParsedLine {
  if (schema !== journalSchema) return malformed(`"schema" is not ${journalSchema}`);
  return hasShape(headerShape, header)
    ? { kind: 'header', header }
    : misshapen(headerShape, header);
}

function parsePlan(plan: Fields): ParsedLine {
  return hasShape(planShape, plan) ? { kind: 'plan', plan } : misshapen(planShape, plan);
}

function parseOutcome(outcome: Fields): ParsedLine {
  return hasShape(outcomeShape, outcome)
    ? { kind: 'outcome', outcome }
    : misshapen(outcomeShape, outcome);
}

function parseFinished(fields: Fields): ParsedLine {
  return hasShape(finishedShape, fields)
    ? { kind: 'finished', at: fields.finished }
    : misshapen(finishedShape, fields);
}

function misshapen(shape: Shape, fields: Fields): Malformed {
  return malformed(shapeFault(shape, fields) ?? 'it is no entry');
}

/** @param reason must hold nothing of the line's own text, which may be anything, secrets included */
export function malformed(reason: string): Malformed {
  return { kind: 'malformed', reason };
}
