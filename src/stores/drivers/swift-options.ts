import { bool, int, str, type Option } from '../../conf/options.ts';
import { unreadOptions } from './driver.ts';

/** The authentication service, as a URL or without a scheme. */
export const authAddress: Option<string> = { name: 'swift_store_auth_address', type: str };
/** `<project>:<user>`. */
export const user: Option<string> = { name: 'swift_store_user', type: str, secret: true };
/** The password of `swift_store_user`. */
export const key: Option<string> = { name: 'swift_store_key', type: str, secret: true };
/** An application credential, which goes before user and key. */
export const credentialId: Option<string> = {
  name: 'swift_store_application_credential_id',
  type: str,
  secret: true,
};
/** The secret of that application credential. */
export const credentialSecret: Option<string> = {
  name: 'swift_store_application_credential_secret',
  type: str,
  secret: true,
};
/** Where images are, or what the names of containers begin with. */
export const container: Option<string> = {
  name: 'swift_store_container',
  type: str,
  default: 'glance',
};
/** How many characters of the image id follow the container name; 0 for one container only. */
export const seed: Option<number> = {
  name: 'swift_store_multiple_containers_seed',
  type: int(0, 32),
  default: '0',
};
/** A file of references: accounts by name. */
export const configFile: Option<string> = { name: 'swift_store_config_file', type: str };
/** The reference that new images are written with. */
export const defaultReference: Option<string> = {
  name: 'default_swift_reference',
  type: str,
  default: 'ref1',
};
/** Whether each project has its images in an account of its own. */
export const multiTenant: Option<boolean> = {
  name: 'swift_store_multi_tenant',
  type: bool,
  default: 'false',
};
/** The storage URL of a multi-tenant store, instead of the one in the service catalog. */
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
