/** The text of a file that an option names, or why it cannot be had. */
export type FileText =
  | { readonly kind: 'text'; readonly path: string; readonly text: string }
  | { readonly kind: 'missing'; readonly path: string; readonly why: string };

/** The files that the stores' options name, read when asked for. Nothing here throws. */
export interface NamedFiles {
  /** @param value `rbd_store_ceph_conf`; the empty one means librados's own search */
  cephConf(value: string): FileText;
  /** @param value `swift_store_config_file` */
  swiftConf(value: string): FileText;
}
