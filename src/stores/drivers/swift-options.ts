import { bool, int, str, type Option } from '../../conf/options.ts';
import type { StoreConf } from '../../conf/store-conf.ts';
import { unreadOptions } from './driver.ts';

export const authAddress: Option<string> = { name: 'swift_store_auth_address', type: str };
export const user: Option<string> = { name: 'swift_store_user', type: str, secret: true };
export const key: Option<string> = { name: 'swift_store_key', type: str, secret: true };
export const credentialId: Option<string> = {
  name: 'swift_store_application_credential_id',
  type: str,
  secret: true,
};
export const credentialSecret: Option<string> = {
  name: 'swift_store_application_credential_secret',
  type: str,
  secret: true,
};
export const container: Option<string> = {
  name: 'swift_store_container',
  type: str,
  default: 'glance',
};
export const seed: Option<number> = {
  name: 'swift_store_multiple_containers_seed',
  type: int(0, 32),
  default: '0',
};
export const configFile: Option<string> = { name: 'swift_store_config_file', type: str };
export const defaultReference: Option<string> = {
  name: 'default_swift_reference',
  type: str,
  default: 'ref1',
};
export const multiTenant: Option<boolean> = {
  name: 'swift_store_multi_tenant',
  type: bool,
  default: 'false',
};
export const endpoint: Option<string> = { name: 'swift_store_endpoint', type: str };

/** All options of the driver. `swift_store_auth_version` is not read: any version has the same URLs. */
export const swiftOptions: readonly Option<unknown>[] = [
  authAddress,
  user,
  key,
  credentialId,
  credentialSecret,
  container,
  seed,
  configFile,
  defaultReference,
  multiTenant,
  endpoint,
  ...unreadOptions(`
    swift_store_auth_version=3 swift_store_project_name swift_store_project_id
    swift_store_auth_insecure=False swift_store_cacert swift_store_region
    swift_store_endpoint_type=publicURL swift_store_service_type=object-store
    swift_store_large_object_size=5120 swift_store_large_object_chunk_size=200
    swift_store_create_container_on_put=False swift_store_admin_tenants=
    swift_store_ssl_compression=True swift_store_retry_get_count=0
    swift_store_expire_soon_interval=60 swift_store_use_trusts=True swift_buffer_on_upload=False
    swift_upload_buffer_dir`),
];

/** The containers a store writes to. */
export interface Containers {
  /** `swift_store_container`, without slashes at its ends */
  readonly name: string;
  /** how many characters of the image id follow the name; 0 for one container only */
  readonly seed: number;
}

/** Reads the options that name a store's containers. */
export function readContainers(conf: StoreConf): Containers {
  const name = (conf.get(container) ?? '').replace(/^\/+|\/+$/g, '');
  return { name, seed: conf.get(seed) ?? 0 };
}
