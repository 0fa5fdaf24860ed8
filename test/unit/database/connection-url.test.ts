import { describe, expect, it } from 'vitest';
import { readConnectionUrl, type ConnectionUrl } from '../../../src/database/connection-url.ts';

const EMPTY: ConnectionUrl = {
  backend: 'mysql',
  driver: undefined,
  user: undefined,
  password: undefined,
  host: undefined,
  port: undefined,
  database: undefined,
  query: '',
};

describe('an SQLAlchemy URL', () => {
  it.each<[string, Partial<ConnectionUrl>]>([
    ['mysql://', {}],
    ['mysql+pymysql://h/d', { driver: 'pymysql', host: 'h', database: 'd' }],
    [
      'mysql://u:p@h:3307/d?a=b',
      { user: 'u', password: 'p', host: 'h', port: 3307, database: 'd', query: 'a=b' },
    ],
    ['mysql://u@h/d', { user: 'u', host: 'h', database: 'd' }],
    ['mysql://u:@h/d', { user: 'u', host: 'h', database: 'd' }],
    ['mysql://h', { host: 'h' }],
    ['mysql://h/', { host: 'h' }],
    ['mysql://h?a=b', { host: 'h', query: 'a=b' }],
    ['mysql:///d', { database: 'd' }],
    ['mysql://u:p@/d', { user: 'u', password: 'p', database: 'd' }],
    [
      'mysql://u:p@[::1]:3307/d',
      { user: 'u', password: 'p', host: '::1', port: 3307, database: 'd' },
    ],
    ['mysql://[fe80::1%25eth0]/d', { host: 'fe80::1%25eth0', database: 'd' }],
    [
      'mysql://u%40x:p%40%2F%3A%25@h/d',
      { user: 'u@x', password: 'p@/:%', host: 'h', database: 'd' },
    ],
    ['mysql://u:a/b:c?d#e+f@h/d', { user: 'u', password: 'a/b:c?d#e+f', host: 'h', database: 'd' }],
    ['mysql://u:100%@h/d', { user: 'u', password: '100%', host: 'h', database: 'd' }],
    ['mysql://u:%C3%A9%FF@h/d', { user: 'u', password: 'é\uFFFD', host: 'h', database: 'd' }],
    ['mysql://h/a%20b/c', { host: 'h', database: 'a%20b/c' }],
    ['sqlite:////var/lib/glance.sqlite', { backend: 'sqlite', database: '/var/lib/glance.sqlite' }],
    ['sqlite:///glance.sqlite', { backend: 'sqlite', database: 'glance.sqlite' }],
  ])('%s is taken apart', (text, parts) => {
    expect(readConnectionUrl(text)).toEqual({ kind: 'url', url: { ...EMPTY, ...parts } });
  });

  it.each([
    ['', 'is not an SQLAlchemy URL'],
    ['glance', 'is not an SQLAlchemy URL'],
    ['mysql:/u:secret@h/d', 'is not an SQLAlchemy URL'],
    ['mysql+pymysql+x://u:secret@h/d', 'is not an SQLAlchemy URL'],
    ['mysql://u:secret@[::1]x/d', 'has a port that is not a number'],
    ['mysql://u:sec@ret@h/d', 'has more than one @'],
    ['mysql://u:secret/d', 'has a port that is not a number'],
    ['mysql://u:p@h:secret/d', 'has a port that is not a number'],
    ['mysql://u:p@h:/d', 'has a port that is not a number'],
    ['mysql://u:p@h:0/d', 'has a port that is not a number'],
    ['mysql://u:p@h:65536/d', 'has a port that is not a number'],
  ])('%s is refused without being quoted', (text, problem) => {
    const reading = readConnectionUrl(text);
    if (reading.kind !== 'wrong') throw new Error('accepted');
    expect(reading.fault.problem).toContain(problem);
    expect(JSON.stringify(reading.fault)).not.toMatch(/sec|ret/);
  });
});
