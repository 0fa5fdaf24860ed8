import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPlainMatcher } from '../../../src/locations/matcher.ts';
import { cephConf, configure } from '../../support/conf-stores.ts';
import { piecesOf, secretUrls } from '../../support/secret-urls.ts';

const { stores } = configure(
  `[DEFAULT]
enabled_backends = f:file, r:rbd, s:s3, sw:swift, ref:swift, mt:swift, c:cinder, v:vmware
[s]
s3_store_host = https://s3.example.com
s3_store_access_key = AK
s3_store_secret_key = key
s3_store_bucket = images
[sw]
swift_store_auth_address = https://ks:5000/v3
swift_store_user = service:glance
swift_store_key = key
[ref]
swift_store_config_file = swift.conf
[mt]
swift_store_multi_tenant = true
[v]
vmware_server_host = vc
vmware_server_username = u
vmware_server_password = p
vmware_store_image_dir = images
vmware_datastores = dc:ds
`,
  {
    files: {
      '': cephConf,
      'swift.conf': '[ref1]\nuser = t:u\nkey = k\nauth_address = https://k\n',
    },
  },
);

it.each(['corrected', 'glance'] as const)(
  'no reason shows a piece of a secret (%s)',
  (matching) => {
    const matcher = createPlainMatcher({ stores, matching, mappings: [] });
    fc.assert(
      fc.property(secretUrls, ({ url, secret }) => {
        const match = matcher(url, 'no-image');
        const reason = match.kind === 'none' ? match.reason : '';
        expect(piecesOf(secret).filter((piece) => reason.includes(piece))).toEqual([]);
      }),
      { numRuns: 20_000 },
    );
  },
);
