import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/**
 * Compiles the built program. That takes longer than a short command, so the build keeps beside the program what V8 made
 * of it. Another version of V8, or one with other flags, does not take that and compiles anew.
 *
 * @param {string} file the program, a CommonJS module
 */
export function compileProgram(file) {
  const source = readFileSync(file);
  const codeCache = readCodeCache(file, source);
  const script = new Script(asFunction(source.toString()), {
    filename: file,
    cachedData: codeCache,
  });
  return {
    /** whether what the build kept was taken */
    isFromCache: codeCache !== undefined && !script.cachedDataRejected,
    /** Runs the program. */
    run() {
      const module = { exports: {} };
      const main = script.runInThisContext();
      main(module.exports, createRequire(file), module, file, dirname(file));
    },
    /** Keeps what is compiled by now, for later starts. */
    keep() {
      const made = script.createCachedData();
      writeFileSync(codeCacheOf(file), Buffer.concat([digest(source, made), made]));
    },
  };
}

/**
 * As Node wraps a module: on the file's own first line, so that stack traces stay right.
 *
 * @param {string} source
 */
function asFunction(source) {
  const body = source.replace(/^#!.*/, '');
  return `(function (exports, require, module, __filename, __dirname) {${body}\n})`;
}

/** @param {string} file */
function codeCacheOf(file) {
  return `${file}.code-cache`;
}

/** Bytes of a digest. */
const digestLength = 32;

/**
 * What was kept of this very program; of the source V8 itself compares nothing but the length.
 *
 * @param {string} file
 * @param {Buffer} source
 */
function readCodeCache(file, source) {
  try {
    const kept = readFileSync(codeCacheOf(file));
    const made = kept.subarray(digestLength);
    return digest(source, made).equals(kept.subarray(0, digestLength)) ? made : undefined;
  } catch {
    // Whatever is wrong with it: the program runs without.
    return undefined;
  }
}

/**
 * @param {Buffer} source
 * @param {Buffer} made
 */
function digest(source, made) {
  return createHash('sha256').update(source).update(made).digest();
}
