import { describe, expect, it } from 'vitest';
import { renderMistake } from '../../../src/conf/mistake.ts';
import { int, str, type Option } from '../../../src/conf/options.ts';
import { StoreConf } from '../../../src/conf/store-conf.ts';
import { confOf } from '../../support/conf.ts';

const pool: Option<string> = { name: 'pool', type: str, default: 'images' };
const size: Option<number> = { name: 'size', type: int(), default: '8' };

/** The store `fast` and its configuration. */
function read(text: string) {
  const conf = confOf(text);
  const store = new StoreConf(conf, 'fast');
  store.register([pool, size]);
  return { conf, store };
}

describe('the option of a store', () => {
  it.each([
    ['its own group first', '[fast]\npool = own\n[backend_defaults]\npool = shared\n', 'own'],
    ['then [backend_defaults]', '[backend_defaults]\npool = shared\n', 'shared'],
    ['then the default', '[other]\npool = other\n', 'images'],
    ['its own group even when empty', '[fast]\npool =\n[backend_defaults]\npool = shared\n', ''],
    ['its group in another case', '[FAST]\npool = own\n', 'own'],
  ])('is read from %s', (_place, text, value) => {
    expect(read(text).store.get(pool)).toBe(value);
  });

  it('falls back when its own number is blank', () => {
    expect(read('[fast]\nsize =\n[backend_defaults]\nsize = 4\n').store.get(size)).toBe(4);
    expect(read('[fast]\nsize =\n').store.get(size)).toBe(8);
  });

  it('can be read without [backend_defaults]', () => {
    const { store } = read('[backend_defaults]\npool = shared\n');
    expect(store.getOwn(pool)).toBe('images');
  });

  it('is set where its group or [backend_defaults] sets it', () => {
    const { store } = read('[fast]\npool =\n[backend_defaults]\nsize = 4\n');
    expect([store.isSet(pool), store.isSet(size)]).toEqual([true, true]);
    expect(store.origin(size)).toEqual({ kind: 'file', file: 'glance-api.conf', line: 4 });
    expect(read('').store.isSet(pool)).toBe(false);
  });

  it('may be referred to inside [backend_defaults]', () => {
    const { conf, store } = read('[backend_defaults]\npool = p$size\nsize = 4\n');
    expect(store.get(pool)).toBe('p4');
    expect(conf.mistakes).toEqual([]);
  });

  it('may be referred to by other stores', () => {
    const { conf } = read('[fast]\npool = own\n[slow]\npool = ${fast.pool}-2\n');
    expect(new StoreConf(conf, 'slow').get(pool)).toBe('own-2');
    expect(conf.mistakes).toEqual([]);
  });

  it('is named in a mistake together with the group that sets it', () => {
    const { store } = read('[fast]\npool = x\n[backend_defaults]\nsize = 4\npool = y\n');
    const wrong = { problem: 'is wrong', remedy: 'mend it' };
    expect(renderMistake(store.mistake(pool, wrong))).toBe(
      'glance-api.conf:2: [fast] pool: is wrong; mend it',
    );
    expect(renderMistake(store.mistake(size, wrong))).toBe(
      'glance-api.conf:4: [backend_defaults] size: is wrong; mend it',
    );
    const nowhere = read('').store.mistake(pool, { problem: 'is missing', remedy: 'write it' });
    expect(renderMistake(nowhere)).toBe('[fast] pool: is missing; write it');
  });
});
