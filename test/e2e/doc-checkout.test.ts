import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../support/cli.ts';
import { readPagesFor } from '../support/doc-pages.ts';
import { type CommandRun, runSteps } from '../support/doc-run.ts';
import { makeWorkplace } from '../support/workplace.ts';

/** What a checkout does not have. */
const made = ['.git', 'dist', 'node_modules', 'demo/.run'];

/** README's come first: they install what those of the other pages need. */
const commands = readPagesFor('checkout').flatMap(({ path, commands }) =>
  commands.map((each) => ({ ...each, path })),
);

const place = makeWorkplace();
let runs: readonly CommandRun[];
beforeAll(async () => {
  const isSource = (path: string) => !made.includes(relative(projectRoot, path));
  cpSync(projectRoot, place.folder, { recursive: true, filter: isSource });
  runs = await runSteps(
    commands.map(({ command }) => command),
    place,
    {
      // How this machine reaches the registry; packages that were fetched before need not be fetched again.
      ...process.env,
      ...{ npm_config_cache: npmSetting('cache'), npm_config_userconfig: npmSetting('userconfig') },
      npm_config_prefix: place.path('global'),
      HOME: place.path('home'),
    },
  );
}, 300_000);
afterAll(() => {
  place.remove();
});

it.each(commands.map((each, index) => ({ ...each, index })))(
  '$path, line $line: $command',
  ({ index }) => {
    const { code, output } = runs[index] ?? { code: undefined, output: '' };
    expect(code, output).toBe(0);
  },
);

it('what is installed globally runs', () => {
  const program = place.path('global/bin/glance-store-backfill');
  expect(execFileSync(program, ['--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/);
});

function npmSetting(name: string): string {
  const args = ['config', 'get', name];
  return execFileSync('npm', args, { cwd: join(projectRoot, 'test'), encoding: 'utf8' }).trim();
}
