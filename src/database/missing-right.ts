import type { Dialect, Grantee, Session } from './dialects/dialect.ts';
import { DatabaseError } from './errors.ts';

/** What a dry run needs on the table, and what a run that writes does. */
export type NeededRights = 'SELECT' | 'SELECT, UPDATE';

/**
 * Does `work`; where it fails for want of a right, the message ends in the statement that gives it, to be copied: table
 * and user are named as the server knows them.
 *
 * @param session must be in no transaction that has failed, once `work` is done
 * @throws what `work` throws
 */
export async function tellGrant<T>(
  session: Session,
  { grants }: Pick<Dialect, 'grants'>,
  rights: NeededRights,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const isMissing = grants?.missing.includes(error.cause?.code ?? '') === true;
    const grantee = isMissing ? await findGrantee(() => grants.findGrantee(session)) : undefined;
    if (grantee === undefined) throw error;
    const grant = `GRANT ${rights} ON ${grantee.table} TO ${grantee.user};`;
    throw new DatabaseError(
      `${error.message}; an administrator gives it with: ${grant}`,
      error.kind,
      error.cause,
    );
  }
}

/** A user who lacks a right may not be allowed this query either, or the connection is gone. */
async function findGrantee(find: () => Promise<Grantee>): Promise<Grantee | undefined> {
  try {
    return await find();
  } catch {
    return undefined;
  }
}
