import { describe, expect, it } from 'vitest';
import { ConfError } from '../../../../src/conf/mistake.ts';
import { configure, imageId, inWords, matcherOf } from '../../../support/conf-stores.ts';

const login = 'vmware_server_username = u\nvmware_server_password = p\n';

function prefixOf(options: string): unknown {
  const text = `[DEFAULT]\nenabled_backends = vm:vmware\n[vm]\n${login}${options}`;
  return configure(text).stores[0]?.urlPrefix;
}

describe('the prefix of a vmware store', () => {
  const datastore = 'vmware_datastores = dc1:ds1:100\n';

  it.each([
    ['vmware_server_host = vc\n', 'vsphere://vc/openstack_glance'],
    ['vmware_server_host = vc\nvmware_store_image_dir = img\n', 'vsphere://vc/folder/img'],
    ['vmware_server_host = vc\nvmware_store_image_dir = /img/\n', 'vsphere://vc/img/'],
    ['vmware_server_host = vc\nvmware_store_image_dir =\n', 'vsphere://vc/folder/'],
    ['vmware_server_host = 2001:db8::1\n', 'vsphere://[2001:db8::1]/openstack_glance'],
  ])('with %j is %s', (options, value) => {
    expect(prefixOf(options + datastore)).toEqual({ kind: 'known', value });
  });

  it.each([
    '',
    'vmware_datastores = dc1\n',
    'vmware_datastores = dc1:ds1:much\n',
    'vmware_datastores = :ds1\n',
  ])('is none with %j', (options) => {
    expect(prefixOf(`vmware_server_host = vc\n${options}`)).toMatchObject({
      kind: 'none',
      why: expect.stringContaining('vmware_datastores') as string,
    });
  });
});

it('a vmware store without host, user or password keeps Glance from starting', () => {
  const refused = () => configure('[DEFAULT]\nenabled_backends = vm:vmware\n[vm]\n');
  expect(refused).toThrow(ConfError);
  expect(refused).toThrow(
    '[vm] vmware_server_host: a vmware store does not start without it; set it\n' +
      '[vm] vmware_server_username: a vmware store does not start without it; set it\n' +
      '[vm] vmware_server_password: a vmware store does not start without it; set it',
  );
});

it.each(['vc:443', '[2001:db8::1]', '999.1.1.1'])('a host of %s is told once', (host) => {
  const text = `[DEFAULT]\nenabled_backends = vm:vmware\n[vm]\n${login}vmware_server_host = ${host}\n`;
  expect(() => configure(text)).toThrow(/^glance-api\.conf:6: \[vm\] vmware_server_host: [^\n]*$/);
});

describe('which URLs are a vmware store’s', () => {
  const matcher = matcherOf(`[DEFAULT]
enabled_backends = vm:vmware, sub:vmware, six:vmware
[vm]
${login}vmware_server_host = vc
vmware_store_image_dir = img
vmware_datastores = dc1:ds1:100
vmware_datastores = a:b/dc 2:ds 2:1
[sub]
${login}vmware_server_host = vc
vmware_store_image_dir = img
vmware_datastores = dc1:ds3
[six]
${login}vmware_server_host = 2001:db8::1
vmware_datastores = dc1:ds1
`);

  it.each([
    ['vsphere://vc/folder/img/ID?dsName=ds1&dcPath=dc1', 'vm'],
    ['vsphere://vc/folder/img/ID?dcPath=dc1&dsName=ds1#x', 'vm'],
    ['vsphere://vc/folder/img/ID?dsName=ds+2&dcPath=a%3Ab%2Fdc+2', 'vm'],
    ['vsphere://vc/folder/img/ID?dsName=ds3&dcPath=dc1', 'sub'],
    ['vsphere://[2001:db8::1]/folder/openstack_glance/ID?dsName=ds1&dcPath=dc1', 'six'],
    [
      'vsphere://vc/folder/img/ID?dsName=ds9&dcPath=dc1',
      'none: datastore "ds9" of datacenter "dc1" is not in vmware_datastores',
    ],
    [
      'vsphere://vc/folder/img/ID?dsName=ds1&dcPath=dc9',
      'none: datastore "ds1" of datacenter "dc9" is not in vmware_datastores',
    ],
    [
      'vsphere://vc/folder/img/ID?dsName=ds1',
      'none: the URL does not name both datacenter and datastore',
    ],
    ['vsphere://vc/folder/img/ID', 'none: the URL does not name both datacenter and datastore'],
    [
      'vsphere://vc/folder/img2/ID?dsName=ds1&dcPath=dc1',
      'none: the path is not below "/folder/img"',
    ],
    ['vsphere://vc/img/ID?dsName=ds1&dcPath=dc1', 'none: the path is not below "/folder/img"'],
    ['vsphere://vc/folder/img/../ID?dsName=ds1&dcPath=dc1', 'none: the path holds "." or ".."'],
    ['vsphere://vc2/folder/img/ID?dsName=ds1&dcPath=dc1', 'none: host "vc2" is not "vc"'],
    ['vsphere://vc:443/folder/img/ID?dsName=ds1&dcPath=dc1', 'none: host "vc:443" is not "vc"'],
    [
      'vsphere://u:secret/img/ID',
      'none: vm, sub: the host is not "vc"; six: the host is not "[2001:db8::1]"',
    ],
  ])('%s lies in %s', (url, expected) => {
    expect(inWords(matcher(url.replace('ID', imageId), imageId))).toBe(expected);
  });

  it('are below /folder also where Glance drops it, which is told', () => {
    const url = `vsphere://[2001:db8::1]/folder/openstack_glance/${imageId}?dsName=ds1&dcPath=dc1`;
    expect(matcher(url, imageId)).toMatchObject({
      deviation: { rule: 'vmware-folder', glanceStore: null, store: 'six' },
    });
  });
});
