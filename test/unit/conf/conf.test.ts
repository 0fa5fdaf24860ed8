import { describe, expect, it } from 'vitest';
import { Conf, type Environment } from '../../../src/conf/conf.ts';
import { parseIni } from '../../../src/conf/ini.ts';
import { renderMistake } from '../../../src/conf/mistake.ts';
import { bool, dict, int, list, multiStr, str, type Option } from '../../../src/conf/options.ts';

const a: Option<string> = { name: 'a', type: str };
const b: Option<string> = { name: 'b', type: str };
const items: Option<readonly string[]> = { name: 'items', type: multiStr };
const count: Option<number> = { name: 'count', type: int(0, 9), default: '3' };
const password: Option<string> = { name: 'password', type: str, secret: true };

/** Reads files named f0.conf, f1.conf …; all options above are known in [DEFAULT] and in [g]. */
function readConf(texts: readonly string[], environment: Environment = {}): Conf {
  const conf = new Conf(
    texts.map((text, index) => parseIni(text, `f${index}.conf`)),
    environment,
  );
  for (const group of ['DEFAULT', 'g']) conf.register(group, [a, b, items, count, password]);
  return conf;
}

const tell = (conf: Conf) => conf.mistakes.map(renderMistake);

describe('where a value comes from', () => {
  it('the last assignment of a file counts, in whichever section of that name', () => {
    expect(readConf(['[g]\na = 1\n[h]\n[g]\na = 2\n']).get('g', a)).toBe('2');
  });

  it('a later file overrides an earlier one', () => {
    const conf = readConf(['[g]\na = 1\nb = 1\n', '[g]\na = 2\n']);
    expect([conf.get('g', a), conf.get('g', b)]).toEqual(['2', '1']);
  });

  it('the environment overrides the files, even with nothing', () => {
    const conf = readConf(['[g]\na = 1\nb = 1\n'], { OS_G__A: 'env', OS_G__B: '' });
    expect([conf.get('g', a), conf.get('g', b)]).toEqual(['env', '']);
  });

  it('section names fold case, option names and [DEFAULT] do not', () => {
    expect(readConf(['[G]\na = 1\n']).get('g', a)).toBe('1');
    expect(readConf(['[g]\na = 1\n']).get('G', a)).toBe('1');
    expect(readConf(['[g]\nA = 1\n']).get('g', a)).toBeUndefined();
    expect(readConf(['[default]\na = 1\n']).get('DEFAULT', a)).toBeUndefined();
  });

  it('an option set nowhere has its default, or no value', () => {
    const conf = readConf(['[g]\n']);
    expect([conf.get('g', count), conf.get('g', a)]).toEqual([3, undefined]);
  });

  it('a blank number is no value, not the default', () => {
    expect(readConf(['[g]\ncount =\n']).get('g', count)).toBeUndefined();
  });

  it('an option of several values gathers them through all files, in order', () => {
    const conf = readConf(['[g]\nitems = 1\nitems = 2\n', '[g]\nitems = 3\n']);
    expect(conf.get('g', items)).toEqual(['1', '2', '3']);
  });

  it('is told as the line or the variable that counts', () => {
    const conf = readConf(['[g]\na = 1\na = 2\n', '[g]\nb = 1\n'], { OS_G__ITEMS: '' });
    expect(conf.origin('g', a)).toEqual({ kind: 'file', file: 'f0.conf', line: 3 });
    expect(conf.origin('g', b)).toEqual({ kind: 'file', file: 'f1.conf', line: 2 });
    expect(conf.origin('g', items)).toEqual({ kind: 'environment', variable: 'OS_G__ITEMS' });
    expect(conf.origin('g', count)).toBeUndefined();
  });

  it('set means: written down, be it as nothing', () => {
    const conf = readConf(['[g]\na =\n'], { OS_G__COUNT: '' });
    expect([conf.isSet('g', a), conf.isSet('g', count), conf.isSet('g', b)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('an older name', () => {
  const renamed: Option<string> = {
    name: 'a',
    type: str,
    deprecatedNames: [{ name: 'old' }, { group: 'H', name: 'a' }],
  };

  it.each([
    ['[g]\nold = 1\n', '1'],
    ['[h]\na = 1\n', '1'],
    ['[g]\nold = 1\na = 2\n', '2'],
    ['[g]\na = 2\nold = 1\n', '2'],
    ['[h]\na = 1\n[g]\nold = 2\n', '2'],
  ])('is read in %j', (text, value) => {
    expect(readConf([text]).get('g', renamed)).toBe(value);
  });

  it('in a later file beats the new name in an earlier one', () => {
    expect(readConf(['[g]\na = 1\n', '[g]\nold = 2\n']).get('g', renamed)).toBe('2');
  });

  it('adds its values before those of the new name', () => {
    const option = { ...items, deprecatedNames: [{ name: 'old' }] };
    expect(readConf(['[g]\nitems = 1\nold = 2\n']).get('g', option)).toEqual(['2', '1']);
  });

  it('counts for nothing in the environment', () => {
    expect(readConf([''], { OS_G__OLD: '1' }).get('g', renamed)).toBeUndefined();
  });

  it('may be referred to in its own [DEFAULT] group', () => {
    const conf = readConf(['[DEFAULT]\nold = x\n[g]\na = $old\n']);
    conf.register('DEFAULT', [{ name: 'new', type: str, deprecatedNames: [{ name: 'old' }] }]);
    expect(conf.get('g', a)).toBe('x');
  });
});

describe('a reference', () => {
  it.each([
    ['[g]\na = $b\nb = own\n[DEFAULT]\nb = default\n', 'own'],
    ['[g]\na = $only\n[DEFAULT]\nonly = default\n', 'default'],
    ['[g]\na = ${h.b}/x\n[h]\nb = other\n', 'other/x'],
    ['[g]\na = $h.b\n[h]\nb = other\n', 'other'],
    ['[g]\na = <$b>\n', '<>'],
    ['[g]\na = $count\n', '3'],
    ['[g]\na = $items\nitems = x\nitems = y\n', `['x', 'y']`],
    ['[g]\na = $flag\n[DEFAULT]\nflag = yes\n', 'True'],
    ['[g]\na = $b$b\nb = ${count}\n', '33'],
  ])('in %j is replaced', (text, value) => {
    const conf = readConf([text]);
    conf.register('h', [b]);
    conf.register('DEFAULT', [
      { name: 'only', type: str },
      { name: 'flag', type: bool },
    ]);
    expect(conf.get('g', a)).toBe(value);
    expect(conf.mistakes).toEqual([]);
  });

  it('is replaced in the environment and in defaults, too', () => {
    const conf = readConf(['[g]\nb = x\n'], { OS_G__A: '$b' });
    expect(conf.get('g', a)).toBe('x');
    expect(conf.get('g', { name: 'c', type: str, default: '${b}/y' })).toBe('x/y');
  });

  it('is replaced before the value is split', () => {
    const conf = readConf(['[g]\nb = x:1,y:2\n[DEFAULT]\na = p\nb = q\n']);
    const pairs: Option<ReadonlyMap<string, string>> = { name: 'pairs', type: dict, default: '$b' };
    const both: Option<readonly string[]> = { name: 'both', type: list, default: '$a,$b' };
    expect([...(conf.get('g', pairs) ?? [])]).toEqual([
      ['x', '1'],
      ['y', '2'],
    ]);
    expect(conf.get('DEFAULT', both)).toEqual(['p', 'q']);
  });

  it('means the option registered first under that name', () => {
    const conf = readConf(['[g]\na = $n\n[DEFAULT]\nn = 07\n']);
    conf.register('DEFAULT', [{ name: 'n', type: int() }]);
    conf.register('DEFAULT', [{ name: 'n', type: str }]);
    expect(conf.get('g', a)).toBe('7');
  });

  it.each([
    [
      '$nope',
      'f0.conf:2: [g] a: the value refers to "$nope", which is no option of Glance; ' +
        'name an option that Glance has, or write $$ where a dollar sign is meant',
    ],
    [
      '${nope.b}',
      'f0.conf:2: [g] a: the value refers to "$nope.b", which is no option of Glance; ' +
        'name an option that Glance has, or write $$ where a dollar sign is meant',
    ],
    [
      '/srv/$b.d',
      'f0.conf:2: [g] a: the value refers to "$b.d", which is no option of Glance; ' +
        'write ${b}, or write $$ where a dollar sign is meant',
    ],
    [
      '${DEFAULT.b}',
      'f0.conf:2: [g] a: the value refers to "$DEFAULT.b", which is no option of Glance; ' +
        'write ${b}, or write $$ where a dollar sign is meant',
    ],
    [
      '$g',
      'f0.conf:2: [g] a: the value refers to "$g", which is a group of options; ' +
        'name one of its options, as in ${g.OPTION}, or write $$ where a dollar sign is meant',
    ],
    [
      '$a',
      'f0.conf:2: [g] a: the value refers to itself: [g] a -> [g] a; ' +
        'write one of these values without the reference, or write $$ where a dollar sign is meant',
    ],
  ])('%s is a mistake', (value, message) => {
    const conf = readConf([`[g]\na = ${value}\n`]);
    expect(conf.get('g', a)).toBeUndefined();
    expect(tell(conf)).toEqual([message]);
  });

  it('that goes round in a circle is told with its way', () => {
    const conf = readConf(['[g]\na = $b\nb = ${DEFAULT_}\n[DEFAULT]\nDEFAULT_ = ${g.a}\n']);
    conf.register('DEFAULT', [{ name: 'DEFAULT_', type: str }]);
    conf.get('g', a);
    expect(conf.mistakes[0]?.problem).toBe(
      'the value refers to itself: [g] a -> [g] b -> [DEFAULT] DEFAULT_ -> [g] a',
    );
  });

  it('to a value that is wrong itself is told where the fault lies, once', () => {
    const conf = readConf(['[g]\na = $count\nb = $count\ncount = x\n']);
    expect([conf.get('g', a), conf.get('g', b), conf.get('g', count)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(tell(conf)).toEqual([
      'f0.conf:4: [g] count: "x" is not a whole number; write digits only',
    ]);
  });
});

describe('a value that cannot be read', () => {
  it('is unset, and noted once with its place and the remedy', () => {
    const conf = readConf([''], { OS_G__COUNT: '12' });
    conf.get('g', count);
    expect(conf.get('g', count)).toBeUndefined();
    expect(tell(conf)).toEqual([
      'environment variable OS_G__COUNT: [g] count: "12" is too large; write 9 or less',
    ]);
  });

  it('is a mistake for an option of several values in the environment', () => {
    const conf = readConf(['[g]\nitems = 1\n'], { OS_G__ITEMS: 'xy' });
    expect(conf.get('g', items)).toBeUndefined();
    expect(conf.mistakes[0]?.problem).toBe(
      'an option of several values cannot be set by an environment variable',
    );
    expect(readConf(['[g]\nitems = 1\n'], { OS_G__ITEMS: '' }).get('g', items)).toEqual([]);
  });

  it('is quoted as written, not with what it refers to', () => {
    const conf = readConf(['[g]\ncount = x$password\npassword = hunter2\n']);
    conf.get('g', count);
    expect(conf.mistakes[0]?.problem).toBe('"x$password" is not a whole number');
  });
});

describe('a secret', () => {
  const pin: Option<number> = { name: 'pin', type: int(), secret: true };

  it.each(['pa$word', 'pa${word.x}', '$g'])(
    'is not quoted when it holds a bad reference: %s',
    (text) => {
      const conf = readConf([`[g]\npassword = ${text}\n`]);
      expect(conf.get('g', password)).toBeUndefined();
      expect(tell(conf)).toEqual([
        'f0.conf:2: [g] password: the value holds a dollar sign before what is no name of a Glance option; ' +
          'write $$ where a dollar sign is meant',
      ]);
    },
  );

  it('is not quoted when it is of the wrong type', () => {
    const conf = readConf(['[g]\npin = 12x\n']);
    conf.get('g', pin);
    expect(tell(conf)).toEqual([
      'f0.conf:2: [g] pin: the value is not a whole number; write digits only',
    ]);
  });
});

describe('a mistake of the caller', () => {
  it('names the option and where it is set', () => {
    const conf = readConf(['[g]\na = x\n']);
    const fault = { problem: 'is wrong', remedy: 'mend it' };
    expect(renderMistake(conf.mistake('g', a, fault))).toBe('f0.conf:2: [g] a: is wrong; mend it');
    expect(renderMistake(conf.mistake('g', b, fault))).toBe('[g] b: is wrong; mend it');
    expect(conf.mistakes).toEqual([]);
  });
});
