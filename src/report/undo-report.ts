import { exampleText } from './group-text.ts';
import {
  countLabel,
  formatCount,
  joinSections,
  numberWidth,
  type Page,
  plural,
  printable,
  wrap,
} from './text.ts';

/** A row that stands for those left alone for the same reason. */
export interface LeftAloneExample {
  readonly locationId: number;
  /** null when the row is gone */
  readonly imageId: string | null;
}

/** Rows left alone for one reason. */
export interface LeftAloneReport {
  readonly reason: string;
  readonly count: number;
  readonly example: LeftAloneExample;
}

/** The result of `undo`: what `-f json` prints (docs/undo.schema.json). */
export interface UndoReport {
  readonly schema: 'glance-store-backfill/undo@1';
  /** path of the journal that is undone */
  readonly journal: string;
  /** path of the undo's own journal; null when it wrote none */
  readonly ownJournal: string | null;
  readonly dryRun: boolean;
  readonly rows: {
    /** rows that the run wrote or may have written */
    readonly inJournal: number;
    readonly restored: number;
    readonly leftAlone: number;
  };
  readonly leftAlone: readonly LeftAloneReport[];
  readonly exitCode: number;
}

/** What a report says besides counts. */
export interface UndoFacts {
  readonly journal: string;
  readonly ownJournal: string | null;
  readonly dryRun: boolean;
  readonly inJournal: number;
  readonly exitCode: number;
}

/** Counts what became of the rows. There are few reasons, so that its size does not grow with the journal. */
export class UndoTally {
  restored = 0;
  readonly #reasons = new Map<string, { count: number; readonly example: LeftAloneExample }>();

  /** Counts one row that was put back. */
  addRestored(): void {
    this.restored++;
  }

  /** Counts one row that was left alone. */
  addLeftAlone(reason: string, { locationId, imageId }: LeftAloneExample): void {
    const group = this.#reasons.get(reason);
    if (group === undefined) {
      this.#reasons.set(reason, { count: 1, example: { locationId, imageId } });
    } else group.count++;
  }

  /** The rows left alone by reason, most frequent first. */
  leftAlone(): readonly LeftAloneReport[] {
    return [...this.#reasons]
      .map(([reason, { count, example }]) => ({ reason, count, example }))
      .sort((a, b) => b.count - a.count);
  }
}

/** Puts counts and facts together. */
export function buildUndoReport(tally: UndoTally, facts: UndoFacts): UndoReport {
  const { journal, ownJournal, dryRun, inJournal, exitCode } = facts;
  const leftAlone = tally.leftAlone();
  const left = leftAlone.reduce((sum, { count }) => sum + count, 0);
  return {
    schema: 'glance-store-backfill/undo@1',
    journal,
    ownJournal,
    dryRun,
    rows: { inJournal, restored: tally.restored, leftAlone: left },
    leftAlone,
    exitCode,
  };
}

/** What the table tells besides the report. */
export interface UndoTableOptions extends Page {
  readonly database: { readonly server: string; readonly name: string };
}

/** The report for people: plain lines of at most `width` columns where the data allow, ending in a newline. */
export function renderUndoTable(report: UndoReport, options: UndoTableOptions): string {
  const sections = [
    headline(report, options),
    rowLines(report, options),
    reasonLines(report, options),
    closing(report, options),
  ];
  return joinSections(sections);
}

function headline(
  { dryRun, journal }: UndoReport,
  { paint, width, database }: UndoTableOptions,
): string[] {
  const facts = `${database.server}, database ${database.name}; undoing ${journal}`;
  return [
    paint.bold(dryRun ? 'Dry run: nothing was written.' : 'Undo'),
    ...wrap(printable(facts), 0, width).map((line) => paint.dim(line)),
  ];
}

function rowLines({ dryRun, rows }: UndoReport, { paint }: UndoTableOptions): string[] {
  const notReached = rows.inJournal - rows.restored - rows.leftAlone;
  const restored = dryRun ? 'would have' : 'have';
  const left = `${countLabel('left alone', rows.leftAlone)}  stay as they are`;
  return [
    paint.bold(countLabel('Rows', rows.inJournal)),
    `${countLabel('restored', rows.restored)}  ${restored} their meta_data of before the run`,
    rows.leftAlone > 0 ? paint.yellow(left) : left,
    ...(notReached > 0
      ? [
          paint.yellow(
            `${countLabel('not reached', notReached)}  the undo ended before it came to them`,
          ),
        ]
      : []),
  ];
}

function reasonLines({ leftAlone }: UndoReport, { paint, width }: UndoTableOptions): string[] {
  if (leftAlone.length === 0) return [];
  const lines = leftAlone.flatMap(({ reason, count, example }) => [
    `${formatCount(count).padStart(numberWidth - 2)}  ${reason}`,
    ...wrap(printable(exampleText(example)), numberWidth, width).map((line) => paint.dim(line)),
    ...(reason === 'changed since'
      ? [paint.dim(`${' '.repeat(numberWidth)}explain --location ${example.locationId} shows it`)]
      : []),
  ]);
  return [paint.bold('Left alone'), ...lines];
}

function closing({ dryRun, rows, ownJournal }: UndoReport, { paint }: UndoTableOptions): string[] {
  const restored = plural(rows.restored, 'row');
  const next = dryRun
    ? `Without --dry-run ${restored} would be restored.`
    : `${restored} restored.`;
  return [paint.green(next), ...(ownJournal === null ? [] : [`Journal: ${printable(ownJournal)}`])];
}
