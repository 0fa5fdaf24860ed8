import { describe, expect, it } from 'vitest';
import type { MysqlSettings } from '../../../src/database/connection-settings.ts';
import { applyOptionFile } from '../../../src/database/mysql-option-file.ts';

const OPEN: MysqlSettings = {
  dialect: 'mysql',
  host: undefined,
  port: undefined,
  socketPath: undefined,
  user: undefined,
  password: undefined,
  database: 'glance',
  connectTimeout: undefined,
  tls: {
    ca: undefined,
    cert: undefined,
    key: undefined,
    verifyCertificate: undefined,
    verifyIdentity: undefined,
    checkHostname: undefined,
  },
  optionFile: { path: '/etc/my.cnf', group: 'client' },
};

const FILE = `
!includedir /etc/mysql/conf.d/
[mysqld]
user = mysql
port = 1

[client]
# comment = yes
; password = no
user = glance
password = "p # = ; x'"
Host: db1
port = 3307
socket='/run/mysqld.sock'
ssl_ca = /etc/ca.pem
ssl-cert=/etc/cert.pem
ssl-key =/etc/key.pem
ssl-cipher =
skip-ssl

[glance]
user = other
`;

describe('a MySQL option file', () => {
  it('fills what the URL leaves open', () => {
    expect(applyOptionFile(OPEN, FILE)).toMatchObject({
      user: 'glance',
      password: `p # = ; x'`,
      host: 'db1',
      port: 3307,
      socketPath: '/run/mysqld.sock',
      database: 'glance',
      tls: { ca: '/etc/ca.pem', cert: '/etc/cert.pem', key: '/etc/key.pem' },
    });
  });

  it('never beats the URL', () => {
    const settings = { ...OPEN, user: 'u', password: 'p', host: 'h', port: 1, socketPath: 's' };
    expect(applyOptionFile(settings, FILE)).toMatchObject({
      ...{ user: 'u', password: 'p', host: 'h', port: 1, socketPath: 's' },
    });
  });

  it('is read in the group asked for, and in no other', () => {
    const settings = { ...OPEN, optionFile: { path: '/etc/my.cnf', group: 'glance' } };
    expect(applyOptionFile(settings, FILE)).toMatchObject({ user: 'other', password: undefined });
  });

  it.each(['', '[client]', '[client\nuser = x', 'user = x', '[client]\nport = many'])(
    'changes nothing when it says nothing: %j',
    (text) => {
      expect(applyOptionFile(OPEN, text)).toEqual(OPEN);
    },
  );

  it('takes the last of several values, and Windows line ends', () => {
    const file = '[client]\r\nuser = a\r\nuser = b\r\n';
    expect(applyOptionFile(OPEN, file)).toMatchObject({ user: 'b' });
  });
});
