import { multiStr, str, type Option } from '../../conf/options.ts';
import type { StoreConf } from '../../conf/store-conf.ts';
import type { Correction } from '../correction.ts';
import { type Fit, fits, likeness, misses } from '../fit.ts';
import type { LocationUrl } from '../location-url.ts';
import { countShared, hasDotSegments, pathBelow, splitPath } from '../path.ts';
import { quoted } from '../reason-text.ts';
import type { UrlPrefix } from '../store.ts';
import {
  type ConfiguredDriver,
  type Driver,
  broken,
  sampleImage,
  unreadOptions,
  working,
} from './driver.ts';
import { type Datadir, parseDatadirs } from './file-datadirs.ts';

/** Where the store has its files, if it has a single directory. */
export const datadir: Option<string> = {
  name: 'filesystem_store_datadir',
  type: str,
  default: '/var/lib/glance/images',
};
/** Directories with priorities, to be used instead. */
export const datadirs: Option<readonly string[]> = {
  name: 'filesystem_store_datadirs',
  type: multiStr,
};

/** glance_store._drivers.filesystem: URLs are `file://<datadir>/<image id>`, the directory as configured. */
export const file: Driver = {
  schemes: ['file', 'filesystem'],
  options: [
    datadir,
    datadirs,
    ...unreadOptions(`
      filesystem_store_metadata_file filesystem_store_file_perm=0 filesystem_store_chunk_size=65536
      filesystem_thin_provisioning=False filesystem_store_timeout=0
      filesystem_store_thread_pool_size=10 filesystem_store_threadpool_threshold=75`),
  ],
  configure: ({ conf }) => configureFile(conf, []),
};

/** As `file.configure`. @param alsoIn directories that are the store's besides the configured ones */
export function configureFile(conf: StoreConf, alsoIn: readonly string[]): ConfiguredDriver {
  const single = conf.get(datadir) ?? '';
  const several = conf.get(datadirs) ?? [];
  if (single !== '' && several.length > 0) return broken(bothSet);
  if (single !== '') return storeIn([{ path: single, priority: 0 }], alsoIn);
  if (several.length === 0) return broken(noneSet);
  const parsed = parseDatadirs(several);
  return parsed.kind === 'wrong' ? broken(parsed.why) : storeIn(parsed.datadirs, alsoIn);
}

const bothSet =
  'both filesystem_store_datadir and filesystem_store_datadirs are set; ' +
  'remove one (to use several directories write "filesystem_store_datadir =", as it has a default)';
const noneSet =
  'neither filesystem_store_datadir nor filesystem_store_datadirs names a directory; name one';

const severalWarning =
  'Glance finds only images in the best directory of filesystem_store_datadirs';

function storeIn(datadirs: readonly Datadir[], alsoIn: readonly string[]): ConfiguredDriver {
  const paths = [...datadirs.map(({ path }) => path), ...alsoIn];
  const directories = paths.map(splitPath);
  const prefix = bestDatadir(datadirs);
  return working({
    urlPrefix: prefix,
    comparedTexts: paths,
    warnings: datadirs.length > 1 ? [severalWarning] : [],
    sampleUrls: paths.map((path) => `file://${path}/${sampleImage}`),
    fit: (url) => fitDirectories(url, directories, prefix),
  });
}

/** `_find_best_datadir`: among directories of the highest priority free space decides, which only Glance sees. */
function bestDatadir(datadirs: readonly Datadir[]): UrlPrefix {
  const highest = Math.max(...datadirs.map(({ priority }) => priority));
  const best = new Set(datadirs.filter((one) => one.priority === highest).map(({ path }) => path));
  const [path = ''] = best;
  if (best.size === 1) return { kind: 'known', value: `file://${path}` };
  const names = [...best].join(', ');
  const why =
    `Glance uses whichever has more free space of ${names}, which have the same priority; ` +
    'the corrected rule takes each of them';
  const mayBe = [...best].map((directory) => ({ start: `file://${directory}`, end: '' }));
  return { kind: 'unknown', why, mayBe };
}

function fitDirectories(
  url: LocationUrl,
  directories: readonly (readonly string[])[],
  prefix: UrlPrefix,
): Fit {
  const path = splitPath(url.rest);
  const below = directories.flatMap((directory) => {
    const rest = pathBelow(directory, path);
    return rest === undefined ? [] : [{ depth: directory.length, rest }];
  });
  const safe = below.filter(({ rest }) => !hasDotSegments(rest));
  if (safe.length > 0) {
    return fits(Math.max(...safe.map(({ depth }) => depth)), nameCorrection(url, prefix));
  }
  const agreed = Math.max(...directories.map((directory) => countAgreeing(directory, path)));
  // `..` may lead out of the directory, and what a symbolic link makes of it only the file system knows.
  if (below.length > 0) return misses(agreed, 'the path holds "." or ".."', 'dot-segments');
  const names = directories.map((directory) => quoted(directory.join('/') || '/'));
  return misses(agreed, `the path is not below ${names.join(' or ')}`);
}

/** What makes a URL fit that does not begin with the prefix. */
function nameCorrection(url: LocationUrl, prefix: UrlPrefix): Correction {
  if (!url.raw.startsWith('file:')) return 'scheme-synonym';
  const best = prefix.kind === 'known' ? prefix.value.slice('file://'.length) : '';
  const isBest = pathBelow(splitPath(best), splitPath(url.rest)) !== undefined;
  return isBest ? 'path-spelling' : 'all-datadirs';
}

/** Components that a directory and a path share. The root counts for nothing: it makes no store near. */
function countAgreeing(directory: readonly string[], path: readonly string[]): number {
  const shared = countShared(directory, path);
  const alike = likeness(path[shared] ?? '', directory[shared] ?? '');
  return shared === 0 ? 0 : shared - 1 + alike;
}
