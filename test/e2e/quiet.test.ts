import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readReport } from '../support/reading.ts';
import { makeSampleCloud, type SampleCloud } from '../support/sample-cloud.ts';

let cloud: SampleCloud;
beforeEach(() => {
  cloud = makeSampleCloud();
});
afterEach(() => {
  cloud.remove();
});

const quiet = (...options: readonly string[]) => cloud.command('backfill', '--quiet', ...options);
const nothing = { code: 0, stdout: '', stderr: '' };
const journal = '/\\S+/\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ-\\d+\\.ndjson';
const database = 'database demo/\\.run/glance\\.sqlite';

/** Of the row that README explains. */
const knownImage = '1b558743-c925-424e-a13f-558a31b1b33d';

describe('backfill --quiet', () => {
  it('says in one line what it wrote, and nothing when there is nothing to write', async () => {
    const { code, stdout, stderr } = await quiet();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(
        `^${database}: 2,644 rows written \\(2,584 assigned, 60 replaced\\); ` +
          `123 unmatched, 6 unreadable left over; journal ${journal}\\n$`,
      ),
    );
    for (let night = 0; night < 3; night++) expect(await quiet()).toEqual(nothing);
  });

  it('leaves no journal, nor anything else, in nights without work', async () => {
    await quiet('--journal', 'first.ndjson');
    for (let night = 0; night < 3; night++) {
      expect(await quiet('--journal', 'journals/', '--keep-journals', '2')).toEqual(nothing);
      expect(await quiet('--keep-journals', '2')).toEqual(nothing);
    }
    expect(existsSync(cloud.path('journals'))).toBe(false);
    expect(existsSync(cloud.path('home'))).toBe(false);
  });

  it('says of a dry run what would be written', async () => {
    const { stdout } = await quiet('--dry-run');
    expect(stdout).toMatch(new RegExp(`^${database}: 2,644 rows would be written .*\\n$`));
    await quiet();
    expect(await quiet('--dry-run')).toEqual(nothing);
  });

  it('is silent of what would be told every night: a store without prefix', async () => {
    await quiet();
    cloud.write('demo/ceph.conf', '');
    expect((await cloud.command('backfill')).stderr).toMatch(/^warning: store ceph: /);
    expect(await quiet()).toEqual(nothing);
  });

  it('tells by the exit code that rows are left over, where that is asked for', async () => {
    await quiet();
    expect(await quiet('--detailed-exitcode')).toEqual({ ...nothing, code: 4 });
  });

  it('tells why it ended early', async () => {
    const { code, stdout } = await quiet('--max-count', '3');
    expect(code).toBe(5);
    expect(stdout).toMatch(
      new RegExp(
        `^${database}: 3 rows written \\(3 assigned\\); stopped by --max-count at location id \\d+ of 3,\\d+; .*\\n$`,
      ),
    );
  });

  it('tells what is wrong with this very run', async () => {
    expect((await quiet('--image', 'mistyped', '--image', knownImage)).stderr).toMatch(
      /^warning: database .* has no location of image mistyped: is the id right, and the image not deleted\?\n/,
    );
    expect((await quiet('--config-file', 'nowhere.conf')).stderr).toContain('nowhere.conf');
  });

  it('prints JSON all the same', async () => {
    expect(readReport(await quiet('-f', 'json')).rows.assigned).toBe(2_584);
    expect(readReport(await quiet('-f', 'json')).rows.assigned).toBe(0);
  });
});

describe('undo --quiet', () => {
  const undo = (...options: readonly string[]) =>
    cloud.command('undo', 'run.ndjson', '--quiet', ...options);

  it('says in one line what it put back', async () => {
    await quiet('--journal', 'run.ndjson', '--max-count', '5');
    expect((await undo('--dry-run')).stdout).toMatch(/: 5 rows would be restored\n$/);
    const { code, stdout, stderr } = await undo();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^${database}: 5 rows restored; journal ${journal}\\n$`));
    expect((await undo()).stdout).toMatch(/: 0 rows restored; 5 left alone\n$/);
  });
});
