import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a fault strikes, told by the text of the statement: both protocols send it as it is. */
const statements = {
  'page read': /FROM image_locations.*ORDER BY id LIMIT/s,
  'locked look': /FOR (NO KEY )?UPDATE/,
  // All but the one that every run tries when it opens the table.
  update: /UPDATE image_locations(?! SET meta_data = meta_data)/,
  commit: /COMMIT(?!TED)/,
  rollback: /ROLLBACK/,
  'highest id': /SELECT MAX\(id\)/,
  'any statement': /^/,
} as const;

export type FaultPoint = keyof typeof statements;
export const faultPoints = ['page read', 'locked look', 'update', 'commit', 'rollback'] as const;

/** A client's connection to the server. */
interface Line {
  readonly client: Socket;
  readonly upstream: Socket;
}

/** `act` is what others do before the client can know of the fault. */
type Strike = (line: Line, statement: Buffer, act: () => Promise<unknown>) => Promise<void>;

/** What may happen to a statement and its answer. */
const strikes = {
  'dropped before the server gets it': async (line, _statement, act) => {
    line.upstream.destroy();
    await act();
    line.client.destroy();
  },
  'dropped after the server has done it': async (line, statement, act) => {
    await firstAnswer(line, statement);
    await act();
    drop(line);
  },
  'cut off within the statement': async ({ client, upstream }, statement, act) => {
    upstream.end(firstHalf(statement));
    await act();
    client.destroy();
  },
  'cut off within the answer': async (line, statement, act) => {
    const answer = await firstAnswer(line, statement);
    await act();
    line.upstream.destroy();
    line.client.end(firstHalf(answer));
  },
  'held, and dropped when the client gives up': async ({ client, upstream }, _statement, act) => {
    await act();
    await closed(client);
    upstream.destroy();
  },
  'held, and delivered after the client has given up': async (line, statement, act) => {
    await act();
    await closed(line.client);
    await sleep(200);
    await firstAnswer(line, statement);
    line.upstream.destroy();
  },
  'done, and its answer held': async (line, statement, act) => {
    await firstAnswer(line, statement);
    await act();
    await closed(line.client);
    line.upstream.destroy();
  },
  'done, and its answer held until the server hangs up': async (line, statement, act) => {
    await firstAnswer(line, statement);
    await act();
    await closed(line.upstream);
    line.client.destroy();
  },
  'held for a moment': async (line, statement, act) => {
    await act();
    await sleep(150);
    sendOn(line, statement);
  },
  'refused by the server': async (line, statement, act) => {
    await act();
    sendOn(line, Buffer.from(statement.toString('latin1').replace('ROLLBACK', 'ROLLBAKC')));
  },
} as const satisfies Record<string, Strike>;

export type Fault = keyof typeof strikes;

/** The faults that a network may have. */
export const networkFaults = [
  'dropped before the server gets it',
  'dropped after the server has done it',
  'cut off within the statement',
  'cut off within the answer',
  'held, and dropped when the client gives up',
  'held, and delivered after the client has given up',
  'done, and its answer held',
  'held for a moment',
] as const satisfies readonly Fault[];

/** The faults after which the client waits in vain until its patience is over. */
export const silentFaults: readonly Fault[] = [
  'held, and dropped when the client gives up',
  'held, and delivered after the client has given up',
  'done, and its answer held',
];

/** A fault to come. */
export interface ArmedFault {
  readonly fault: Fault;
  readonly at: FaultPoint;
  /** which of the statements it strikes, counted from 1 over all connections; the first unless told */
  readonly nth?: number;
  /** what others do before the client can know */
  readonly meanwhile?: () => Promise<unknown>;
}

/** Stands between clients and a server, and does to their statements what a network may do. */
export interface FaultProxy {
  /** of 127.0.0.1 */
  readonly port: number;
  /** Has a fault strike once; several may wait at a time. */
  readonly arm: (fault: ArmedFault) => void;
  /** Takes back those that have not struck. */
  readonly disarm: () => void;
  /** Closes all lines, and lets nobody in for so long (ms). */
  readonly goAway: (ms: number) => Promise<void>;
  /** how many have struck */
  readonly struck: () => number;
  /** Closes all lines, and throws what a fault or its `meanwhile` failed with. */
  readonly close: () => Promise<void>;
}

/** Starts a proxy to a port of 127.0.0.1. The client must not encrypt. */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  const armed: { fault: ArmedFault; left: number }[] = [];
  const sockets = new Set<Socket>();
  const ended: Promise<void>[] = [];
  let struck = 0;

  const findFault = (text: string): ArmedFault | undefined => {
    for (const [index, waiting] of armed.entries()) {
      if (!statements[waiting.fault.at].test(text)) continue;
      waiting.left -= 1;
      if (waiting.left > 0) continue;
      armed.splice(index, 1);
      return waiting.fault;
    }
    return undefined;
  };
  const server = createServer((client) => {
    const line = { client, upstream: connect(target, '127.0.0.1') };
    const { upstream } = line;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    const passOn = (bytes: Buffer) => client.write(bytes);
    const endClient = () => client.end();
    const endUpstream = () => upstream.end();
    upstream.on('data', passOn).on('close', endClient);
    client.on('close', endUpstream);
    client.on('data', (bytes) => {
      const found = findFault(bytes.toString('latin1'));
      if (found === undefined) {
        upstream.write(bytes);
        return;
      }
      struck += 1;
      // From here on the fault has the line to itself.
      upstream.off('data', passOn).off('close', endClient).resume();
      client.off('close', endUpstream);
      const strike: Strike = strikes[found.fault];
      const striking = strike(line, bytes, found.meanwhile ?? nothing);
      striking.catch(nothing);
      ended.push(striking);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stopListening = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return {
    port: address.port,
    arm: (fault) => armed.push({ fault, left: fault.nth ?? 1 }),
    disarm: () => {
      armed.length = 0;
    },
    goAway: async (ms) => {
      await stopListening();
      await sleep(ms);
      server.listen(address.port, '127.0.0.1');
      await once(server, 'listening');
    },
    struck: () => struck,
    close: async () => {
      await stopListening();
      await Promise.all(ended);
    },
  };
}

/** Sends a statement, and has client and server talk on. */
function sendOn({ client, upstream }: Line, statement: Buffer): void {
  // Either may have ended meanwhile.
  if (upstream.destroyed) client.destroy();
  if (client.destroyed) upstream.end();
  upstream.on('data', (bytes) => client.write(bytes)).on('close', () => client.end());
  client.on('close', () => upstream.end());
  if (!upstream.writableEnded) upstream.write(statement);
}

/** Sends a statement and waits until the server says something: by then it has done it. */
async function firstAnswer({ upstream }: Line, statement: Buffer): Promise<Buffer> {
  if (upstream.destroyed) return Buffer.alloc(0);
  const [answer] = await new Promise<readonly Buffer[]>((resolve) => {
    upstream.once('data', (bytes) => {
      resolve([bytes]);
    });
    // The server, too, may have closed the line.
    upstream.once('close', () => {
      resolve([]);
    });
    upstream.write(statement);
  });
  return answer ?? Buffer.alloc(0);
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, 'close');
}

function drop({ client, upstream }: Line): void {
  client.destroy();
  upstream.destroy();
}

function firstHalf(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

const nothing = () => Promise.resolve();
