import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactUrl } from '../../../src/report/redaction.ts';
import { urlShape } from '../../../src/report/url-shape.ts';
import { piecesOf, secretUrls } from '../../support/secret-urls.ts';

describe('redaction', () => {
  it.each([
    ['file:///images/a', 'file:///images/a'],
    ['rbd://f/p/i/snap', 'rbd://f/p/i/snap'],
    ['swift+https://t%3Au:key@ks/v3/c/i', 'swift+https://***@ks/v3/c/i'],
    ['s3+https://AK:se/cr@et+x=@s3.example.com/b/i', 's3+https://***@s3.example.com/b/i'],
    ['s3://AK:a?b=c@s3/b/i', 's3://***'],
    ['https://mirror/i?token=s3cr3t', 'https://mirror/i?token=***'],
    ['https://mirror/i?s3cr3t', 'https://mirror/i?***'],
    ['https://mirror/i?a=1&b=2;c=3', 'https://mirror/i?a=***&b=***;c=***'],
    ['https://mirror/i?user=a@b.c', 'https://***'],
    ['https://mirror/i#s3cr3t', 'https://mirror/i#***'],
    ['https://mirror/i?dcPath=x#dsName=s3cr3t', 'https://mirror/i?dcPath=x#dsName=***'],
    ['vsphere://h/folder/i?dcPath=dc1&dsName=ds1', 'vsphere://h/folder/i?dcPath=dc1&dsName=ds1'],
    ['vsphere://h/folder/i?dsName=ds1&t=s3cr3t', 'vsphere://h/folder/i?dsName=ds1&t=***'],
    ['user:s3cr3t@host/x', '***@host/x'],
    ['AK:s3c://r3t@host/x', '***@host/x'],
    ['http', 'http'],
    ['rbd://', 'rbd://'],
    ['', '***'],
    ['AK:s3cr3t', '***'],
    ['s3cr3t', '***'],
    ['s3:AK:s3cr3t/b/i', '***'],
    ['s3://AK:s3cr3t/b/i', 's3://***'],
    ['s3://AK%3As3cr3t/b/i', 's3://***'],
    ['s3://AK:s3c@r3t:x/b/i', 's3://***'],
    ['s3://AK:s3cr3t%40h/b/i', 's3://***%40h/b/i'],
    ['s3://AK:s3cr3t%2540h/b/i', 's3://***%2540h/b/i'],
    ['https://mirror/i?user=a@b&token=s3cr3t', 'https://***'],
    ['https://mirror/i?s3cr3t==', 'https://mirror/i?***'],
    ['https://mirror/i?s3cr3t=x', 'https://mirror/i?***'],
    ['https://mirror/i%3Ftoken%3Ds3cr3t', 'https://mirror/i***'],
    ['https://mirror:8443/i', 'https://mirror:8443/i'],
    ['https://[2001:db8::1]:8443/i', 'https://[2001:db8::1]:8443/i'],
    ['https://u:p@[2001:db8::1]/i', 'https://***@[2001:db8::1]/i'],
    ['swift+https://t%3Au:s3%40cr3t%3F@ks:5000/v3/c/i', 'swift+https://***@ks:5000/v3/c/i'],
  ])('%s is shown as %s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});

it('shows no piece of a secret, wherever in a URL it stands and whatever it holds', () => {
  fc.assert(
    fc.property(secretUrls, ({ url, secret }) => {
      const shown = redactUrl(url) + urlShape(url, 'no-image');
      expect(piecesOf(secret).filter((piece) => shown.includes(piece))).toEqual([]);
    }),
    { numRuns: 20_000 },
  );
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
