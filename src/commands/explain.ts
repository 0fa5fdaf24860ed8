import { inScope } from '../backfill/settle.ts';
import { openLocationTable } from '../database/connect.ts';
import type { LockedLocation } from '../database/location-table.ts';
import { UsageError } from '../errors.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { createDecrypter } from '../locations/encryption.ts';
import { createMatchExplainer } from '../locations/explain-match.ts';
import type { ImageLocation } from '../locations/image-location.ts';
import { createMetaDataReader } from '../locations/meta-data.ts';
import type { ExplainOptions } from '../options.ts';
import {
  type ExplainedLocation,
  explainLocation,
  type ExplainReport,
  type LocationFacts,
} from '../report/explain-report.ts';
import { renderExplainTable } from '../report/explain-table.ts';
import { uuid } from '../stores/uuid.ts';
import type { Terminal } from '../terminal.ts';
import { type ConfiguredDatabase, configureDatabase } from './database.ts';
import { findLocations } from './images.ts';
import { createJudges } from './judges.ts';
import { printResult } from './result.ts';
import { collectMistakes, readConf, type Setup, setUpStores } from './setup.ts';

/** Explains one location; the ids are null for a URL of the command line. */
type Explain = (
  location: ImageLocation,
  of: Pick<LocationFacts, 'locationId' | 'imageId' | 'inScope'>,
) => ExplainedLocation;

/** `explain`: why locations, or a URL, get the store they get. Needs no database for a URL. */
export async function explain(options: ExplainOptions, terminal: Terminal): Promise<ExitCode> {
  const locations = await explainAll(options, terminal);
  const report: ExplainReport = { schema: 'glance-store-backfill/explain@1', locations };
  await printResult(terminal, options, report, renderExplainTable);
  return exitCode.done;
}

async function explainAll(
  options: ExplainOptions,
  terminal: Terminal,
): Promise<readonly ExplainedLocation[]> {
  const { subject } = options;
  const loaded = readConf(options, terminal);
  if (subject.kind === 'url') {
    const explainOne = createExplain(options, setUpStores(loaded, options, terminal));
    return [explainUrl(subject, explainOne)];
  }
  const [setup, database] = collectMistakes(
    () => setUpStores(loaded, options, terminal),
    () => configureDatabase(loaded.conf),
  );
  const rows = await readRows(subject, database);
  const explainOne = createExplain(options, setup, database.encryptionKey);
  return rows.map((row) =>
    explainOne(row, {
      locationId: row.id,
      imageId: row.imageId,
      inScope: inScope(row, { pendingDelete: false, imageIds: undefined }),
    }),
  );
}

/** A store that looks at the image id is told the one in the URL. */
function explainUrl({ url, metaData }: UrlSubject, explainOne: Explain): ExplainedLocation {
  const imageId = uuid.exec(url.slice(url.lastIndexOf('/')))?.[0] ?? '';
  const location = { id: 0, imageId, value: url, metaData };
  return explainOne(location, { locationId: null, imageId: null, inScope: true });
}

type UrlSubject = Extract<ExplainOptions['subject'], { kind: 'url' }>;
type RowsSubject = Extract<ExplainOptions['subject'], { kind: 'rows' }>;

/** @throws UsageError for an image or a location that is not there */
async function readRows(
  subject: RowsSubject,
  { settings, wsrepSyncWait }: ConfiguredDatabase,
): Promise<readonly LockedLocation[]> {
  const table = await openLocationTable(settings, { writers: 1, wsrepSyncWait, readOnly: true });
  try {
    const found = await findLocations(subject.imageIds, table);
    const ids = [...subject.locationIds, ...found.map(({ id }) => id)];
    const rows = await table.readRows(ids);
    checkFound(subject, rows);
    return rows;
  } finally {
    await table.close();
  }
}

function checkFound({ locationIds, imageIds }: RowsSubject, rows: readonly LockedLocation[]): void {
  const missing = [
    ...locationIds.filter((id) => rows.every((row) => row.id !== id)).map((id) => `location ${id}`),
    ...imageIds
      .filter((id) => rows.every((row) => row.imageId !== id))
      .map((id) => `location of image ${id}`),
  ];
  if (missing.length === 0) return;
  const remedy = 'check the id, and that [database] connection names the right database';
  throw new UsageError(`the database has no ${missing.join(', no ')}; ${remedy}`);
}

function createExplain(
  { matching }: ExplainOptions,
  setup: Setup,
  encryptionKey?: string,
): Explain {
  const { stores, mappings } = setup;
  const decrypter = createDecrypter(encryptionKey);
  const metaDataReader = createMetaDataReader();
  const explainMatch = createMatchExplainer({ stores, matching, mappings });
  const { decide, match } = createJudges(
    setup,
    { matching },
    {
      encryptionKey,
      onlyMissing: false,
      replaceContradicting: false,
      metaDataCapacity: Infinity,
    },
  );
  return (location, of) => {
    const value = decrypter(location.value);
    const url = value.kind === 'readable' ? value.url : null;
    const metaData = metaDataReader(location.metaData);
    const store = metaData.kind === 'object' ? metaData.store : undefined;
    return explainLocation({
      ...of,
      url,
      metaData: location.metaData,
      currentStore: store === undefined || store.kind === 'none' ? null : store.text,
      decision: decide(location),
      match: match(url ?? '', location.imageId),
      explanation: explainMatch(url ?? '', location.imageId),
      stores,
    });
  };
}
