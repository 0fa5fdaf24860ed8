/** `npm run bundle`: the program as one file that a bare Node runs, in dist/bundle. */
import path from 'node:path';
import process from 'node:process';
import { projectRoot } from './program.ts';
import { writeBundle } from './write.ts';

const folder = path.join(projectRoot, 'dist/bundle');
await writeBundle(folder);
process.stdout.write(`${path.relative(process.cwd(), folder)}\n`);
