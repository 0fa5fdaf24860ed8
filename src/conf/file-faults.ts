import type { Fault, Mistake } from './mistake.ts';
import type { FileText } from './named-files.ts';

/** What an error of the file system or of the decoder means for the operator, by its code. */
const failures: ReadonlyMap<string, Fault> = new Map([
  [
    'EACCES',
    { problem: 'permission denied', remedy: 'run this as a user who may read it, such as glance' },
  ],
  [
    'EISDIR',
    { problem: 'it is a directory', remedy: 'name a file; --config-dir takes a directory' },
  ],
  ['ENOENT', { problem: 'there is no such file or directory', remedy: 'name one that exists' }],
  [
    'ENOTDIR',
    { problem: 'it is not a directory', remedy: 'name a directory; --config-file takes a file' },
  ],
  [
    'ERR_ENCODING_INVALID_ENCODED_DATA',
    { problem: 'it is not UTF-8 text', remedy: 'save it as UTF-8' },
  ],
]);

/** Why a file or directory could not be read. */
export function describeFailure(code: string): Fault {
  return failures.get(code) ?? { problem: code, remedy: 'make it readable' };
}

/** The mistake of naming a file or directory that cannot be read. */
export function describeUnreadable(path: string, code: string): Mistake {
  const { problem, remedy } = describeFailure(code);
  return { origin: undefined, option: undefined, problem: `${path}: ${problem}`, remedy };
}

/** The mistake of naming no file where the usual `places` have none. */
export function describeNoFile(places: readonly string[]): Mistake {
  return {
    origin: undefined,
    option: undefined,
    problem: `there is no glance-api.conf in ${places.join(', ')}`,
    remedy: 'name it with --config-file, or run this as a user who may read it, such as glance',
  };
}

/** A file that an option names, and that is at none of the `paths` it may have. */
export function describeAbsence(paths: readonly string[]): FileText {
  const [path = '', ...others] = new Set(paths);
  return { kind: 'missing', path, why: ['there is no such file', ...others].join(', nor ') };
}
