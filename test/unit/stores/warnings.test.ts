import { expect, it } from 'vitest';
import { cephConf, configure } from '../../support/conf-stores.ts';

const files = {
  '': cephConf,
  'swift.conf': '[ref1]\nuser = t:u\nkey = k\nauth_address = https://ks\n',
};
const s3 = 's3_store_access_key = a\ns3_store_secret_key = s\ns3_store_bucket = b\n';
const swift =
  'swift_store_auth_address = https://ks\nswift_store_user = t:u\nswift_store_key = k\n';
const vmware =
  'vmware_server_host = h\nvmware_server_username = u\nvmware_server_password = p\nvmware_datastores = dc:ds\n';
const several =
  'filesystem_store_datadir =\nfilesystem_store_datadirs = /a:1\nfilesystem_store_datadirs = /b:2\n';

function warningsOf(type: string, options: string): readonly string[] | undefined {
  const text = `[DEFAULT]\nenabled_backends = x:${type}\n[x]\n${options}`;
  return configure(text, { files }).stores[0]?.warnings;
}

it.each([
  ['file', several, 'best directory of filesystem_store_datadirs'],
  ['rbd', 'rbd_store_pool =\n', 'rbd_store_pool is empty'],
  ['swift', `${swift}swift_store_multiple_containers_seed = 1\n`, 'multiple_containers_seed makes'],
  [
    'swift',
    'swift_store_config_file = swift.conf\nswift_store_multiple_containers_seed = 1\n',
    'multiple_containers_seed makes',
  ],
  ['s3', `${s3}s3_store_host = https://h/\n`, 's3_store_host ends with a slash'],
  ['vmware', vmware, 'vmware_store_image_dir begins with a slash'],
])('a %s store with %j works here, but the operator is told: %s', (type, options, words) => {
  expect(warningsOf(type, options)).toEqual([expect.stringContaining(words)]);
});

it.each([
  ['file', ''],
  ['http', ''],
  ['cinder', ''],
  ['rbd', ''],
  ['swift', swift],
  ['swift', 'swift_store_config_file = swift.conf\n'],
  ['s3', `${s3}s3_store_host = https://h\n`],
  ['vmware', `${vmware}vmware_store_image_dir = img\n`],
])('of a %s store with %j there is nothing to tell', (type, options) => {
  expect(warningsOf(type, options)).toEqual([]);
});
