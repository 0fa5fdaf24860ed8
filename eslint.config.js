import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Forbids imports whose specifier matches one of `regexes`. */
const without = (message, ...regexes) => ({
  'no-restricted-imports': ['error', { patterns: regexes.map((regex) => ({ regex, message })) }],
});

const effects =
  '^(node:fs|node:child_process|node:net|knex|mysql2|pg|libsql|commander|chalk|cli-progress)';
const folders = (...names) => `/(${names.join('|')})/`;

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'test/parity/golden/'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.js', 'bin/*.js'],
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      'no-console': 'error',
      'max-lines-per-function': ['error', { max: 45, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
        { selector: 'TSEnumDeclaration', message: 'A union of literals says the same.' },
      ],
    },
  },
  // Which way imports point (ARCHITECTURE.md). Each layer may use only what stands below it.
  {
    files: ['src/conf/**'],
    rules: without(
      'conf/ stands below every other folder',
      folders('stores', 'locations', 'backfill', 'database', 'journal', 'report', 'commands'),
    ),
  },
  {
    files: ['src/conf/**', 'src/stores/**', 'src/locations/**'],
    ignores: ['src/conf/load.ts'],
    rules: without(
      'this layer is pure: no disk, network, database or terminal, and nothing from the layers above',
      effects,
      folders('backfill', 'database', 'journal', 'report', 'commands'),
      '/load\\.ts$',
    ),
  },
  {
    files: ['src/stores/**'],
    rules: without(
      'stores/ may use conf/ only, and is pure',
      effects,
      folders('locations', 'backfill', 'database', 'journal', 'report', 'commands'),
      '/load\\.ts$',
    ),
  },
  {
    files: ['src/database/**', 'src/journal/**'],
    rules: without(
      'database/ and journal/ know rows, not runs',
      folders('backfill', 'report', 'commands'),
      '^(commander|chalk|cli-progress)',
    ),
  },
  {
    files: ['src/backfill/**'],
    rules: without(
      'the loop is given what it needs: no terminal, no disk, no configuration',
      '^(node:fs|knex|mysql2|pg|libsql|commander|chalk|cli-progress)',
      folders('commands', 'conf'),
    ),
  },
  {
    files: ['src/report/**'],
    ignores: ['src/report/progress.ts', 'src/report/rows-file.ts'],
    rules: without(
      'renderers are pure: data in, text out',
      effects,
      folders('backfill', 'database', 'journal', 'commands'),
    ),
  },
  {
    files: ['src/commands/**', 'src/terminal.ts', 'src/options.ts'],
    rules: without('commander belongs to cli.ts and cli-options.ts', '^commander$'),
  },
  {
    files: ['test/**', 'bench/**', 'demo/**', '*.js', '*.ts', 'bin/**', 'scripts/**'],
    rules: {
      // A describe block, a config file or a script is read from top to bottom; its length is no complexity.
      'max-lines-per-function': 'off',
    },
  },
  {
    files: ['demo/**', 'bench/**', 'scripts/**', 'test/support/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['*.js', '*.config.ts'],
    // The tools that read these files ask for a default export.
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
