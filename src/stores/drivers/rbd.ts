import type { FileText } from '../../conf/named-files.ts';
import { str, type Option } from '../../conf/options.ts';
import { quoteAll, unquote } from '../../conf/python-quote.ts';
import { readFsid } from '../ceph-conf.ts';
import { type Fit, fits, likeness, misses } from '../fit.ts';
import type { LocationUrl } from '../location-url.ts';
import { quoted, quotedFrom } from '../reason-text.ts';
import {
  type ConfiguredDriver,
  type Driver,
  type DriverSetup,
  broken,
  sampleImage,
  unknown,
  unreadOptions,
  working,
} from './driver.ts';

const pool: Option<string> = { name: 'rbd_store_pool', type: str, default: 'images' };
const user: Option<string> = { name: 'rbd_store_user', type: str };
const cephConfPath: Option<string> = { name: 'rbd_store_ceph_conf', type: str, default: '' };

/** glance_store._drivers.rbd: URLs are `rbd://<fsid>/<pool>/<image>/<snapshot>`, each part percent-quoted. */
export const rbd: Driver = {
  schemes: ['rbd'],
  options: [
    pool,
    user,
    cephConfPath,
    ...unreadOptions('rbd_store_chunk_size=8 rados_connect_timeout=-1 rbd_thin_provisioning=False'),
  ],
  takesRbdFsid: true,
  findDoubt: findOtherFsid,
  configure: configureRbd,
};

/** The cluster of a store: glance_store asks the cluster for its fsid, this program never does. */
interface Cluster {
  readonly fsid: string;
  readonly pool: string;
}

function configureRbd(setup: DriverSetup): ConfiguredDriver {
  const { rbdFsid } = setup;
  if (rbdFsid?.kind === 'unreachable') return broken(unreachable);
  const poolName = setup.conf.get(pool) ?? '';
  const fsid = rbdFsid?.fsid ?? fsidIn(cephConfOf(setup));
  if (fsid === undefined) return blindStore(poolName, explainMissingFsid(setup));
  if (poolName === '') return poollessStore;
  const cluster = { fsid, pool: poolName };
  const prefix = `rbd://${quoteAll(cluster.fsid)}/${quoteAll(cluster.pool)}/`;
  return working({
    urlPrefix: { kind: 'known', value: prefix },
    comparedTexts: [cluster.fsid, cluster.pool],
    sampleUrls: [`${prefix}${sampleImage}/snap`],
    fit: (url) => fitCluster(url, cluster),
  });
}

const unreachable = 'Glance cannot reach the cluster, as --rbd-fsid says';

/** A store whose fsid Glance can ask the cluster for. */
function blindStore(poolName: string, why: string): ConfiguredDriver {
  const quotedPool = quoteAll(poolName);
  const end = poolName === '' ? '' : `/${quotedPool}/`;
  return { ...unknown(why, [{ start: 'rbd://', end }]), comparedTexts: [quotedPool] };
}

/** Upstream falls back to the prefix of the old form of URL, with which the store takes all of them. */
const poollessStore = working({
  urlPrefix: { kind: 'known', value: 'rbd://' },
  warnings: ['rbd_store_pool is empty: no URL can be said to lie in this store; name the pool'],
  comparedTexts: [],
  sampleUrls: [],
  fit: () => misses(0, 'the store has no rbd_store_pool', 'rbd-pool'),
});

function fitCluster({ raw, rest }: LocationUrl, cluster: Cluster): Fit {
  const [fsid = '', poolName, image] = rest.split('/').map(unquote);
  if (poolName === undefined) {
    return misses(0, 'the URL is of the old form that names neither cluster nor pool');
  }
  if (fsid.toLowerCase() !== cluster.fsid) {
    return misses(0, `cluster ${quotedFrom(rest, fsid)} is not ${quoted(cluster.fsid)}`);
  }
  if (poolName !== cluster.pool) {
    const agreed = 1 + likeness(poolName, cluster.pool);
    return misses(agreed, `pool ${quotedFrom(rest, poolName)} is not ${quoted(cluster.pool)}`);
  }
  if (image === undefined || image === '') return misses(2, 'the URL names no rbd image');
  return fits(0, raw.startsWith('rbd:') ? 'percent-encoding' : 'scheme-synonym');
}

function cephConfOf({ conf, cephConf }: DriverSetup): FileText {
  return cephConf(conf.get(cephConfPath) ?? '');
}

function fsidIn(file: FileText): string | undefined {
  return file.kind === 'text' ? readFsid(file.text) : undefined;
}

/** `--rbd-fsid` goes before the file: that may be another host's. */
function findOtherFsid(setup: DriverSetup): string | undefined {
  const { conf, rbdFsid } = setup;
  const file = cephConfOf(setup);
  const found = fsidIn(file);
  if (rbdFsid?.kind !== 'fsid' || found === undefined || found === rbdFsid.fsid) return undefined;
  return (
    `store ${conf.id}: --rbd-fsid says that its cluster is ${rbdFsid.fsid}, but ${file.path} says ${found}; ` +
    'the option counts: is it the right one?'
  );
}

function explainMissingFsid(setup: DriverSetup): string {
  const file = cephConfOf(setup);
  const found =
    file.kind === 'text'
      ? `${file.path} has no valid fsid under [global]`
      : `${file.path}: ${file.why}`;
  return (
    `the cluster's fsid is not known (${found}); ask the cluster with ` +
    `"${fsidCommand(setup)}" and say it with --rbd-fsid ${setup.conf.id}=<fsid>, ` +
    `or ${setup.conf.id}=unreachable where Glance cannot ask it either`
  );
}

function fsidCommand({ conf }: DriverSetup): string {
  const file = conf.get(cephConfPath) ?? '';
  const id = conf.get(user) ?? '';
  return [
    'ceph',
    ...(file === '' ? [] : ['--conf', file]),
    ...(id === '' ? [] : ['--id', id]),
    'fsid',
  ].join(' ');
}
