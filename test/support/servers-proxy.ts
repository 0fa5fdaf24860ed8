import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, and cuts the line when the client says COMMIT. */
export interface CuttingProxy {
  readonly port: number;
  /** how many lines were cut */
  readonly cuts: () => number;
  readonly close: () => Promise<void>;
}

/**
 * Starts a proxy to a port of 127.0.0.1.
 *
 * @param when whether the server still gets the COMMIT whose answer the client will miss
 */
export async function startCuttingProxy(
  target: number,
  when: 'before the server gets it' | 'before the client gets the answer',
): Promise<CuttingProxy> {
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    upstream.pipe(client);
    client.on('close', () => upstream.end());
    client.on('data', (bytes) => {
      // Not `READ COMMITTED`.
      if (!/COMMIT(?!TED)/.test(bytes.toString('latin1'))) {
        upstream.write(bytes);
        return;
      }
      cuts += 1;
      if (when === 'before the client gets the answer') {
        upstream.unpipe(client);
        upstream.once('data', () => client.destroy()).resume();
        upstream.write(bytes);
      } else {
        client.destroy();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cuts: () => cuts,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
