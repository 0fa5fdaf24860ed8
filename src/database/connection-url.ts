import type { Fault } from '../conf/mistake.ts';
import { unquote } from '../conf/python-quote.ts';

/** An SQLAlchemy URL taken apart; empty parts are undefined. */
export interface ConnectionUrl {
  /** `mysql` of `mysql+pymysql://` */
  readonly backend: string;
  /** `pymysql` of `mysql+pymysql://` */
  readonly driver: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  /** what follows the question mark */
  readonly query: string;
}

/** A URL, or why the text is none; the fault never quotes the text, since it holds the password. */
export type UrlReading =
  | { readonly kind: 'url'; readonly url: ConnectionUrl }
  | { readonly kind: 'wrong'; readonly fault: Fault };

/** The grammar of `_parse_url` in sqlalchemy/engine/url.py. */
const urlGrammar = new RegExp(
  [
    String.raw`^(?<backend>\w+)(?:\+(?<driver>\w+))?://`,
    String.raw`(?:(?<user>[^:/]*)(?::(?<password>[^@]*))?@)?`,
    String.raw`(?:\[(?<ipv6>[^/?]+)\]|(?<host>[^/:?]+))?`,
    String.raw`(?::(?<port>[^/?]*))?`,
    String.raw`(?:/(?<database>[^?]*))?`,
    String.raw`(?:\?(?<query>.*))?$`,
  ].join(''),
  's',
);

/**
 * Takes an SQLAlchemy URL apart (sqlalchemy/engine/url.py). User and password are percent-decoded, host and database
 * are not.
 */
export function readConnectionUrl(text: string): UrlReading {
  const groups = urlGrammar.exec(text)?.groups;
  if (groups === undefined) return wrong(notAUrl);
  const { backend = '', driver, user, password, ipv6, host, port, database, query } = groups;
  // What stands before such an @ is the rest of a password, and no message may take it for a host or a parameter.
  const rest = [host, port, user === undefined ? '' : `${database ?? ''}?${query ?? ''}`].join();
  if (rest.includes('@')) return wrong(unescapedAt);
  if (port !== undefined && !isPort(port)) return wrong(badPort);
  return {
    kind: 'url',
    url: {
      backend,
      driver,
      user: decode(user),
      password: decode(password),
      host: filled(ipv6 ?? host),
      port: port === undefined ? undefined : Number(port),
      database: filled(database),
      query: query ?? '',
    },
  };
}

const notAUrl: Fault = {
  problem: 'is not an SQLAlchemy URL',
  remedy: 'write it like mysql+pymysql://USER:PASSWORD@HOST/DATABASE',
};
const unescapedAt: Fault = {
  problem: 'has more than one @',
  remedy: 'write %40 for an @ in the user name or the password',
};
const badPort: Fault = {
  problem: 'has a port that is not a number from 1 to 65535',
  remedy: 'correct it; in a user name write %3A for a colon, and end user and password with an @',
};

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

function decode(text: string | undefined): string | undefined {
  return filled(text === undefined ? undefined : unquote(text));
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function wrong(fault: Fault): UrlReading {
  return { kind: 'wrong', fault };
}
