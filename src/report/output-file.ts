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
