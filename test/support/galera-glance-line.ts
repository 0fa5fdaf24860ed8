import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminSession } from './servers-database.ts';

/** A Glance's way to a cluster: one node after the other. */
export interface GlanceLine {
  /** As AdminSession's; what the cluster refuses is done again from its BEGIN on, as oslo.db does. */
  readonly run: AdminSession['run'];
  /** Goes by way of these sessions from now on, and closes the former ones. */
  readonly lead: (sessions: readonly AdminSession[]) => Promise<void>;
  /** how often something was done again */
  readonly refused: () => number;
}

type Statement = Parameters<AdminSession['run']>;
type Rows = Awaited<ReturnType<AdminSession['run']>>;

/** A conflict with another node, or a node that is out of the primary component while the others give up a third one. */
const passes = /Deadlock|Primary Component|not yet prepared/;

function isPassing(error: unknown): boolean {
  return error instanceof Error && passes.test(error.message);
}

/** Makes a line that leads nowhere yet. */
export function createGlanceLine(): GlanceLine {
  let sessions: readonly AdminSession[] = [];
  let transaction: readonly Statement[] = [];
  let [turn, refused] = [0, 0];

  async function redo(session: AdminSession, work: readonly Statement[]): Promise<Rows> {
    refused += 1;
    await rollBack(session);
    await sleep(20);
    return attempt(session, work, work);
  }

  /** A node that is out of the cluster refuses this, too. */
  async function rollBack(session: AdminSession): Promise<void> {
    try {
      await session.run('ROLLBACK');
    } catch (error) {
      if (!isPassing(error)) throw error;
      await sleep(20);
      await rollBack(session);
    }
  }

  /** @param rest what is still to be done of the work */
  async function attempt(
    session: AdminSession,
    work: readonly Statement[],
    rest: readonly Statement[],
  ): Promise<Rows> {
    try {
      let rows: Rows = [];
      for (const statement of rest) rows = await session.run(...statement);
      return rows;
    } catch (error) {
      if (isPassing(error)) return redo(session, work);
      throw error;
    }
  }

  return {
    run(...statement) {
      if (transaction.length === 0) turn += 1;
      const session = sessions[turn % sessions.length];
      if (session === undefined) throw new Error('no way to the cluster');
      const work = [...transaction, statement];
      const isOpen = work[0]?.[0] === 'BEGIN' && statement[0] !== 'COMMIT';
      transaction = isOpen ? work : [];
      return attempt(session, work, [statement]);
    },
    async lead(others) {
      // That of a node that was killed is closed already.
      for (const session of sessions) await session.close().catch(() => undefined);
      sessions = others;
    },
    refused: () => refused,
  };
}
