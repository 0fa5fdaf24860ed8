import type { Knex } from 'knex';
import type { DriverError } from '../errors.ts';

/** What `knex()` is given to reach a database. */
export type DriverConfig = Pick<Knex.Config, 'client' | 'connection'>;

/** One way of reaching a database, to be tried before the next. */
export interface Attempt {
  readonly driver: DriverConfig;
  /** Whether the next way may not meet this error. */
  readonly worthAnother: (error: DriverError) => boolean;
}
