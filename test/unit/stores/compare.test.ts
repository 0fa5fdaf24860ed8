import { describe, expect, it } from 'vitest';
import { reportDifference } from '../../../src/report/comparison-report.ts';
import { redactUrl } from '../../../src/report/redaction.ts';
import { compareStores } from '../../../src/stores/compare.ts';
import { cephConf, configure } from '../../support/conf-stores.ts';

const s3 = 's3_store_host = https://h\ns3_store_bucket = b\ns3_store_access_key = ';
const here = `[DEFAULT]
enabled_backends = disk:file, ceph:rbd, offsite:s3
[disk]
filesystem_store_datadir = /images
[offsite]
${s3}A1
s3_store_secret_key = old/se+cret
`;

const storesOf = (text: string) => configure(text, { files: { '': cephConf } });

/** What is reported of another configuration, without and with secrets. */
function differences(there: string, show: (prefix: string) => string = redactUrl): unknown {
  return compareStores(storesOf(here), storesOf(there)).map((one) => reportDifference(one, show));
}

describe('two configurations', () => {
  it('are the same when they are, whatever else differs', () => {
    expect(differences(here)).toEqual([]);
    expect(
      differences(`${here}s3_store_object_buffer_dir = /tmp\n[DEFAULT]\nworkers = 7\n`),
    ).toEqual([]);
  });

  it('differ in the stores that they enable', () => {
    expect(differences(here.replace('ceph:rbd, offsite:s3', 'offsite:s3, volumes:cinder'))).toEqual(
      [
        {
          ...{ store: 'ceph', what: 'missing-there', there: null },
          here: 'rbd://11111111-2222-3333-4444-555555555555/images/',
        },
        { store: 'volumes', what: 'missing-here', here: null, there: 'cinder://volumes' },
      ],
    );
  });

  it('differ in their order', () => {
    expect(differences(here.replace('disk:file, ceph:rbd', 'ceph:rbd, disk:file'))).toEqual([
      {
        ...{ store: null, what: 'order' },
        here: 'disk, ceph, offsite',
        there: 'ceph, disk, offsite',
      },
    ]);
  });

  it('differ in a driver, and then not in the prefix as well', () => {
    expect(differences(here.replace('disk:file', 'disk:http'))).toEqual([
      { store: 'disk', what: 'type', here: 'file', there: 'http' },
    ]);
  });

  it('differ in a prefix', () => {
    expect(differences(here.replace('/images', '/var/images'))).toEqual([
      { store: 'disk', what: 'prefix', here: 'file:///images', there: 'file:///var/images' },
    ]);
  });

  it('differ in a store that only one of them has in order', () => {
    expect(differences(here.replace('s3_store_bucket = b', ''))).toEqual([
      {
        ...{ store: 'offsite', what: 'prefix', here: 's3+https://***@h/b' },
        there: expect.stringMatching(/^no prefix: .*s3_store_bucket/) as unknown,
      },
    ]);
  });

  it('differ in a secret, which is shown only when asked for', () => {
    const there = here.replace('old/se+cret', 'new/se+cret');
    const prefix = 's3+https://***@h/b';
    expect(differences(there)).toEqual([
      { store: 'offsite', what: 'credentials', here: prefix, there: prefix },
    ]);
    expect(JSON.stringify(differences(there))).not.toContain('cret');
    expect(differences(there, (text) => text)).toMatchObject([
      {
        ...{ what: 'credentials', here: expect.stringContaining('old/se') as unknown },
        there: expect.stringContaining('new/se') as unknown,
      },
    ]);
  });

  it('differ in places that the prefix does not tell', () => {
    const many = (second: string): string =>
      here.replace(
        'filesystem_store_datadir = /images',
        `filesystem_store_datadir =\nfilesystem_store_datadirs = /images:9\nfilesystem_store_datadirs = ${second}:1`,
      );
    expect(
      compareStores(storesOf(many('/b')), storesOf(many('/c'))).map((one) =>
        reportDifference(one, redactUrl),
      ),
    ).toEqual([{ store: 'disk', what: 'places', here: null, there: null }]);
  });
});
