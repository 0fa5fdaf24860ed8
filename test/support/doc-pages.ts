import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './cli.ts';
import { type DocCommand, readCommands, type Stage, stageOf } from './doc-commands.ts';
import { type CodeBlock, readCodeBlocks } from './markdown.ts';

/** A page of the documentation. */
export interface DocPage {
  /** relative to the project's root */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
}

/** The pages an operator reads: their command blocks are run. */
export function readOperatorPages(): DocPage[] {
  return [
    ...pagesIn('.', ['README.md', 'CONTRIBUTING.md']),
    ...pagesIn('docs'),
    ...pagesIn('deploy'),
  ];
}

/** The pages that have commands for a stage, with these commands in their order. */
export function readPagesFor(
  stage: Stage,
): { readonly path: string; readonly commands: readonly DocCommand[] }[] {
  return readOperatorPages()
    .map(({ path, blocks }) => ({
      path,
      commands: blocks.filter((block) => stageOf(block) === stage).flatMap(readCommands),
    }))
    .filter(({ commands }) => commands.length > 0);
}

/** All pages of the project. */
export function readAllPages(): DocPage[] {
  return [
    ...readOperatorPages(),
    ...pagesIn('.', ['ARCHITECTURE.md', 'CHANGELOG.md']),
    ...pagesIn('bench'),
  ];
}

/** The page at this path, relative to the project's root. */
export function readPage(path: string): DocPage {
  const text = readFileSync(join(projectRoot, path), 'utf8');
  return { path, text, blocks: readCodeBlocks(text) };
}

function pagesIn(folder: string, names = listPages(folder)): DocPage[] {
  return names.map((name) => readPage(join(folder, name)));
}

/** None where there is no such folder. */
function listPages(folder: string): string[] {
  const place = join(projectRoot, folder);
  if (!existsSync(place)) return [];
  return readdirSync(place).filter((name) => name.endsWith('.md'));
}
