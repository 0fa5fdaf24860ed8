import { getSystemErrorMap } from 'node:util';

/**
 * Whose fault it is. `refused`: the operator named a file that cannot be this journal.
 * `failed`: the disk did not do what it should.
 */
export type JournalErrorKind = 'refused' | 'failed';

/** A journal cannot be made, written or read, told in one message that names its path. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly kind: JournalErrorKind;

  constructor(kind: JournalErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** What is said when the operating system refuses; its reason follows. */
export interface Refusal {
  readonly kind: JournalErrorKind;
  /** a sentence's beginning that names the path, such as `journal /x cannot be written` */
  readonly what: string;
  /** what to do next; undefined where it goes without saying */
  readonly remedy?: string;
}

/**
 * Does `action`; where the operating system refuses, says so in words that name the path, which its own often do not.
 *
 * @throws JournalError for an error of the operating system; any other error as it is
 */
export async function explainRefusal<T>(
  { kind, what, remedy }: Refusal,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const next = remedy === undefined ? '' : `; ${remedy}`;
    throw new JournalError(kind, `${what}: ${systemReason(error)}${next}`, error);
  }
}

/** Whether the operating system refused a call, for one of these reasons (`ENOENT` …) if any are given. */
export function isSystemError(
  error: unknown,
  ...codes: readonly string[]
): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !('errno' in error) || !('code' in error)) return false;
  return codes.length === 0 || codes.includes(String(error.code));
}

/** `no space left on device (ENOSPC)` */
function systemReason({ errno, code, message }: NodeJS.ErrnoException): string {
  const [name, words] = getSystemErrorMap().get(errno ?? 0) ?? [code, message];
  return `${words} (${String(name)})`;
}
