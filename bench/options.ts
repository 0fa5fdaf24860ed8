import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface BenchOptions {
  readonly rows: number;
  readonly runs: number;
  /** what a run costs at several sizes, instead of the comparisons */
  readonly curve: boolean;
  /** undefined: everything */
  readonly only: readonly string[] | undefined;
  /** folder for results.md and results.json; undefined: nothing is left behind */
  readonly out: string | undefined;
}

/**
 * Reads the command line.
 *
 * @param known the names that `--only` takes, without `--curve` and with it
 * @throws when it is wrong, with a message for whoever typed it
 */
export function readOptions(
  args: readonly string[],
  known: Readonly<Record<'comparisons' | 'curve', readonly string[]>>,
): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '1000000' },
      runs: { type: 'string', default: '5' },
      curve: { type: 'boolean', default: false },
      only: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const only = values.only?.split(',');
  const names = values.curve ? known.curve : known.comparisons;
  const strange = only?.find((name) => !names.includes(name));
  if (strange !== undefined) {
    throw new Error(`--only: there is no ${strange}; there are ${names.join(', ')}`);
  }
  return {
    rows: wholeNumber('--rows', values.rows, 1000),
    runs: wholeNumber('--runs', values.runs, 1),
    curve: values.curve,
    only,
    out: values.out,
  };
}

function wholeNumber(flag: string, text: string, least: number): number {
  const figure = Number(text);
  if (Number.isSafeInteger(figure) && figure >= least) return figure;
  throw new Error(`${flag} takes a whole number of at least ${least}, not ${text}`);
}
