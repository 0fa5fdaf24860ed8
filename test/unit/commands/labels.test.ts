import { expect, it } from 'vitest';
import { tellNotEnabled } from '../../../src/commands/labels.ts';

const evidence = { sampled: 300, labelled: 0, contradicting: 0, pairs: [], notEnabled: 200 };

it('names stores that are not enabled, but neither what may be a secret nor what drives a terminal', () => {
  const notEnabledStores = [
    'old',
    'https://user:pass-word@host/',
    'http://x/',
    'back\u202Ewards\u001B[31m',
  ];
  expect(tellNotEnabled({ ...evidence, notEnabledStores })).toContain(
    '(old, (no store id), back\\u202ewards\\u001b[31m)',
  );
});
