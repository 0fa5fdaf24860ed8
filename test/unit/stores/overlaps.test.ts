import { describe, expect, it } from 'vitest';
import { cephConf, configure } from '../../support/conf-stores.ts';

function overlapsOf(text: string): unknown {
  return configure(`[DEFAULT]\n${text}`, { files: { '': cephConf } }).overlaps;
}

const s3 = 's3_store_host = https://h\ns3_store_secret_key = s\ns3_store_access_key = ';

describe('stores that overlap', () => {
  it('are those in one place', () => {
    expect(overlapsOf('enabled_backends = a:rbd, b:rbd, c:http\n')).toEqual([
      {
        stores: ['a', 'b'],
        kind: 'same-place',
        prefix: 'rbd://11111111-2222-3333-4444-555555555555/images/',
        why: 'the same place; Glance takes a, the corrected rule none',
      },
    ]);
  });

  it('are those of which one lies in the other', () => {
    expect(
      overlapsOf(`enabled_backends = outer:file, inner:file
[outer]\nfilesystem_store_datadir = /srv\n[inner]\nfilesystem_store_datadir = /srv/inner\n`),
    ).toEqual([
      {
        stores: ['outer', 'inner'],
        kind: 'within',
        prefix: 'file:///srv/inner/',
        why: 'the place of inner is within the other; Glance takes outer, the corrected rule inner',
      },
    ]);
  });

  it('are those of which Glance takes one for the other', () => {
    expect(overlapsOf('enabled_backends = s1:cinder, s10:cinder\n')).toEqual([
      {
        stores: ['s1', 's10'],
        kind: 'prefix-only',
        prefix: 'cinder://s10/',
        why: 'another place, though the prefix fits; Glance takes s1, the corrected rule s10',
      },
    ]);
  });

  it('are not those that come in an order in which Glance tells them apart', () => {
    expect(overlapsOf('enabled_backends = s10:cinder, s1:cinder\n')).toEqual([]);
  });

  it('are two http stores', () => {
    expect(overlapsOf('enabled_backends = a:http, b:http\n')).toMatchObject([
      { stores: ['a', 'b'], prefix: 'http://' },
    ]);
  });

  it('are file stores that share one of several directories', () => {
    expect(
      overlapsOf(`enabled_backends = many:file, one:file
[many]\nfilesystem_store_datadir =\nfilesystem_store_datadirs = /a:1\nfilesystem_store_datadirs = /b:2
[one]\nfilesystem_store_datadir = /a\n`),
    ).toEqual([
      {
        stores: ['many', 'one'],
        kind: 'same-place',
        prefix: 'file:///a/',
        why: 'the same place; Glance takes one, the corrected rule none',
      },
    ]);
  });

  it('are s3 stores on one bucket, whose credentials tell URLs apart', () => {
    expect(
      overlapsOf(`enabled_backends = a:s3, b:s3
[a]\n${s3}A1\ns3_store_bucket = x\n[b]\n${s3}A2\ns3_store_bucket = x\n`),
    ).toMatchObject([
      {
        prefix: 's3+https://h/x/',
        why: 'the same place; Glance takes none, the corrected rule none',
      },
      {
        prefix: 's3+https://A1:s@h/x/',
        why: expect.stringMatching(/the corrected rule a$/) as string,
      },
      {
        prefix: 's3+https://A2:s@h/x/',
        why: expect.stringMatching(/the corrected rule b$/) as string,
      },
    ]);
  });

  it('are not stores without an overlap, of which one does not know its own user', () => {
    const text = `[DEFAULT]\nenabled_backends = a:swift, b:swift
[a]\nswift_store_config_file = swift.conf
[b]\nswift_store_auth_address = https://other\nswift_store_user = t:u\nswift_store_key = k\n`;
    const reference = `[ref1]\nauth_address = https://ks
application_credential_id = i\napplication_credential_secret = s\n`;
    expect(configure(text, { files: { 'swift.conf': reference } }).overlaps).toEqual([]);
  });

  it('are multi-tenant swift stores whose endpoint may be the same', () => {
    const multiTenant = 'swift_store_multi_tenant = true\n';
    expect(
      overlapsOf(`enabled_backends = a:swift, b:swift\n[a]\n${multiTenant}[b]\n${multiTenant}`),
    ).toMatchObject([{ stores: ['a', 'b'], prefix: 'swift+https://<endpoint>/glance_' }]);
  });
});
