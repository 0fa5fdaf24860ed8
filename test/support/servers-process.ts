import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findServerPrograms } from './servers-binaries.js';

/** An operating system user that a server runs as, since none of them will run as root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The path of a program that `install-servers.js` sees to. */
export function serverProgram(name: keyof ReturnType<typeof findServerPrograms>): string {
  const found = findServerPrograms()[name];
  if (found === undefined)
    throw new Error(`${name} is missing: run test/support/install-servers.js`);
  return found;
}

/** The user to run a server as; undefined when the tests do not run as root. */
export function serverUser(name: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Makes an empty folder for a server. Its path is short: that of a socket may have 107 bytes. */
export async function makeServerFolder(name: string, user?: ServerUser): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `gsb-${name}-`));
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  return folder;
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Runs a program to its end. When it fails, the error holds what it had to say. */
export function runProgram(command: readonly [string, ...string[]], user?: ServerUser): void {
  const [file, ...args] = command;
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', cwd: '/', ...user });
  if (status !== 0) throw new Error(`${file} failed:\n${stdout}${stderr}`);
}

/** A server process. */
export interface ServerProcess {
  /** Ends it; its folder goes with it. */
  readonly stop: () => Promise<void>;
  /** Ends it at once, as a crash would, and leaves its folder. */
  readonly kill: () => Promise<void>;
  /** Ends it at once, as a crash would, and starts it again on its data. Resolves when it answers. */
  readonly restart: () => Promise<void>;
  /** Sends a signal to the server, such as SIGSTOP. */
  readonly signal: (signal: NodeJS.Signals) => void;
}

/** What to start, and how to tell that it is ready. */
export interface ServerCommand {
  readonly command: readonly [string, ...string[]];
  readonly user: ServerUser | undefined;
  /** removed at the end */
  readonly folder: string;
  /** ends the server at once, whatever it is doing */
  readonly stopSignal: NodeJS.Signals;
  /** throws until the server answers */
  readonly probe: () => Promise<unknown>;
}

/** Starts a server and waits until it answers. */
export async function startServerProcess(server: ServerCommand): Promise<ServerProcess> {
  let child = await startChild(server);
  return {
    stop: () => stopServer(child, server),
    kill: () => endChild(child, server),
    signal: (signal) => child.kill(signal),
    restart: async () => {
      await endChild(child, server);
      child = await startChild(server);
    },
  };
}

async function startChild(server: ServerCommand): Promise<ChildProcess> {
  const [file, ...args] = dyingWithParent(server);
  const output: string[] = [];
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  try {
    await waitUntilReady(child, server.probe);
  } catch (error) {
    await stopServer(child, server);
    throw new Error(`${file} does not answer:\n${output.join('')}`, { cause: error });
  }
  return child;
}

/** However the tests end, be it by SIGKILL, the server goes with them: the kernel sees to it. */
function dyingWithParent({
  command,
  user,
  stopSignal,
}: ServerCommand): readonly [string, ...string[]] {
  const setpriv = '/usr/bin/setpriv';
  if (!existsSync(setpriv)) return command;
  const identity =
    user === undefined ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  return [setpriv, ...identity, `--pdeathsig=${stopSignal.replace('SIG', '')}`, '--', ...command];
}

async function waitUntilReady(child: ChildProcess, probe: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      await probe();
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

async function stopServer(child: ChildProcess, server: ServerCommand): Promise<void> {
  await endChild(child, server);
  await rm(server.folder, { recursive: true, force: true });
}

async function endChild(child: ChildProcess, { stopSignal }: ServerCommand): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(stopSignal);
  await once(child, 'exit');
}
