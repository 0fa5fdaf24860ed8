import { homedir } from 'node:os';
import type { Conf } from '../conf/conf.ts';
import { metadataEncryptionKey } from '../conf/glance-options.ts';
import { loadConf, type LoadedConf } from '../conf/load.ts';
import type { StoresOptions } from '../options.ts';
import {
  type ComparisonReport,
  type DifferenceReport,
  reportDifference,
  type ShowPrefix,
} from '../report/comparison-report.ts';
import { splitAssignment } from '../stores/assignment.ts';
import { compareStores } from '../stores/compare.ts';
import { type ConfiguredStores, configureStores, listEnabled } from '../stores/enabled.ts';

/** The configuration of the command. */
export interface Here {
  readonly conf: Conf;
  readonly stores: Pick<ConfiguredStores, 'stores'>;
}

/**
 * Compares the stores with those of each `--compare-with`. The environment counts for all of them, and the files that
 * they name are those of this host.
 *
 * @throws ConfError with every mistake in one of the files
 */
export function compareWithOthers(
  { compareWith, rbdFsids }: Pick<StoresOptions, 'compareWith' | 'rbdFsids'>,
  here: Here,
  show: ShowPrefix,
): readonly ComparisonReport[] {
  return compareWith.map((file) => {
    const loaded = loadConf({
      given: [{ kind: 'file', path: file }],
      environment: process.env,
      homeDirectory: homedir(),
    });
    const there = configureOther(loaded, rbdFsids);
    const differences = compareStores(here.stores, there).map((one) => reportDifference(one, show));
    return { file, differences: [...differences, ...compareKeys(here.conf, loaded.conf)] };
  });
}

/** An `--rbd-fsid` for a store that the other configuration lacks is left out: there it would be a mistake. */
function configureOther(
  { conf, namedFiles }: LoadedConf,
  rbdFsids: readonly string[],
): ConfiguredStores {
  const ids = listEnabled(conf).map(({ id }) => id);
  const own = rbdFsids.filter((text) => ids.includes(splitAssignment(text).left));
  return configureStores({ conf, files: namedFiles, rbdFsids: own });
}

/** Neither key is shown, whatever is asked for: no prefix holds one. */
function compareKeys(here: Conf, there: Conf): readonly DifferenceReport[] {
  const keys = [here, there].map((conf) => conf.get('DEFAULT', metadataEncryptionKey) ?? '');
  if (keys[0] === keys[1]) return [];
  return [{ store: null, what: 'encryption-key', here: null, there: null }];
}
