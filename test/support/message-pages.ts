import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One way to fail, and what the program says to it. */
export interface MessageCase {
  /** its heading */
  readonly title: string;
  /** where its heading stands: `database.md:12` */
  readonly place: string;
  /** text of `own.conf`; undefined where the case needs none */
  readonly conf: string | undefined;
  /** what the operator types */
  readonly command: string;
  /** all of stderr, then a line with the exit code */
  readonly says: string;
}

/** The cases of every page of a folder, page by page. @throws Error for a case that is not written as the others */
export function readMessagePages(folder: string): MessageCase[] {
  const pages = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return pages.flatMap((name) => readCases(readFileSync(join(folder, name), 'utf8'), name));
}

const caseForm =
  /^### (?<title>[^\n]+)\n\n(?:```ini\n(?<conf>.*?)```\n\n)?```console\n\$ (?<command>[^\n]+(?:\n> [^\n]+)*)\n(?<says>.*?)```\n?$/s;

function readCases(page: string, name: string): MessageCase[] {
  const sections = page.split(/^(?=##)/m);
  let line = 1;
  return sections.flatMap((section) => {
    const place = `${name}:${line}`;
    line += section.split('\n').length - 1;
    if (!section.startsWith('### ')) return [];
    const { title, conf, command, says } = caseForm.exec(section.trimEnd())?.groups ?? {};
    if (title === undefined || command === undefined || says === undefined) {
      throw new Error(`${place}: not a heading, perhaps own.conf, and a command with its answer`);
    }
    return [{ title, place, conf, command: command.replaceAll('\n> ', '\n'), says }];
  });
}
