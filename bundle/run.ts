/** `npm run build`: the program as one file that a bare Node runs, in dist, and beside it what makes that start faster. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { projectRoot } from './program.ts';
import { bundleFiles, writeBundle } from './write.ts';

const folder = path.join(projectRoot, 'dist');
rmSync(folder, { recursive: true, force: true });
await writeBundle(folder);
const program = path.join(folder, bundleFiles.program);
const showStores = ['stores', '--config-file', 'glance-api.conf.example'];
execFileSync(process.execPath, ['bundle/warm-up.js', program, ...showStores], {
  cwd: projectRoot,
  // Nothing that changes what V8 makes, and no database but one that nobody serves: it goes as far as the driver.
  env: {
    OS_DATABASE__CONNECTION: 'mysql+pymysql://nobody@localhost/none?unix_socket=/nonexistent',
  },
  stdio: ['ignore', 'ignore', 'inherit'],
});
process.stdout.write(`${path.relative(process.cwd(), folder)}\n`);
