import type { Certificates } from './servers-certificates.ts';

/** How tests reach a throw-away server. Plain data, so that it can be handed from process to process. */
export interface ServerAddress {
  /** of 127.0.0.1 */
  readonly port: number;
  /** MariaDB: the socket; PostgreSQL: the folder of the socket. The administrator logs in there without password. */
  readonly socket: string;
  readonly certificates: Certificates;
}

/** A throw-away server. */
export interface Server {
  readonly address: ServerAddress;
  readonly stop: () => Promise<void>;
  /** Ends it as a crash would, and starts it again. What was not yet on its disk is lost. */
  readonly restart: () => Promise<void>;
}

/** The account that Glance would have, with a password that a URL must encode. */
export const GLANCE_USER = 'glance';
export const GLANCE_PASSWORD = 'p@ss/w:rd%"?';
