import { DatabaseError } from '../../src/database/errors.ts';

/**
 * The DatabaseError that a promise ends with, and after how many milliseconds. Anything else is thrown on.
 */
export async function failureOf(promise: Promise<unknown>): Promise<{
  readonly kind: DatabaseError['kind'];
  readonly message: string;
  readonly milliseconds: number;
}> {
  const started = performance.now();
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseError)) throw new Error('no DatabaseError', { cause: error });
  return { kind: error.kind, message: error.message, milliseconds: performance.now() - started };
}
