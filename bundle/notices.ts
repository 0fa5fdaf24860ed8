import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A package and the terms it comes under. */
export interface Notice {
  /** name and version */
  readonly title: string;
  readonly text: string;
}

/**
 * Reads the terms of a package: its licence file or, where there is none, the part of its README that quotes them in full.
 *
 * @param folder the package's folder
 * @throws when it has neither, since then it must not be passed on
 */
export function readNotice(folder: string): Notice {
  const { name, version } = JSON.parse(read(folder, 'package.json')) as {
    readonly name: string;
    readonly version: string;
  };
  const text = licenceFile(folder) ?? licenceInReadme(folder);
  if (text === undefined) throw new Error(`${folder}: no licence text; the bundle cannot have it`);
  return { title: `${name} ${version}`, text: text.replace(/^(\s*\n)+|\s+$/g, '') };
}

/** All notices as one text, the program's own first. */
export function renderNotices(own: Notice, others: readonly Notice[]): string {
  const rule = '='.repeat(72);
  const sections = [own, ...others].map(
    ({ title, text }) => `${rule}\n${title}\n${rule}\n\n${text}\n`,
  );
  return `This file holds the licences of all that is in glance-store-backfill.cjs.\n\n${sections.join('\n')}`;
}

function licenceFile(folder: string): string | undefined {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)\b/i.test(name));
  return file === undefined ? undefined : read(folder, file);
}

/** The name of a licence alone is no permission. */
function licenceInReadme(folder: string): string | undefined {
  const file = readdirSync(folder).find((name) => /^readme\b/i.test(name));
  if (file === undefined) return undefined;
  const [, section] = /^#+ *licen[cs]e\s*$(.*)/ims.exec(read(folder, file)) ?? [];
  return section?.includes('Permission is hereby granted') ? section : undefined;
}

function read(folder: string, file: string): string {
  return readFileSync(path.join(folder, file), 'utf8');
}
