import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleFiles } from '../../bundle/write.ts';
import { projectRoot, runCli } from '../support/cli.ts';
import { makeWorkplace } from '../support/workplace.ts';

const workplace = makeWorkplace();
afterAll(() => {
  workplace.remove();
});

/** What is looked at of what `npm pack` tells. */
interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;

beforeAll(() => {
  // The program is built already; building anew would pull it from under the other tests.
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', workplace.folder];
  const [first] = JSON.parse(npm(args, projectRoot)) as readonly Packed[];
  if (first === undefined) throw new Error('npm pack made no package');
  packed = first;
});

it('the package holds what runs and what is read, and nothing else', () => {
  const expected = [
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'glance-api.conf.example', 'package.json'],
    ...filesBelow('bin').map((name) => `bin/${name}`),
    ...filesBelow('docs').map((name) => `docs/${name}`),
    ...filesBelow('deploy').map((name) => `deploy/${name}`),
    ...Object.values(bundleFiles).map((name) => `dist/${name}`),
  ];
  expect(packed.files.map(({ path }) => path).sort()).toEqual(expected.sort());
});

it('the package installs into an empty folder and runs there', async () => {
  const place = makeWorkplace();
  try {
    const tarball = workplace.path(packed.filename);
    npm(['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], place.folder);
    const program = place.path('node_modules/.bin/glance-store-backfill');
    const { code, stdout, stderr } = await runCli(['--version'], { cwd: place.folder, program });
    expect({ code, stdout, stderr }).toEqual({
      ...{ code: 0, stderr: '' },
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
    // Its example works as it stands, but for the ceph.conf that it names.
    const example = 'node_modules/glance-store-backfill/glance-api.conf.example';
    const args = ['stores', '-q', '--rbd-fsid', 'ceph=11111111-2222-3333-4444-555555555555'];
    const stores = await runCli([...args, '--config-file', example], {
      cwd: place.folder,
      program,
    });
    expect(stores).toMatchObject({ code: 0, stderr: '' });
  } finally {
    place.remove();
  }
});

/** npm with its usual cache and registry; its errors go to the terminal, so that a failure says why. */
function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8' });
}

/** The files below a folder of the project, relative to it. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name).slice(join(projectRoot, folder).length + 1),
    );
}
