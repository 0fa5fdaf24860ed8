import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file in one piece: a reader never finds half of it, nor does a loss of power leave one.
 *
 * @param mode for all users, whatever the umask is; undefined for what the umask says
 * @throws the disk's error; the file is as it was then
 */
export function writeWholeFile(path: string, text: string, mode?: number): void {
  // Hidden, and with another end: node_exporter reads whatever ends in .prom.
  const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    rmSync(unfinished, { force: true });
    const file = openSync(unfinished, 'wx');
    try {
      if (mode !== undefined) fchmodSync(file, mode);
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/**
 * Does `write`; where the system refuses, its error gets the option and the file's name, which it often lacks.
 *
 * @param option such as `--rows-file`
 * @throws what `write` throws
 */
export function explainWrite(option: string, path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (error instanceof Error)
      error.message = `${option} ${path}: ${error.message}; mend that, or name another file`;
    throw error;
  }
}
