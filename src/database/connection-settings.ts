/** Files and choices for TLS to MySQL, as PyMySQL's connect() takes them; undefined: not said. */
export interface MysqlTlsParameters {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly verifyCertificate: boolean | undefined;
  readonly verifyIdentity: boolean | undefined;
  readonly checkHostname: boolean | undefined;
}

/** An option file (`my.cnf`) and the group to read from it. */
export interface OptionFile {
  readonly path: string;
  readonly group: string;
}

/** How to reach MySQL or MariaDB; what is undefined comes from the option file, else is the driver's default. */
export interface MysqlSettings {
  readonly dialect: 'mysql';
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly socketPath: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** seconds */
  readonly connectTimeout: number | undefined;
  readonly tls: MysqlTlsParameters;
  readonly optionFile: OptionFile | undefined;
}

/** libpq's `sslmode`. */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** How to reach PostgreSQL; what is undefined is libpq's default. */
export interface PostgresqlSettings {
  readonly dialect: 'postgresql';
  /** a name or an address; a directory of sockets when it begins with `/` */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** seconds */
  readonly connectTimeout: number | undefined;
  readonly sslMode: SslMode;
  readonly sslRootCert: string | undefined;
  readonly sslCert: string | undefined;
  readonly sslKey: string | undefined;
}

/** Which SQLite file; a relative path is relative to the working directory. */
export interface SqliteSettings {
  readonly dialect: 'sqlite';
  readonly file: string;
}

/** What `[database] connection` says, in this program's terms. Holds the password: never print it. */
export type ConnectionSettings = MysqlSettings | PostgresqlSettings | SqliteSettings;
