import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Conf, type Environment } from '../../src/conf/conf.ts';
import { parseIni } from '../../src/conf/ini.ts';
import {
  bool,
  choice,
  dict,
  float,
  int,
  list,
  multiStr,
  str,
  type Option,
  type OptionType,
} from '../../src/conf/options.ts';

/** One question put to the real oslo.config, and its answer. */
interface GoldenCase {
  text?: string;
  texts?: string[];
  env?: Environment;
  opts: GoldenOption[];
  /** by `group.dest`; empty when the file could not be parsed at all */
  result: Partial<Record<string, GoldenAnswer>>;
  /** the parser refused a file */
  error?: string;
}

interface GoldenOption {
  name: string;
  group?: string;
  type: string;
  default?: string | null;
  deprecated_name?: string;
  deprecated_group?: string;
  choices?: string[];
  max?: number;
}

type GoldenAnswer = { value: unknown; error?: undefined } | { value?: undefined; error: string };

const GOLDEN = new URL('golden/oslo-parse.jsonl', import.meta.url);
const cases = readFileSync(GOLDEN, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line): GoldenCase => JSON.parse(line) as GoldenCase)
  .map((golden) => ({ golden, asked: JSON.stringify(golden.texts ?? golden.text) }));

function readType({ type, choices, max }: GoldenOption): OptionType<unknown> {
  switch (type) {
    case 'str':
      return choices === undefined ? str : choice(...choices);
    case 'int':
      return int(-Infinity, max);
    case 'bool':
      return bool;
    case 'float':
      return float;
    case 'list':
      return list;
    case 'dict':
      return dict;
    case 'multistr':
      return multiStr;
    default:
      throw new Error(`the golden data has a type this test does not know: ${type}`);
  }
}

function readOption(golden: GoldenOption): Option<unknown> {
  const { deprecated_group: group, deprecated_name: oldName } = golden;
  // oslo.config looks an option up by its `dest`.
  const name = golden.name.replaceAll('-', '_');
  const deprecated = { ...(group === undefined ? {} : { group }), name: oldName ?? name };
  return {
    name,
    type: readType(golden),
    ...(typeof golden.default === 'string' ? { default: golden.default } : {}),
    ...(group === undefined && oldName === undefined ? {} : { deprecatedNames: [deprecated] }),
  };
}

/** As the golden data writes values: None is null, and a dict keeps its order. */
function writeGolden(value: unknown): unknown {
  if (value === undefined) return null;
  return value instanceof Map ? { __dict_items__: [...value] } : value;
}

it('finds the golden cases', () => {
  expect(cases.length).toBe(97);
});

it.each(cases)('reads $asked as oslo.config does', ({ golden }) => {
  const texts = golden.texts ?? [golden.text ?? ''];
  const files = texts.map((text, index) => parseIni(text, `f${index}.conf`));
  expect(files.some(({ mistakes }) => mistakes.length > 0)).toBe(golden.error !== undefined);
  if (golden.error !== undefined) return;

  const conf = new Conf(files, golden.env ?? {});
  const options = golden.opts.map((opt) => ({
    group: opt.group ?? 'DEFAULT',
    option: readOption(opt),
  }));
  for (const { group, option } of options) conf.register(group, [option]);
  for (const { group, option } of options) {
    const answer = golden.result[`${group}.${option.name}`];
    expect(answer).toBeDefined();
    const value = writeGolden(conf.get(group, option));
    const mistaken = conf.mistakes.map((mistake) => mistake.option);
    if (answer?.error === undefined) expect(value).toEqual(answer?.value);
    expect(mistaken.includes(`[${group}] ${option.name}`)).toBe(answer?.error !== undefined);
  }
});
