import { join } from 'node:path';
import { loadConf } from '../../src/conf/load.ts';
import { type ConfiguredStores, configureStores } from '../../src/stores/enabled.ts';
import type { GoldenCase } from './golden.ts';

/** Clusters that the recorded Glance could not reach, which no file tells. */
const unreachable: Readonly<Record<string, readonly string[]>> = { 'rbd-unreachable': ['down'] };

/**
 * Configures the stores of a golden case as the program does.
 *
 * @throws ConfError where the configuration is refused
 */
export function configureGoldenStores({ name, folder, args }: GoldenCase): ConfiguredStores {
  const { conf, namedFiles } = loadConf({
    given: [
      ...args.configFiles.map((file) => ({ kind: 'file', path: join(folder, file) }) as const),
      ...args.configDirs.map((dir) => ({ kind: 'directory', path: join(folder, dir) }) as const),
    ],
    environment: args.environment,
    homeDirectory: '/nonexistent',
    workingDirectory: folder,
  });
  const rbdFsids = (unreachable[name] ?? []).map((id) => `${id}=unreachable`);
  return configureStores({ conf, files: namedFiles, rbdFsids });
}
