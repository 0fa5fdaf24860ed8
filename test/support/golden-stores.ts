import { join } from 'node:path';
import { loadConf } from '../../src/conf/load.ts';
import { type ConfiguredStores, configureStores } from '../../src/stores/enabled.ts';
import type { GoldenCase } from './golden.ts';

/**
 * Configures the stores of a golden case as the program does.
 *
 * @throws ConfError where the configuration is refused
 */
export function configureGoldenStores({ folder, args }: GoldenCase): ConfiguredStores {
  const { conf, namedFiles } = loadConf({
    given: [
      ...args.configFiles.map((file) => ({ kind: 'file', path: join(folder, file) }) as const),
      ...args.configDirs.map((dir) => ({ kind: 'directory', path: join(folder, dir) }) as const),
    ],
    environment: args.environment,
    homeDirectory: '/nonexistent',
    workingDirectory: folder,
  });
  return configureStores({ conf, files: namedFiles, rbdFsids: [] });
}
