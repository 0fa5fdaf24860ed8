import { strip } from '../conf/python-text.ts';
import { isUuid } from './uuid.ts';

/**
 * The cluster's fsid as a ceph.conf says it: `fsid` of `[global]`, the last one when there are several.
 *
 * Ceph's own rules: `#` and `;` begin a comment anywhere, a backslash at a line's end joins it to the next, blanks
 * in a name are the same as underscores, and values may stand in quotes.
 *
 * @returns in lower case, as the cluster itself prints it; undefined when there is none, or it is no UUID
 */
export function readFsid(cephConf: string): string | undefined {
  let section = '';
  let fsid: string | undefined;
  for (const raw of cephConf.replace(/\\\r?\n/g, '').split(/\r?\n/)) {
    const line = strip(raw.replace(/[#;].*$/, ''));
    section = /^\[([^\]]*)\]$/.exec(line)?.[1]?.trim() ?? section;
    const equals = line.indexOf('=');
    if (section !== 'global' || equals < 0) continue;
    if (strip(line.slice(0, equals)) === 'fsid') fsid = unquoteValue(line.slice(equals + 1));
  }
  return fsid !== undefined && isUuid(fsid) ? fsid.toLowerCase() : undefined;
}

function unquoteValue(text: string): string {
  return strip(text).replace(/^(["'])(.*)\1$/, '$2');
}
