import type { Mistake } from '../../conf/mistake.ts';
import type { FileText } from '../../conf/named-files.ts';
import { int, str, type Option } from '../../conf/options.ts';
import type { StoreConf } from '../../conf/store-conf.ts';
import { misses, outOfOrder } from '../fit.ts';
import type { PrefixForm, Store } from '../store.ts';

/** What the operator says of a store's cluster: its fsid, or that Glance cannot reach it either. */
export type RbdFsid =
  { readonly kind: 'fsid'; readonly fsid: string } | { readonly kind: 'unreachable' };

/** What a driver may look at. Drivers get texts, never paths to open. */
export interface DriverSetup {
  readonly conf: StoreConf;
  /** the text of the store's `rbd_store_ceph_conf`, or of what librados finds without it */
  readonly cephConf: (value: string) => FileText;
  /** as `--rbd-fsid` says; undefined when it does not */
  readonly rbdFsid: RbdFsid | undefined;
  /** the Swift reference files of the stores configured before this one, and its own last */
  readonly swiftFiles: readonly FileText[];
}

/** Stands for the image in `sampleUrls`. */
export const sampleImage = '5a3f1e00-0000-4000-8000-00000000c0de';

/**
 * What a driver makes of one store's options. `mistakes` would keep glance-api from starting.
 * `sampleUrls`: a URL of `sampleImage` for each place the store may have it in; it may hold secrets.
 */
export interface ConfiguredDriver extends Pick<
  Store,
  'urlPrefix' | 'isBroken' | 'warnings' | 'dependsOnImage' | 'comparedTexts' | 'fit'
> {
  readonly mistakes: readonly Mistake[];
  readonly sampleUrls: readonly string[];
}

/** A storage driver's twin: it knows which URLs are its store's, and nothing of the storage. */
export interface Driver {
  /** as the driver registers them (`get_schemes`) */
  readonly schemes: readonly string[];
  /** all options of the driver: values may refer to any of them */
  readonly options: readonly Option<unknown>[];
  /** whether `--rbd-fsid` may name a store of this driver */
  readonly takesRbdFsid?: boolean;
  /** the value of the option that names the store's Swift reference file; undefined when it reads none */
  findReferenceFile?(conf: StoreConf): string | undefined;
  /** where the credentials in the store's URLs end: its host, as `configure` wants it; undefined when there is none */
  findHost?(setup: DriverSetup): string | undefined;
  /** What the operator should hear of before a run, although the store works; undefined when there is nothing. */
  findDoubt?(setup: DriverSetup): string | undefined;
  /** @param hosts those of all enabled stores of this driver */
  configure(setup: DriverSetup, hosts: readonly string[]): ConfiguredDriver;
}

/** glance_store.driver: options of every store of a cloud that has several. */
export const commonOptions: readonly Option<unknown>[] = [
  { name: 'store_description', type: str },
  { name: 'weight', type: int(), default: '0' },
];

/** A store in order. What is not given is empty. */
export function working(
  parts: Pick<ConfiguredDriver, 'urlPrefix' | 'fit' | 'comparedTexts' | 'sampleUrls'> &
    Partial<ConfiguredDriver>,
): ConfiguredDriver {
  return { isBroken: false, warnings: [], mistakes: [], dependsOnImage: false, ...parts };
}

/** A store that Glance has no prefix for, and that matches nothing. `why` is told as its error. */
export function broken(why: string, mistakes: readonly Mistake[] = []): ConfiguredDriver {
  return {
    urlPrefix: { kind: 'none', why },
    isBroken: true,
    warnings: [],
    mistakes,
    dependsOnImage: false,
    comparedTexts: [],
    sampleUrls: [],
    fit: () => misses(-1, `${outOfOrder}: ${why}`),
  };
}

/** A store that Glance may have in order, but of which too little is known here: it matches nothing. */
export function unknown(
  why: string,
  mayBe: readonly PrefixForm[],
  mistakes: readonly Mistake[] = [],
): ConfiguredDriver {
  return { ...broken(why, mistakes), urlPrefix: { kind: 'unknown', why, mayBe } };
}

/** Options that only references from other values can need, as `name` or `name=default`. */
export function unreadOptions(declarations: string): Option<unknown>[] {
  return declarations.trim().split(/\s+/).map(declareUnread);
}

function declareUnread(declaration: string): Option<string> {
  const [name = '', value] = declaration.split('=');
  return { name, type: str, ...(value === undefined ? {} : { default: value }) };
}
