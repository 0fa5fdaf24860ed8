import { describe, expect, it } from 'vitest';
import {
  bool,
  choice,
  dict,
  float,
  hostAddress,
  int,
  list,
  multiStr,
  str,
  type OptionType,
} from '../../../src/conf/options.ts';

const UNSET = { kind: 'unset' };
const known = (value: unknown) => ({ kind: 'value', value });

function findProblem(type: OptionType<unknown>, text: string): string | undefined {
  const reading = type.read([text]);
  return reading.kind === 'wrong' ? reading.fault.problem : undefined;
}

describe('a text', () => {
  it.each(['', ' x ', '"x"'])('is taken as it is: %j', (text) => {
    expect(str.read([text])).toEqual(known(text));
  });

  it('is the last of several assignments', () => {
    expect(str.read(['a', 'b'])).toEqual(known('b'));
  });
});

describe('a choice', () => {
  it('takes the words named, in their case', () => {
    expect(choice('a', 'B').read(['B'])).toEqual(known('B'));
    expect(choice('a', 'B').read(['b'])).toEqual({
      kind: 'wrong',
      fault: { problem: 'is not a word allowed here', remedy: 'write one of a, B' },
    });
  });
});

describe('a boolean', () => {
  it.each(['true', 'TRUE', '1', 'on', 'Yes'])('is true for %s', (text) => {
    expect(bool.read([text])).toEqual(known(true));
  });

  it.each(['false', 'False', '0', 'OFF', 'no'])('is false for %s', (text) => {
    expect(bool.read([text])).toEqual(known(false));
  });

  it.each(['', '2', 'y', 't', ' true'])('is not %j', (text) => {
    expect(findProblem(bool, text)).toBe('is neither true nor false');
  });
});

describe('a whole number', () => {
  it.each([
    ['5', 5],
    ['-3', -3],
    ['+7', 7],
    ['1_000', 1000],
    [' 5 ', 5],
    ['007', 7],
  ])('reads %j as Python does', (text, value) => {
    expect(int().read([text])).toEqual(known(value));
  });

  it.each(['', '  '])('is unset when blank: %j', (text) => {
    expect(int().read([text])).toEqual(UNSET);
  });

  it.each(['x', '1.5', '0x10', '1e3', '_1', '1__0', '1_', '- 3'])('is not %j', (text) => {
    expect(findProblem(int(), text)).toBe('is not a whole number');
  });

  it('keeps to its bounds, which are allowed themselves', () => {
    expect(int(1, 5).read(['1'])).toEqual(known(1));
    expect(int(1, 5).read(['5'])).toEqual(known(5));
    expect(findProblem(int(1, 5), '0')).toBe('is too small');
    expect(findProblem(int(1, 5), '6')).toBe('is too large');
  });
});

describe('a number', () => {
  it.each([
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-1e3', -1000],
    ['1_0.2_5', 10.25],
  ])('reads %j as Python does', (text, value) => {
    expect(float.read([text])).toEqual(known(value));
  });

  it('is unset when blank', () => {
    expect(float.read([' '])).toEqual(UNSET);
  });

  it.each(['x', '.', '1e', '1,5', '1__0'])('is not %j', (text) => {
    expect(findProblem(float, text)).toBe('is not a number');
  });
});

describe('a list', () => {
  it.each([
    ['a, b ,c', ['a', 'b', 'c']],
    ['a,,b,', ['a', '', 'b']],
    ['a,,', ['a']],
    ['', []],
    [',', []],
    ['"a,b"', ['"a', 'b"']],
    ['a,\nb', ['a', 'b']],
  ])('splits %j at its commas', (text, items) => {
    expect(list.read([text])).toEqual(known(items));
  });
});

describe('a dict', () => {
  const read = (text: string) => {
    const reading = dict.read([text]);
    return reading.kind === 'value' ? [...reading.value] : reading;
  };

  it('keeps the order in which its names are written', () => {
    expect(read('z:file, 10 : rbd ,2:s3')).toEqual([
      ['z', 'file'],
      ['10', 'rbd'],
      ['2', 's3'],
    ]);
  });

  it.each([
    ['', []],
    ['k:', [['k', '']]],
    ['k:v:w', [['k', 'v:w']]],
    [
      'k:v,,l:w',
      [
        ['k', 'v'],
        [',l', 'w'],
      ],
    ],
    [
      'k:v,\nl:w',
      [
        ['k', 'v'],
        ['l', 'w'],
      ],
    ],
    [
      'k:"v, w", x:y',
      [
        ['k', '"v'],
        ['w", x', 'y'],
      ],
    ],
  ])('reads %j as oslo.config does', (text, pairs) => {
    expect(read(text)).toEqual(pairs);
  });

  it.each([
    ['k', 'has no colon in its last item'],
    ['k:v,l', 'has no colon in its last item'],
    ['k:v,', 'ends with a comma'],
    [':v', 'has no name in item 1'],
    ['k:1,l:2,k:3', 'repeats a name in item 3'],
  ])('refuses %j', (text, problem) => {
    expect(findProblem(dict, text)).toBe(problem);
  });
});

describe('an option of several values', () => {
  it('takes every assignment whole', () => {
    expect(multiStr.read(['a,b', 'c'])).toEqual(known(['a,b', 'c']));
  });
});

describe('a host address', () => {
  it.each([
    '10.0.0.1',
    '::1',
    '2001:DB8::1',
    '::ffff:10.0.0.1',
    'vc.example.com',
    'vc',
    'a-b',
    '1.a',
    '1a',
  ])('may be %s', (text) => {
    expect(hostAddress.read([text])).toEqual(known(text));
  });

  it('loses the dot that ends a full name', () => {
    expect(hostAddress.read(['vc.example.com.'])).toEqual(known('vc.example.com'));
  });

  it.each([
    ['', 'is empty'],
    ['1.2.3', 'is not a whole IP address'],
    ['a.1', 'is not a whole IP address'],
    ['256.0.0.1', 'is not a whole IP address'],
    ['01.2.3.4', 'is not a whole IP address'],
    ['[::1]', 'is not a host name or IP address'],
    ['fe80::1%eth0', 'is not a host name or IP address'],
    ['vc.example.com:443', 'is not a host name or IP address'],
    ['https://vc', 'is not a host name or IP address'],
    ['-vc', 'is not a host name or IP address'],
    ['vc-', 'is not a host name or IP address'],
    ['v_c', 'is not a host name or IP address'],
    ['a..b', 'is not a host name or IP address'],
    ['a'.repeat(64), 'is not a host name or IP address'],
    ['a.'.repeat(127), 'is longer than 253 characters'],
  ])('is not %j', (text, problem) => {
    expect(findProblem(hostAddress, text)).toBe(problem);
  });
});

describe('a value inside another value', () => {
  it.each<[OptionType<unknown>, string, string]>([
    [str, 'x', 'x'],
    [bool, 'yes', 'True'],
    [bool, 'off', 'False'],
    [int(), '007', '7'],
    [float, '5', '5.0'],
    [float, '0.1', '0.1'],
    [list, `a,it's`, `['a', "it's"]`],
    [dict, 'k:v,l:w', `{'k': 'v', 'l': 'w'}`],
    [multiStr, 'a', `['a']`],
    [hostAddress, 'vc', 'vc'],
  ])('looks as Python prints it (case %#)', (type, text, printed) => {
    const reading = type.read([text]);
    expect(reading.kind === 'value' && type.toPython(reading.value)).toBe(printed);
  });
});
