/** `npm run build`: the program as one file that a bare Node runs, in dist. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { projectRoot } from './program.ts';
import { writeBundle } from './write.ts';

const folder = path.join(projectRoot, 'dist');
rmSync(folder, { recursive: true, force: true });
await writeBundle(folder);
process.stdout.write(`${path.relative(process.cwd(), folder)}\n`);
