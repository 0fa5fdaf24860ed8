import type { GlanceDatabase } from '../test/support/servers-database.ts';

/** What the rows of a bed are, and the configuration they go with. */
export interface Cloud {
  /** glance-api.conf */
  readonly conf: (connection: string, cephConf: string) => string;
  /** text of the ceph.conf beside it */
  readonly cephConf: string;
  /** the rows, as `selectRows` gives them */
  readonly selectRows: (numbers: string) => string;
  /** what SQL cannot do to `bench_rows` */
  readonly finish?: (run: GlanceDatabase['run']) => Promise<void>;
}

/** A store of the benchmark's cloud: where an image of it lies is `prefix`, the image's id, `suffix`. */
export interface BenchStore {
  readonly id: string;
  readonly prefix: string;
  readonly suffix: string;
}

const fsid = 'b3d1f0a2-5c64-4e0f-9d0e-6a7f1c2d3e4f';

export const benchStores: readonly BenchStore[] = [
  { id: 'ceph', prefix: `rbd://${fsid}/images/`, suffix: '/snap' },
  { id: 'local', prefix: 'file:///var/lib/glance/images/', suffix: '' },
  { id: 'offsite', prefix: 's3+https://AKEY:skey@s3.example.com/glance-images/', suffix: '' },
  {
    id: 'objects',
    prefix: 'swift+https://service%3Aglance:skey@keystone.example.com:5000/v3/glance/',
    suffix: '',
  },
];

/** The glance-api.conf of that cloud; the ceph.conf beside it is `benchCephConf`. */
export function benchConf(connection: string, cephConf: string): string {
  return `[DEFAULT]
enabled_backends = ceph:rbd, local:file, offsite:s3, objects:swift
[glance_store]
default_backend = ceph
[database]
connection = ${connection.replaceAll('$', '$$$$')}
[ceph]
rbd_store_ceph_conf = ${cephConf}
rbd_store_pool = images
[local]
filesystem_store_datadir = /var/lib/glance/images
[offsite]
s3_store_host = https://s3.example.com
s3_store_access_key = AKEY
s3_store_secret_key = skey
s3_store_bucket = glance-images
[objects]
swift_store_auth_address = https://keystone.example.com:5000/v3
swift_store_auth_version = 3
swift_store_user = service:glance
swift_store_key = skey
swift_store_container = glance
`;
}

export const benchCephConf = `[global]\nfsid = ${fsid}\n`;

/** Where the unmatched rows lie: a pool of the past. */
const formerPool = { prefix: `rbd://${fsid}/former/`, suffix: '/snap' };

const hash = `md5(concat('image', n))`;
/** A UUID of row `n`. */
export const uuid = `concat(${[
  `substr(${hash}, 1, 8), '-', substr(${hash}, 9, 4), '-4', substr(${hash}, 14, 3)`,
  `'-a', substr(${hash}, 18, 3), '-', substr(${hash}, 21, 12)`,
].join(', ')})`;

/** Which store: all four come in every run of four rows, and with every kind of row. */
const place = '(n + (n - n % 100) / 100) % 4';
const perStore = (text: (store: BenchStore) => string) =>
  `CASE ${place} ${benchStores.map((store, at) => `WHEN ${at} THEN ${text(store)}`).join(' ')} END`;
const urlIn = ({ prefix, suffix }: { readonly prefix: string; readonly suffix: string }) =>
  `concat('${prefix}', ${uuid}, '${suffix}')`;

/** Of a hundred rows one is right, one is unmatched, three have other keys, one of those with a value of its own. */
const url = `CASE n % 100 WHEN 1 THEN ${urlIn(formerPool)} ELSE ${perStore(urlIn)} END`;
const labelled = (others: string) =>
  perStore(({ id }) => `concat('{', ${others}, '"store": "${id}"}')`);
const otherKeys = `CASE n % 100 WHEN 4 THEN concat('"etag": "', ${hash}, '"') ELSE '"tier": "gold"' END`;
const isMixed = 'n % 100 IN (2, 3, 4)';
const before = `CASE WHEN n % 100 = 0 THEN ${labelled(`''`)}
  WHEN ${isMixed} THEN concat('{', ${otherKeys}, '}') ELSE '{}' END`;
const after = `CASE WHEN n % 100 = 1 THEN '{}'
  WHEN ${isMixed} THEN ${labelled(`${otherKeys}, ', '`)} ELSE ${labelled(`''`)} END`;

/**
 * The rows of the benchmark, as MariaDB and PostgreSQL both take it: `id`, `image_id`, `value`, `meta_data` and, besides
 * Glance's, `expected`, the `meta_data` that the row has to have at last.
 *
 * @param numbers a table of one column `n`, 1 and up
 */
export function selectRows(numbers: string): string {
  return `SELECT n AS id, ${uuid} AS image_id, ${url} AS value, ${before} AS meta_data, ${after} AS expected FROM ${numbers}`;
}

/** The benchmark's usual cloud. */
export const benchCloud: Cloud = { conf: benchConf, cephConf: benchCephConf, selectRows };

/** How many rows there are of each outcome. */
export interface RowCounts {
  readonly examined: number;
  readonly current: number;
  readonly assigned: number;
  readonly unmatched: number;
}

/** What a first run on so many rows has to report. */
export function countRows(rows: number): RowCounts {
  const current = Math.floor(rows / 100);
  const unmatched = Math.floor((rows + 99) / 100);
  return { examined: rows, current, assigned: rows - current - unmatched, unmatched };
}

/** What a second run has to report. */
export function countRowsAfter(rows: number): RowCounts {
  const { examined, current, assigned, unmatched } = countRows(rows);
  return { examined, current: current + assigned, assigned: 0, unmatched };
}
