/** Runs the program named on the command line, with the arguments after it, and keeps what V8 compiled. */
import process from 'node:process';
import { compileProgram } from '../bin/compiled-program.js';

const [file = ''] = process.argv.splice(2, 1);
const program = compileProgram(file);
program.run();
process.on('exit', () => {
  program.keep();
});
