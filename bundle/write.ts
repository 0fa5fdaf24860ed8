import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readNotice, renderNotices } from './notices.ts';
import { bundleProgram, projectRoot } from './program.ts';

/** What a bundle consists of. */
export const bundleFiles = {
  program: 'glance-store-backfill.cjs',
  notices: 'LICENSES.txt',
  sums: 'SHA256SUMS',
} as const;

/**
 * Writes the bundle: the program, the licences of all that is in it, and the sums of both as `sha256sum -c` reads them.
 * The same sources give the same bytes.
 *
 * @param folder made if need be; files of these names are replaced
 */
export async function writeBundle(folder: string): Promise<void> {
  const { contents, packages } = await bundleProgram();
  const notices = renderNotices(
    readNotice(projectRoot),
    packages.map((each) => readNotice(path.join(projectRoot, each))),
  );
  const files = [
    { name: bundleFiles.program, contents, mode: 0o755 },
    { name: bundleFiles.notices, contents: notices, mode: 0o644 },
  ];
  const sums = files.map(({ name, contents }) => `${sha256(contents)}  ${name}\n`).join('');
  mkdirSync(folder, { recursive: true });
  for (const { name, contents, mode } of files) {
    writeFileSync(path.join(folder, name), contents, { mode });
  }
  writeFileSync(path.join(folder, bundleFiles.sums), sums);
}

function sha256(contents: string | Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex');
}
