import { describe, expect, it } from 'vitest';
import { redactUrl } from '../../../src/report/redaction.ts';
import { urlShape } from '../../../src/report/url-shape.ts';

describe('redaction', () => {
  it.each([
    ['file:///images/a', 'file:///images/a'],
    ['rbd://f/p/i/snap', 'rbd://f/p/i/snap'],
    ['swift+https://t%3Au:key@ks/v3/c/i', 'swift+https://***@ks/v3/c/i'],
    ['s3+https://AK:se/cr@et+x=@s3.example.com/b/i', 's3+https://***@s3.example.com/b/i'],
    ['s3://AK:a?b=c@s3/b/i', 's3://***@s3/b/i'],
    ['https://mirror/i?token=s3cr3t', 'https://mirror/i?token=***'],
    ['https://mirror/i?s3cr3t', 'https://mirror/i?***'],
    ['https://mirror/i?a=1&b=2;c=3', 'https://mirror/i?a=***&b=***;c=***'],
    ['https://mirror/i?user=a@b.c', 'https://***@b.c'],
    ['https://mirror/i#s3cr3t', 'https://mirror/i#***'],
    ['https://mirror/i?dcPath=x#dsName=s3cr3t', 'https://mirror/i?dcPath=x#dsName=***'],
    ['vsphere://h/folder/i?dcPath=dc1&dsName=ds1', 'vsphere://h/folder/i?dcPath=dc1&dsName=ds1'],
    ['vsphere://h/folder/i?dsName=ds1&t=s3cr3t', 'vsphere://h/folder/i?dsName=ds1&t=***'],
    ['user:s3cr3t@host/x', '***@host/x'],
    ['AK:s3c://r3t@host/x', '***@host/x'],
    ['', ''],
  ])('%s is shown as %s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});

describe('the shape of a URL', () => {
  const id = '1d000000-0000-4000-8000-000000000001';
  const fsid = '11111111-2222-3333-4444-555555555555';

  it.each([
    [`rbd://${fsid}/old-images/${id}/snap`, 'rbd://<fsid>/old-images/<id>/snap'],
    [`file:///srv/old/${id}`, 'file:///srv/old/<id>'],
    [`cinder://${fsid}`, 'cinder://<uuid>'],
    [`s3://AK:SK@h/b/${id}`, 's3://***@h/b/<id>'],
    [`https://m/${id}?sig=${id}`, 'https://m/<id>?sig=***'],
  ])('of %s is %s', (url, shape) => {
    expect(urlShape(url, id)).toBe(shape);
  });
});
