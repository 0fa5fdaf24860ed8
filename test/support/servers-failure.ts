import { DatabaseError } from '../../src/database/errors.ts';

/**
 * The DatabaseError that a promise ends with, and after how many milliseconds. Anything else is thrown on.
 */
export async function failureOf(promise: Promise<unknown>): Promise<{
  readonly kind: DatabaseError['kind'];
  readonly message: string;
  readonly cause: DatabaseError['cause'];
  readonly milliseconds: number;
}> {
  const started = performance.now();
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseError)) throw new Error('no DatabaseError', { cause: error });
  const { kind, message, cause } = error;
  return { kind, message, cause, milliseconds: performance.now() - started };
}
