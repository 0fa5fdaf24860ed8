#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';

const program = fileURLToPath(new URL('../dist/glance-store-backfill.cjs', import.meta.url));
if (existsSync(program)) {
  // import() would first search the whole file for names that it exports.
  createRequire(import.meta.url)(program);
} else {
  process.stderr.write(
    'glance-store-backfill is not built yet: run npm install && npm run build\n',
  );
  process.exitCode = 1;
}
