import { describe, expect, it } from 'vitest';
import { substitute, type Substitution } from '../../../src/conf/template.ts';

/** Each name stands for itself in angle brackets; `bad` fails. */
const lookUp = (name: string): Substitution =>
  name === 'bad' ? { kind: 'failed' } : { kind: 'text', text: `<${name}>` };

describe('substitute', () => {
  it.each([
    ['$a', '<a>'],
    ['${a}', '<a>'],
    ['x$a/y', 'x<a>/y'],
    ['${a}b', '<a>b'],
    ['$ab', '<ab>'],
    ['$a-b', '<a>-b'],
    ['$g.a', '<g.a>'],
    ['${g.a}', '<g.a>'],
    ['$a.', '<a.>'],
    ['$A_1', '<A_1>'],
    ['$a$b', '<a><b>'],
    ['$a\n${b}', '<a>\n<b>'],
  ])('replaces the names in %j', (text, result) => {
    expect(substitute(text, lookUp)).toEqual({ kind: 'text', text: result });
  });

  it.each([
    ['$$a', '$a'],
    ['\\$a', '$a'],
    ['$$$a', '$<a>'],
    ['\\$$a', '$<a>'],
    ['$', '$'],
    ['a$', 'a$'],
    ['$1', '$1'],
    ['$ a', '$ a'],
    ['${', '${'],
    ['${a', '${a'],
    ['${1}', '${1}'],
    ['$é', '$é'],
    ['\\a', '\\a'],
  ])('leaves a dollar sign in %j', (text, result) => {
    expect(substitute(text, lookUp)).toEqual({ kind: 'text', text: result });
  });

  it('does not look for names in what it inserts', () => {
    const insertReference = (): Substitution => ({ kind: 'text', text: '$b' });
    expect(substitute('$a', insertReference)).toEqual({ kind: 'text', text: '$b' });
  });

  it('fails when a name has no text', () => {
    expect(substitute('$a $bad $c', lookUp)).toEqual({ kind: 'failed' });
  });
});
