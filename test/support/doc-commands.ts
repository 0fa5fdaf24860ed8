import { spawnSync } from 'node:child_process';
import type { CodeBlock } from './markdown.ts';

/** A command that a page tells the reader to type. */
export interface DocCommand {
  /** of the page, where its block begins */
  readonly line: number;
  readonly command: string;
  /** as a comment at its end says, `# exit code 4`; else 0 */
  readonly exitCode: number;
  /** what it prints, as the page shows it; undefined where the page shows nothing */
  readonly sample: string | undefined;
}

/**
 * Where the commands of a block are run: in a sample cloud, in a copy of the project as it is checked out, or beside
 * servers that have a database `glance`.
 */
export type Stage = 'cloud' | 'checkout' | 'servers';

const stages: Readonly<Record<string, Stage>> = {
  console: 'cloud',
  sh: 'cloud',
  'sh on-checkout': 'checkout',
  'sh on-servers': 'servers',
};

/** @returns undefined for a block without commands */
export function stageOf({ language, marks }: CodeBlock): Stage | undefined {
  return stages[[language, ...marks].join(' ')];
}

/** The commands of a block that is run: in `console` blocks they stand after `$ `, and what they print follows. */
export function readCommands({ line, language, text }: CodeBlock): DocCommand[] {
  const lines = text.trimEnd().split('\n');
  const parts =
    language === 'console' ? readConsole(lines) : readScript(lines).map((command) => [command]);
  return parts.map(([command = '', sample]) => ({
    line,
    command,
    exitCode: Number(/# exit code (\d+)$/.exec(command)?.[1] ?? 0),
    sample,
  }));
}

function readConsole(lines: readonly string[]): [command: string, sample: string][] {
  const parts: [string, string][] = [];
  let isComplete = true;
  for (const line of lines) {
    const last = parts.at(-1);
    if (last !== undefined && !isComplete) {
      last[0] += `\n${line}`;
      isComplete = !line.endsWith('\\');
    } else if (line.startsWith('$ ')) {
      parts.push([line.slice(2), '']);
      isComplete = !line.endsWith('\\');
    } else if (last !== undefined) {
      last[1] += `${line}\n`;
    } else {
      throw new Error(`a console block begins with a command after "$ ", not with: ${line}`);
    }
  }
  return parts;
}

/** A command goes on over the next line until bash takes it for whole. */
function readScript(lines: readonly string[]): string[] {
  const commands: string[] = [];
  let begun = '';
  for (const line of lines) {
    begun += begun === '' ? line : `\n${line}`;
    if (begun.endsWith('\\') || findShellError(begun) !== '') continue;
    if (begun.trim() !== '') commands.push(begun);
    begun = '';
  }
  if (begun !== '') commands.push(begun);
  return commands;
}

/** What bash says of a script that it does not run; empty when it has nothing to say. */
export function findShellError(script: string): string {
  const { stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  return stderr;
}

/**
 * Output without what differs from run to run: times, rates.
 *
 * @param text of a page, or of a program
 */
export function withoutTimes(text: string): string {
  return text.replace(
    /(rows?)\s+in\s+[\d.]+\s+s(\s+\([\d,]+\s+rows\/s\))?/g,
    '$1 in N s (N rows/s)',
  );
}

/** What output must be to agree with a sample: `…` stands for anything, alone on a line for any lines. */
export function patternOf(sample: string): RegExp {
  const lines = withoutTimes(sample)
    .split('\n')
    .slice(0, -1)
    .map((line) => (line === '…' ? '(?:.*\n)*?' : `${escape(line)}\n`));
  return new RegExp(`^${lines.join('')}$`);
}

function escape(line: string): string {
  return line.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll('…', '.*');
}
