/**
 * Why the corrected rule answers otherwise than Glance's own comparison of prefixes, and what it does instead. Reports
 * count deviations by these names and print these words.
 */
export const corrections = {
  'path-boundary': 'a prefix ends where a name ends: /images does not take /images2',
  'path-spelling': 'a slash repeated or at the end of a configured value changes nothing',
  'dot-segments':
    'a path with . or .. is in no directory: it may lead out of the one it begins with',
  'malformed-url': 'a URL without :// after its scheme lies in no store',
  'scheme-synonym':
    'filesystem is file, swift is swift+https, s3+http is s3, in upper case or lower',
  'all-datadirs':
    "every directory of filesystem_store_datadirs is the store's, not only the best one",
  'rbd-pool': 'a store whose pool is empty takes nothing, where Glance lets it take every rbd URL',
  'percent-encoding': 'values are compared decoded',
  credentials: 'credentials are ignored: they change, or are left out',
  'container-seed': "the containers of swift_store_multiple_containers_seed are the store's",
  'config-reference':
    "other references of its swift_store_config_file are the store's, and so are URLs with its credentials",
  'multi-tenant': 'a container named by the image id is that of the multi-tenant store',
  'vmware-folder': 'image directories are below /folder, also when configured with a leading slash',
  'vmware-datastore': "datacenter and datastore of the URL must be the store's",
  'most-specific': 'of several stores that fit the most specific one is chosen, not the first',
  'equal-prefixes': 'several stores fit equally well: none is chosen, where Glance takes the first',
  'reserved-store': 'stores that Glance reserves for itself hold no images',
  mapping: "the operator's --map decides",
} as const;

export type Correction = keyof typeof corrections;
