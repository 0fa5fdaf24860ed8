/** What the one file begins with. It is CommonJS, where nothing is awaited out here. */
import process from 'node:process';
import { main } from '../src/cli.ts';

void main(process.argv).then((code) => {
  process.exitCode = code;
});
