import { dirname, join, resolve } from 'node:path';
import type { Environment } from './conf.ts';
import { strip } from './python-text.ts';

/** What relative names and `~` stand for. */
export interface Surroundings {
  readonly environment: Environment;
  readonly homeDirectory: string;
  readonly workingDirectory: string;
}

/** One `--config-file` or `--config-dir`. */
export interface GivenPath {
  readonly kind: 'file' | 'directory';
  readonly path: string;
}

/** The path in full, with a leading `~` as the home directory (oslo_config/cfg.py, `_fixpath`). */
export function fixPath(path: string, { homeDirectory, workingDirectory }: Surroundings): string {
  return resolve(
    workingDirectory,
    path.replace(/^~(?=\/|$)/, () => homeDirectory),
  );
}

/** Where oslo.config looks for Glance's files, the first place first (cfg.py, `_get_config_dirs`). */
export function configDirectories({ environment, homeDirectory }: Surroundings): string[] {
  const snaps = [environment['SNAP_COMMON'], environment['SNAP']];
  return [
    join(homeDirectory, '.glance'),
    homeDirectory,
    '/etc/glance',
    '/etc',
    ...snaps.flatMap((snap) => (snap ? [join(snap, 'etc', 'glance')] : [])),
  ];
}

/**
 * The files read when none is given: glance.conf and glance-api.conf, each from the first directory that has it.
 *
 * Under a WSGI server Glance looks in `$OS_GLANCE_CONFIG_DIR` alone, where glance-api.conf has to be
 * (glance/common/wsgi_app.py, `_get_config_files`).
 */
export function defaultFiles(
  surroundings: Surroundings,
  exists: (path: string) => boolean,
): string[] {
  const directory = surroundings.environment['OS_GLANCE_CONFIG_DIR'];
  if (directory === undefined) return findDefaults('.conf', surroundings, exists);
  const place = resolve(surroundings.workingDirectory, strip(directory));
  const optional = join(place, 'glance-image-import.conf');
  return [...(exists(optional) ? [optional] : []), join(place, 'glance-api.conf')];
}

/** The directories read when none is given: glance.conf.d and glance-api.conf.d, found in the same way. */
export function defaultDirectories(
  surroundings: Surroundings,
  exists: (path: string) => boolean,
): string[] {
  return findDefaults('.conf.d', surroundings, exists);
}

function findDefaults(
  extension: string,
  surroundings: Surroundings,
  exists: (path: string) => boolean,
): string[] {
  return ['glance', 'glance-api'].flatMap((name) => {
    const places = configDirectories(surroundings).map((place) => join(place, name + extension));
    return places.filter(exists).slice(0, 1);
  });
}

/**
 * The directories in which cfg.py's `find_file` looks: the given ones, then those of the given or else the default
 * files, the last file first, then the usual ones.
 */
export function findFileDirectories(
  given: readonly GivenPath[],
  surroundings: Surroundings,
  exists: (path: string) => boolean,
): string[] {
  const listGiven = (wanted: GivenPath['kind']) =>
    given.flatMap(({ kind, path }) => (kind === wanted ? [fixPath(path, surroundings)] : []));
  const givenFiles = listGiven('file');
  const files = givenFiles.length > 0 ? givenFiles : defaultFiles(surroundings, exists);
  return [
    ...listGiven('directory'),
    ...files.map((file) => dirname(file)).reverse(),
    ...configDirectories(surroundings),
  ];
}

/**
 * The files librados tries for a `conffile`, of which it reads the first it can open. The argument and `$CEPH_CONF`
 * may name several; without both there is a fixed list (ceph: src/common/config.cc, `parse_config_files`).
 */
export function cephConfPaths(value: string, surroundings: Surroundings): string[] {
  const { environment, homeDirectory, workingDirectory } = surroundings;
  const named = value === '' ? (environment['CEPH_CONF'] ?? '') : value;
  const paths = named.split(/[;,= \t]+/).filter((path) => path !== '');
  const usual = ['/etc/ceph/ceph.conf', join(homeDirectory, '.ceph', 'ceph.conf'), 'ceph.conf'];
  return (paths.length > 0 ? paths : usual).map((path) => resolve(workingDirectory, path));
}
