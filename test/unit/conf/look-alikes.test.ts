import { describe, expect, it } from 'vitest';
import { parseIni } from '../../../src/conf/ini.ts';
import { findLookAlikes } from '../../../src/conf/look-alikes.ts';

/** Where something like `enabled_backends` stands, as `section:name:line`. */
function find(text: string): string[] {
  const files = [parseIni(text, 'glance-api.conf')];
  return findLookAlikes(files, 'enabled_backends').map(
    ({ section, name, origin }) =>
      `${section}:${name}:${origin.kind === 'file' ? origin.line : origin.variable}`,
  );
}

describe('an option that is set nowhere', () => {
  it.each([
    'enable_backends',
    'enabled_backend',
    'enabled_backends',
    'enabeld_backends',
    'Enabled_Backends',
    'enabled-backends',
    'enabledbackends',
  ])('may be meant by %s', (name) => {
    expect(find(`[glance_store]\ndefault_backend = a\n${name} = a:file\n`)).toEqual([
      `glance_store:${name}:3`,
    ]);
  });

  it.each(['stores', 'default_backend', 'enabled_import_methods', 'backends', 'enbld_bcknds', ''])(
    'is not meant by %j',
    (name) => {
      expect(find(`[DEFAULT]\n${name} = a:file\n`)).toEqual([]);
    },
  );

  it('may be meant by several, in the order of the lines', () => {
    expect(find('[default]\nenabled_backends = a\n[x]\nenable_backends = b\n')).toEqual([
      'default:enabled_backends:2',
      'x:enable_backends:4',
    ]);
  });
});
