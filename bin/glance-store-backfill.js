#!/usr/bin/env node
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { compileProgram } from './compiled-program.js';

const program = fileURLToPath(new URL('../dist/glance-store-backfill.cjs', import.meta.url));
if (existsSync(program)) {
  compileProgram(program).run();
} else {
  process.stderr.write(
    'glance-store-backfill is not built yet: run npm install && npm run build\n',
  );
  process.exitCode = 1;
}
