import { expect, it } from 'vitest';
import { tellStrangers } from '../../../src/commands/witness.ts';

const evidence = { sampled: 300, labelled: 0, contradicting: 0, pairs: [], notEnabled: 200 };

it('names stores that are not enabled, but neither what may be a secret nor what drives a terminal', () => {
  const strangers = [
    'old',
    'https://user:pass-word@host/',
    'http://x/',
    'back\u202Ewards\u001B[31m',
  ];
  expect(tellStrangers({ ...evidence, strangers })).toContain(
    '(old, (no store id), back\\u202ewards\\u001b[31m)',
  );
});
