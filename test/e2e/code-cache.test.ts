import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileProgram } from '../../bin/compiled-program.js';
import { version } from '../../src/version.ts';
import { projectRoot, runCli } from '../support/cli.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

/** No longer than the real one. */
const otherVersion = version.replace(/.$/, '?');

const built = 'dist/glance-store-backfill.cjs';

/** An installation of its own. */
let place: Workplace;
beforeEach(() => {
  place = makeWorkplace();
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(join(projectRoot, part), place.path(part), { recursive: true });
  }
});
afterEach(() => {
  place.remove();
});

function versionTold() {
  return runCli(['--version'], {
    cwd: place.folder,
    program: place.path('bin/glance-store-backfill.js'),
  });
}

function isFromCache(): boolean {
  return compileProgram(place.path(built)).isFromCache;
}

describe('what the build has compiled', () => {
  it('is taken', async () => {
    expect(isFromCache()).toBe(true);
    expect(await versionTold()).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('is left where the program has changed, be it as long as before', async () => {
    const program = readFileSync(place.path(built), 'utf8');
    writeFileSync(place.path(built), program.replaceAll(`"${version}"`, `"${otherVersion}"`));
    expect(isFromCache()).toBe(false);
    expect(await versionTold()).toEqual({ code: 0, stdout: `${otherVersion}\n`, stderr: '' });
  });

  it('is left where it is damaged', async () => {
    const cache = readFileSync(place.path(`${built}.code-cache`));
    const middle = Math.floor(cache.length / 2);
    cache.writeUInt8(cache.readUInt8(middle) ^ 1, middle);
    writeFileSync(place.path(`${built}.code-cache`), cache);
    expect(isFromCache()).toBe(false);
    expect(await versionTold()).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each(['missing', 'unreadable'])('may be %s', async (what) => {
    rmSync(place.path(`${built}.code-cache`));
    if (what === 'unreadable') mkdirSync(place.path(`${built}.code-cache`));
    expect(isFromCache()).toBe(false);
    expect(await versionTold()).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});
