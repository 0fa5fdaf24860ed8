import { startFaultProxy } from './servers-fault-proxy.ts';

/** Stands between a client and a server, and cuts the line when the client says COMMIT. */
export interface CuttingProxy {
  readonly port: number;
  /** how many lines were cut */
  readonly cuts: () => number;
  readonly close: () => Promise<void>;
}

/**
 * Starts a proxy to a port of 127.0.0.1 that cuts the first COMMIT.
 *
 * @param when whether the server still gets the COMMIT whose answer the client will miss
 */
export async function startCuttingProxy(
  target: number,
  when: 'before the server gets it' | 'before the client gets the answer',
): Promise<CuttingProxy> {
  const { port, arm, struck, close } = await startFaultProxy(target);
  const isDone = when === 'before the client gets the answer';
  arm({
    fault: isDone ? 'dropped after the server has done it' : 'dropped before the server gets it',
    at: 'commit',
  });
  return { port, cuts: struck, close };
}
