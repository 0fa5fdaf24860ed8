// Plain JavaScript: install-servers.js runs before anything is compiled.
import { accessSync, constants, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/**
 * The program as found in `folders` or on the PATH; undefined when it is in none of them.
 *
 * @param {string} name
 * @param {readonly string[]} folders
 */
function findProgram(name, folders) {
  return [...folders, ...(process.env['PATH'] ?? '').split(path.delimiter)]
    .map((folder) => path.join(folder, name))
    .find((candidate) => isReadable(candidate));
}

/** @param {string} file */
function isReadable(file) {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian keeps PostgreSQL's programs by version, Homebrew and Red Hat on the PATH; the newest comes first. */
function postgresqlFolders() {
  const root = '/usr/lib/postgresql';
  try {
    return readdirSync(root)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => path.join(root, version, 'bin'));
  } catch {
    return [];
  }
}

/** Paths of the programs the tests run besides Node; undefined for what is missing on this machine. */
export function findServerPrograms() {
  const mariadb = ['/usr/sbin', '/usr/libexec', '/usr/local/sbin'];
  const postgresql = postgresqlFolders();
  return {
    mariadbd: findProgram('mariadbd', mariadb),
    mariadbInstallDb: findProgram('mariadb-install-db', mariadb),
    initdb: findProgram('initdb', postgresql),
    postgres: findProgram('postgres', postgresql),
    pgBaseBackup: findProgram('pg_basebackup', postgresql),
    openssl: findProgram('openssl', []),
    galera: findProgram('libgalera_smm.so', ['/usr/lib/galera', '/usr/lib64/galera-4']),
    rsync: findProgram('rsync', []),
    chromium: findProgram('chromium', []),
    systemdAnalyze: findProgram('systemd-analyze', []),
    promtool: findProgram('promtool', []),
  };
}
