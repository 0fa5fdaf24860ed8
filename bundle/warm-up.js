/** Runs the program named on the command line up to where it would reach a database, and keeps what V8 compiled. */
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { compileProgram } from '../bin/compiled-program.js';

const [program = ''] = process.argv.splice(2);
const conf = fileURLToPath(new URL('warm-up.conf', import.meta.url));
process.argv.push('stores', '--config-file', conf);

const compiled = compileProgram(program);
compiled.run();
process.on('exit', () => {
  compiled.keep();
});
