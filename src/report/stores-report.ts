import type { Overlap } from '../stores/overlaps.ts';
import type { Store } from '../stores/store.ts';
import { redactUrl } from './redaction.ts';
import { type Paint, printable, wrap } from './text.ts';

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
}

/** @param secrets `shown` prints prefixes with their credentials, as `--show-secrets` asks for */
export function buildStoresReport(
  stores: readonly Store[],
  overlaps: readonly Overlap[],
  secrets: 'shown' | 'redacted',
): StoresReport {
  const show = secrets === 'shown' ? (prefix: string): string => prefix : redactUrl;
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
  };
}

/** The stores for people: each with its type and prefix, then what overlaps. Ends in a newline. */
export function renderStoresTable({ stores, overlaps }: StoresReport, paint: Paint): string {
  const enabled = stores.filter(({ reserved }) => !reserved);
  const reserved = stores.filter((store) => store.reserved);
  const lines = [
    paint.bold('Enabled stores, in the order of enabled_backends'),
    ...enabled.flatMap((store) => storeLines(store, paint)),
    '',
    paint.bold('Reserved by Glance, never a target'),
    ...reserved.flatMap((store) => storeLines(store, paint)),
    ...overlapLines(overlaps, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function storeLines(store: StoresReport['stores'][number], paint: Paint): string[] {
  const { id, type, schemes, urlPrefix, error, warnings } = store;
  return [
    `  ${paint.cyan(printable(id))}  ${printable(type)}`,
    ...(urlPrefix === null ? [] : [`    ${printable(urlPrefix)}`]),
    ...(schemes.length === 0 ? [] : [paint.dim(`    schemes: ${schemes.join(', ')}`)]),
    ...(error === null
      ? []
      : wrap(printable(`no prefix: ${error}`), 4).map((line) => paint.yellow(line))),
    ...warnings.flatMap((warning) =>
      wrap(printable(`note: ${warning}`), 4).map((line) => paint.yellow(line)),
    ),
  ];
}

function overlapLines(overlaps: StoresReport['overlaps'], paint: Paint): string[] {
  if (overlaps.length === 0) return [];
  return [
    '',
    paint.bold('Overlaps'),
    ...overlaps.flatMap((overlap) => [
      `  ${paint.cyan(printable(overlap.stores.join(', ')))}  ${printable(overlap.prefix)}`,
      ...wrap(printable(overlap.why), 4),
    ]),
  ];
}
