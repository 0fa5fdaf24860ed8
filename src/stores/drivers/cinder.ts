import { str, type Option } from '../../conf/options.ts';
import { fits, likeness, misses } from '../fit.ts';
import { quoted, quotedFrom } from '../reason-text.ts';
import {
  type ConfiguredDriver,
  type Driver,
  sampleImage,
  unreadOptions,
  working,
} from './driver.ts';

const region: Option<string> = {
  name: 'cinder_os_region_name',
  type: str,
  deprecatedNames: [{ name: 'os_region_name' }],
};

/** glance_store._drivers.cinder: URLs are `cinder://<store id>/<volume id>`; no option takes part. */
export const cinder: Driver = {
  schemes: ['cinder'],
  options: [
    region,
    ...unreadOptions(`
      cinder_catalog_info=volumev3::publicURL cinder_endpoint_template cinder_ca_certificates_file
      cinder_http_retries=3 cinder_state_transition_timeout=300 cinder_api_insecure=False
      cinder_store_auth_address cinder_store_user_name cinder_store_user_domain_name=Default
      cinder_store_password cinder_store_application_credential_id
      cinder_store_application_credential_secret cinder_store_project_name
      cinder_store_project_domain_name=Default rootwrap_config=/etc/glance/rootwrap.conf
      cinder_volume_type cinder_enforce_multipath=False cinder_use_multipath=False
      cinder_mount_point_base=/var/lib/glance/mnt cinder_do_extend_attached=False
      cinder_attachment_retry_attempts=5`),
  ],
  configure: ({ conf }) => configureCinder(conf.id),
};

function configureCinder(storeId: string): ConfiguredDriver {
  return working({
    urlPrefix: { kind: 'known', value: `cinder://${storeId}` },
    comparedTexts: [storeId],
    sampleUrls: [`cinder://${storeId}/${sampleImage}`],
    fit: ({ rest }) => {
      const [first = '', ...others] = rest.split('/');
      if (first === '') return misses(0, 'the URL names neither store nor volume');
      if (others.every((part) => part === '')) return misses(0, namesVolumeOnly);
      if (first === storeId) return fits(0, 'scheme-synonym');
      const alike = likeness(first, storeId);
      return misses(
        alike,
        `the URL names store ${quotedFrom(rest, first)}, not ${quoted(storeId)}`,
      );
    },
  });
}

/** Glance asks Cinder for the volume's type, and rewrites the URL. */
const namesVolumeOnly =
  'the URL is from before there were several stores and names a volume only; ' +
  'say with --map-file in which store the volume is';
