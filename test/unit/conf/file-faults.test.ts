import { expect, it } from 'vitest';
import { describeUnreadable } from '../../../src/conf/file-faults.ts';
import { renderMistake } from '../../../src/conf/mistake.ts';

it('a file that only another user may read asks for that user', () => {
  expect(renderMistake(describeUnreadable('/etc/glance/glance-api.conf', 'EACCES'))).toBe(
    '/etc/glance/glance-api.conf: permission denied; run this as a user who may read it, such as glance',
  );
});

it('an error nobody thought of is told by its code', () => {
  expect(describeUnreadable('/x', 'EIO')).toMatchObject({ problem: '/x: EIO' });
});
