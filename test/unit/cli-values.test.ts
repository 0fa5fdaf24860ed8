import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  parseBatchSize,
  parseCount,
  parseDuration,
  parsePercent,
  parseWriters,
} from '../../src/cli-values.ts';

describe('a time', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['24d', 2_073_600_000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '90', 's', '0s', '-1s', '1.5h', '90 s', '90S', '1w', '90ms', '1h30m', '25d'])(
    'is not %j',
    (text) => {
      expect(() => parseDuration(text)).toThrow(InvalidArgumentError);
    },
  );

  it('is no longer than a timer of Node can wait', () => {
    expect(parseDuration('24d')).toBeLessThan(2 ** 31);
    expect(() => parseDuration('25d')).toThrow('at most 24d');
    expect(() => parseDuration('999999999d')).toThrow('at most 24d');
  });
});

describe('a percentage', () => {
  it.each([
    ['0', 0],
    ['0.5', 0.5],
    ['1', 1],
    ['100', 100],
  ])('%s', (text, percent) => {
    expect(parsePercent(text)).toBe(percent);
  });

  it.each(['', '-1', '101', '100.1', '1%', '.5', '1.', '1e1', 'NaN'])('is not %j', (text) => {
    expect(() => parsePercent(text)).toThrow('a number from 0 to 100');
  });
});

it('takes up to 64 writers, and tells why no more', () => {
  expect(parseWriters('64')).toBe(64);
  expect(() => parseWriters('65')).toThrow('at most 64: each is a connection');
});

describe('a number', () => {
  it.each(['0', '-1', '1.5', '1e3', '', '0x10', '1000000000'])('is not %j', (text) => {
    expect(() => parseCount(text)).toThrow('whole number');
    expect(() => parseBatchSize(text)).toThrow('whole number');
    expect(() => parseWriters(text)).toThrow('whole number');
  });

  it('of a batch has a bound, with the reason', () => {
    expect(parseBatchSize('50000')).toBe(50_000);
    expect(() => parseBatchSize('50001')).toThrow(
      'at most 50000: a batch keeps all its rows locked',
    );
    expect(parseCount('50001')).toBe(50_001);
  });
});
