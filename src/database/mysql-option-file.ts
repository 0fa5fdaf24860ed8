import type { MysqlSettings } from './connection-settings.ts';

/**
 * Fills what the URL leaves open from an option file, as PyMySQL does (pymysql/connections.py, `_config`).
 *
 * @param settings what the URL says; it wins
 * @param text the whole option file
 */
export function applyOptionFile(settings: MysqlSettings, text: string): MysqlSettings {
  const options = readGroup(text, settings.optionFile?.group ?? 'client');
  const port = options.get('port') ?? '';
  return {
    ...settings,
    user: settings.user ?? options.get('user'),
    password: settings.password ?? options.get('password'),
    host: settings.host ?? options.get('host'),
    port: settings.port ?? (/^\d{1,5}$/.test(port) ? Number(port) : undefined),
    database: settings.database ?? options.get('database'),
    socketPath: settings.socketPath ?? options.get('socket'),
    tls: {
      ...settings.tls,
      ca: settings.tls.ca ?? options.get('ssl-ca'),
      cert: settings.tls.cert ?? options.get('ssl-cert'),
      key: settings.tls.key ?? options.get('ssl-key'),
    },
  };
}

/** The options of one group. Names are given with dashes, quotes around a value are dropped, blank values too. */
function readGroup(text: string, group: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  let current: string | undefined;
  for (const line of text.split(/\r?\n/).map((raw) => raw.trim())) {
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) current = header;
    const [, name, value] = /^([^#;!=:[][^=:]*)[=:](.*)$/.exec(line) ?? [];
    if (current !== group || name === undefined || value === undefined) continue;
    const bare = value.trim().replace(/^(['"])(.*)\1$/, '$2');
    if (bare !== '') options.set(name.trim().toLowerCase().replaceAll('_', '-'), bare);
  }
  return options;
}
