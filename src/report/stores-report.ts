import type { ConfiguredStores } from '../stores/enabled.ts';
import type { Overlap } from '../stores/overlaps.ts';
import { comparisonLines, type ComparisonReport, type ShowPrefix } from './comparison-report.ts';
import { tellPairs } from './pairs-text.ts';
import type { LabelsReport } from './report.ts';
import { formatCount, lineWidth, type Page, type Paint, plural, printable, wrap } from './text.ts';

/** The result of `stores`: what `-f json` prints (docs/stores.schema.json). */
export interface StoresReport {
  readonly schema: 'glance-store-backfill/stores@1';
  readonly stores: readonly {
    readonly id: string;
    readonly type: string;
    readonly reserved: boolean;
    readonly schemes: readonly string[];
    /** Glance's own prefix; null where Glance has none, or it is not known here */
    readonly urlPrefix: string | null;
    readonly error: string | null;
    readonly warnings: readonly string[];
  }[];
  readonly overlaps: readonly Overlap[];
  /** null when the configuration names none */
  readonly database: DatabaseCheck | null;
  /** one for each `--compare-with` */
  readonly comparisons: readonly ComparisonReport[];
}

/** The database as a run would find it. */
export interface DatabaseCheck {
  /** product and version; null when it cannot be used */
  readonly server: string | null;
  readonly name: string | null;
  /** why it cannot be used; null when it can be read */
  readonly error: string | null;
  /** what a run that writes would be refused for */
  readonly refusals: readonly string[];
  /** null when the table could not be asked */
  readonly labels: LabelsReport | null;
}

/** @param show how prefixes are shown: without their credentials, or as `--show-secrets` asks for */
export function buildStoresReport(
  { stores, overlaps }: Pick<ConfiguredStores, 'stores' | 'overlaps'>,
  checks: Pick<StoresReport, 'database' | 'comparisons'>,
  show: ShowPrefix,
): StoresReport {
  return {
    schema: 'glance-store-backfill/stores@1',
    stores: stores.map(({ id, type, reserved, schemes, urlPrefix, warnings }) => ({
      id,
      type,
      reserved,
      schemes,
      urlPrefix: urlPrefix.kind === 'known' ? show(urlPrefix.value) : null,
      error: urlPrefix.kind === 'known' ? null : urlPrefix.why,
      warnings,
    })),
    overlaps: overlaps.map((overlap) => ({ ...overlap, prefix: show(overlap.prefix) })),
    ...checks,
  };
}

/**
 * The stores for people: each with its type and prefix, then what overlaps, and what was checked. Ends in a newline.
 */
export function renderStoresTable(
  report: StoresReport,
  paint: Paint,
  width: number = lineWidth,
): string {
  const page = { paint, width };
  const { stores, overlaps, database, comparisons } = report;
  const enabled = stores.filter(({ reserved }) => !reserved);
  const reserved = stores.filter((store) => store.reserved);
  const lines = [
    paint.bold('Enabled stores, in the order of enabled_backends'),
    ...enabled.flatMap((store) => storeLines(store, page)),
    '',
    paint.bold('Reserved by Glance, never a target'),
    ...reserved.flatMap((store) => storeLines(store, page)),
    ...overlapLines(overlaps, page),
    ...databaseLines(database, page),
    ...comparisonLines(comparisons, page),
  ];
  return `${lines.join('\n')}\n`;
}

function storeLines(store: StoresReport['stores'][number], page: Page): string[] {
  const { paint } = page;
  const warn = (text: string): string[] => warningLines(text, 4, page);
  const { id, type, schemes, urlPrefix, error, warnings } = store;
  return [
    `  ${paint.cyan(printable(id))}  ${printable(type)}`,
    ...(urlPrefix === null ? [] : [`    ${printable(urlPrefix)}`]),
    ...(schemes.length === 0 ? [] : [paint.dim(`    schemes: ${schemes.join(', ')}`)]),
    ...(error === null ? [] : warn(`no prefix: ${error}`)),
    ...warnings.flatMap((warning) => warn(`note: ${warning}`)),
  ];
}

function overlapLines(overlaps: StoresReport['overlaps'], { paint, width }: Page): string[] {
  if (overlaps.length === 0) return [];
  return [
    '',
    paint.bold('Overlaps'),
    ...overlaps.flatMap((overlap) => [
      ...wrap(printable(overlap.stores.join(', ')), 2, width).map((line) => paint.cyan(line)),
      `    ${printable(overlap.prefix)}`,
      ...wrap(printable(overlap.why), 4, width),
    ]),
  ];
}

function databaseLines(database: StoresReport['database'], page: Page): string[] {
  const { paint, width } = page;
  const warn = (text: string): string[] => warningLines(text, 2, page);
  const head = ['', paint.bold('Database')];
  if (database === null) return [...head, '  not checked: the configuration names none'];
  const { server, name, error, refusals, labels } = database;
  if (error !== null) return [...head, ...warn(`not checked: ${error}`)];
  return [
    ...head,
    ...wrap(printable(`${server ?? ''}, database ${name ?? ''}`), 2, width),
    ...labelLines(labels, page),
    ...(refusals.length === 0 ? ['  a run may write to it'] : []),
    ...refusals.flatMap((why) => warn(`a run that writes would be refused: ${why}`)),
  ];
}

function labelLines(labels: LabelsReport | null, page: Page): string[] {
  if (labels === null) return [];
  const { width } = page;
  const { sampled, labelled, contradicting, notEnabled, pairs } = labels;
  if (sampled === 0) {
    return warningLines(
      'it has no location that Glance shows: is [database] connection the right one?',
      2,
      page,
    );
  }
  const inSample = `in a sample of ${plural(sampled, 'row')}`;
  const agree = `${formatCount(labelled - contradicting)} of ${plural(labelled, 'label')} agree with the stores`;
  const others =
    notEnabled === 0 ? '' : `; ${formatCount(notEnabled)} more name stores that are not enabled`;
  if (labelled === 0) {
    const nothing = 'no row names an enabled store yet, so the labels say nothing';
    return wrap(`${nothing}, ${inSample}${others}`, 2, width);
  }
  const text = `${agree}, ${inSample}${others}`;
  if (contradicting === 0) return wrap(text, 2, width);
  return [
    ...warningLines(text, 2, page),
    ...tellPairs(pairs).flatMap((pair) => warningLines(pair, 4, page)),
  ];
}

function warningLines(text: string, indent: number, { paint, width }: Page): string[] {
  return wrap(printable(text), indent, width).map((line) => paint.yellow(line));
}
