import { describe, expect, it } from 'vitest';
import { cephConfPaths, fixPath, type Surroundings } from '../../../src/conf/search-paths.ts';

const surroundings: Surroundings = {
  environment: {},
  homeDirectory: '/home/me',
  workingDirectory: '/here',
};

describe('a path', () => {
  it.each([
    ['~', '/home/me'],
    ['~/glance-api.conf', '/home/me/glance-api.conf'],
    ['~me/x', '/here/~me/x'],
    ['etc/../x', '/here/x'],
    ['/x', '/x'],
  ])('%s is %s in full', (path, full) => {
    expect(fixPath(path, surroundings)).toBe(full);
  });
});

describe('the places of a ceph.conf', () => {
  it.each([
    ['/a.conf', {}, ['/a.conf']],
    ['/a.conf, b.conf;/c.conf', {}, ['/a.conf', '/here/b.conf', '/c.conf']],
    ['', { CEPH_CONF: '/e.conf' }, ['/e.conf']],
    ['', {}, ['/etc/ceph/ceph.conf', '/home/me/.ceph/ceph.conf', '/here/ceph.conf']],
    ['', { CEPH_CONF: '' }, ['/etc/ceph/ceph.conf', '/home/me/.ceph/ceph.conf', '/here/ceph.conf']],
  ])('for %j and %j are %j', (value, environment, paths) => {
    expect(cephConfPaths(value, { ...surroundings, environment })).toEqual(paths);
  });
});
