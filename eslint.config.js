import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Which way imports point (ARCHITECTURE.md): the folders of src/ that each folder may use. */
const mayUse = {
  conf: [],
  stores: ['conf'],
  locations: ['stores', 'conf'],
  database: ['locations', 'conf'],
  journal: ['database'],
  backfill: ['journal', 'database', 'locations'],
  report: ['locations', 'stores'],
  commands: ['report', 'backfill', 'journal', 'database', 'locations', 'stores', 'conf'],
};

/** Packages that reach out of the process. */
const disk = '^node:(fs|child_process)';
const databases = '^(knex|mysql2|pg|libsql)';
const terminal = '^(commander|chalk|cli-progress)';
const effects = [disk, '^node:(net|os|tls)', databases, terminal];

/** Packages that a folder must do without. */
const without = {
  conf: effects,
  stores: effects,
  locations: effects,
  database: [terminal],
  journal: [databases, terminal],
  backfill: [disk, databases, terminal],
  report: effects,
  commands: ['^commander', databases],
};

/** Files that may reach out although their folder may not. */
const exceptions = {
  'src/conf/load.ts': [databases, terminal],
  'src/report/progress.ts': [disk, databases],
};

function layer(files, folder, packages) {
  const forbidden = Object.keys(mayUse).filter(
    (other) => other !== folder && !mayUse[folder].includes(other),
  );
  const patterns = [
    { regex: packages.join('|'), message: `src/${folder} does without this package.` },
    // The empty alternative never stands alone: commands/ may use every folder.
    {
      regex: `\\.\\./(${forbidden.join('|') || '\\0'})/`,
      message: `src/${folder} may not use this folder.`,
    },
    {
      regex: `^(\\.\\./)+(${folder === 'commands' ? 'cli' : 'cli|options|terminal|exit-code|version'})[a-z-]*\\.ts$`,
      message: `src/${folder} may not use this file of src/.`,
    },
    ...(folder === 'conf' || folder === 'commands'
      ? []
      : [{ regex: '/load\\.ts$', message: 'Only a command reads the configuration.' }]),
  ];
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'test/parity/golden/'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', 'bin/*.js'] },
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
  ...Object.keys(mayUse).map((folder) => layer([`src/${folder}/**`], folder, without[folder])),
  // After their folders' own: of two blocks for one file the later one counts.
  ...Object.entries(exceptions).map(([file, packages]) =>
    layer([file], file.split('/')[1], packages),
  ),
  {
    files: ['test/**', 'bench/**', 'bundle/**', 'demo/**', '*.js', '*.ts', 'bin/**'],
    rules: {
      // A describe block, a config file or a script is read from top to bottom; its length is no complexity.
      'max-lines-per-function': 'off',
    },
  },
  {
    files: ['demo/**', 'bench/**', 'test/support/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['*.js', '*.config.ts'],
    // The tools that read these files ask for a default export.
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
