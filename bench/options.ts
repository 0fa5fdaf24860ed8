import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface BenchOptions {
  readonly rows: number;
  readonly runs: number;
  /** undefined: everything */
  readonly only: readonly string[] | undefined;
  /** folder for results.md and results.json; undefined: nothing is left behind */
  readonly out: string | undefined;
}

/**
 * Reads the command line.
 *
 * @param known the names that `--only` takes
 * @throws when it is wrong, with a message for whoever typed it
 */
export function readOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '1000000' },
      runs: { type: 'string', default: '5' },
      only: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const only = values.only?.split(',');
  const strange = only?.find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new Error(`--only: there is no ${strange}; there are ${known.join(', ')}`);
  }
  return {
    rows: wholeNumber('--rows', values.rows, 1000),
    runs: wholeNumber('--runs', values.runs, 1),
    only,
    out: values.out,
  };
}

function wholeNumber(flag: string, text: string, least: number): number {
  const figure = Number(text);
  if (Number.isSafeInteger(figure) && figure >= least) return figure;
  throw new Error(`${flag} takes a whole number of at least ${least}, not ${text}`);
}
