import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const eslint = new ESLint();

/** The rules that a file with only this import breaks. */
async function lintImport(file: string, specifier: string): Promise<(string | null)[]> {
  const results = await eslint.lintText(`import '${specifier}';\n`, { filePath: file });
  return results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId));
}

describe('the linter', () => {
  it.each([
    ['src/conf/ini.ts', '../stores/store.ts'],
    ['src/conf/ini.ts', 'node:fs'],
    ['src/conf/load.ts', '../stores/store.ts'],
    ['src/stores/fit.ts', '../locations/match.ts'],
    ['src/stores/drivers/rbd.ts', '../../report/redaction.ts'],
    ['src/stores/drivers/rbd.ts', '../../conf/load.ts'],
    ['src/locations/decide.ts', '../database/errors.ts'],
    ['src/locations/decide.ts', 'knex'],
    ['src/database/errors.ts', '../stores/store.ts'],
    ['src/database/dialects/mysql.ts', '../../backfill/retry.ts'],
    ['src/backfill/settle.ts', '../report/tally.ts'],
    ['src/backfill/settle.ts', '../conf/conf.ts'],
    ['src/backfill/settle.ts', 'mysql2'],
    ['src/report/tally.ts', 'node:fs'],
    ['src/report/tally.ts', '../conf/conf.ts'],
    ['src/journal/batch.ts', '../locations/decision.ts'],
    ['src/report/progress.ts', '../database/connect.ts'],
    ['src/commands/stores.ts', 'commander'],
  ])('refuses %s to import %s', async (file, specifier) => {
    expect(await lintImport(file, specifier)).toContain('no-restricted-imports');
  });

  it.each([
    ['src/locations/match.ts', '../stores/store.ts'],
    ['src/conf/load.ts', 'node:fs'],
    ['src/commands/backfill.ts', '../conf/load.ts'],
    ['src/report/progress.ts', 'cli-progress'],
  ])('lets %s import %s', async (file, specifier) => {
    expect(await lintImport(file, specifier)).not.toContain('no-restricted-imports');
  });
});
