import { expect, it } from 'vitest';
import { readFsid } from '../../../src/stores/ceph-conf.ts';

const fsid = '11111111-2222-3333-4444-5555aaaabbbb';

it.each([
  ['plainly', `[global]\nfsid = ${fsid}\n`],
  ['with blanks and a comment', `  [global] ; here\n\t fsid=${fsid} # the cluster\n`],
  ['in quotes', `[global]\nfsid = "${fsid}"\n`],
  ['in upper case', `[global]\nfsid = ${fsid.toUpperCase()}\n`],
  ['with line ends of Windows', `[global]\r\nfsid = ${fsid}\r\n`],
  ['over two lines', `[global]\nfsid = \\\n${fsid}\n`],
  ['twice, the last one counts', `[global]\nfsid = x\n[mon]\na=b\n[global]\nfsid = ${fsid}\n`],
])('a ceph.conf names its cluster %s', (_how, text) => {
  expect(readFsid(text)).toBe(fsid);
});

it.each([
  ['has no fsid', '[global]\nmon_host = 127.0.0.1\n'],
  ['has it under another section', `[mon]\nfsid = ${fsid}\n`],
  ['has it before any section', `fsid = ${fsid}\n`],
  ['has it in a comment', `[global]\n# fsid = ${fsid}\n;fsid = ${fsid}\n`],
  ['has one that is no UUID', '[global]\nfsid = mycluster\n'],
  ['has another option of a similar name', `[global]\ncluster fsid = ${fsid}\n`],
  ['is empty', ''],
])('a ceph.conf that %s names no cluster', (_what, text) => {
  expect(readFsid(text)).toBeUndefined();
});
