import { Socket } from 'node:net';

/**
 * How long a statement waits for its answer (ms). MySQL itself gives one up that has waited for an ALTER TABLE for
 * 60 s; what takes longer has a server or a network behind it that is silent without having closed the connection.
 */
export const answerTime = 90_000;

/** Why a connection was given up; its driver fails with this whatever waits for an answer on it. */
class GivenUp extends Error {
  /** stands in the table of failures, as a lost connection */
  readonly code = 'NO_ANSWER';
}

/**
 * Waits for the answer to a statement. When none comes in time the connection is severed: an answer that is late could
 * be taken for that of the next statement.
 *
 * @param socket of the connection; without one there is nothing to wait for
 * @param ms how long to wait
 * @throws what `ask` throws; with code `NO_ANSWER` when the time is over
 */
export async function answerInTime<T>(
  socket: unknown,
  ms: number,
  ask: () => PromiseLike<T>,
): Promise<T> {
  const timer = setTimeout(() => {
    sever(socket, `no answer within ${ms / 1000} s, so the connection was given up`);
  }, ms);
  try {
    return await ask();
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Closes a socket without a word to the server: the driver knows the connection for lost, and the pool lends it to
 * nobody.
 */
export function sever(socket: unknown, why: string): void {
  if (socket instanceof Socket) socket.destroy(new GivenUp(why));
}
