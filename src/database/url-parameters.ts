import type { Fault, Mistake, Origin } from '../conf/mistake.ts';

/** An option of the configuration as found: its text, and where it stands for messages. */
export interface ConnectionOption {
  /** `[database] connection` */
  readonly option: string;
  readonly origin: Origin | undefined;
  readonly value: string;
}

/** The parameters after a URL's question mark. What is wrong with them gathers in `mistakes`. */
export class UrlParameters {
  readonly mistakes: Mistake[] = [];
  readonly #byName = new Map<string, ConnectionOption>();
  readonly #asked = new Set<string>();

  /**
   * Adds the parameters of a query string as Python's `urllib.parse.parse_qsl` reads it: blank ones do not count.
   *
   * @param query text such as `charset=utf8mb4&ssl_ca=/etc/ca.pem`
   * @param source the option that the text is part of
   */
  add(query: string, source: ConnectionOption): void {
    for (const [name, value] of new URLSearchParams(`?${query}`)) {
      if (value === '') continue;
      const parameter = { ...source, value };
      if (this.#byName.has(name)) this.#blame(parameter, name, givenTwice);
      else this.#byName.set(name, parameter);
    }
  }

  /** The parameter's text; undefined when it is not given. */
  text(name: string): string | undefined {
    this.#asked.add(name);
    return this.#byName.get(name)?.value;
  }

  /** A parameter that must be one of `words`. */
  word<W extends string>(name: string, words: readonly W[]): W | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) {
      this.#blameNamed(name, {
        problem: 'has a value that this program does not understand',
        remedy: `write one of ${words.join(', ')}`,
      });
    }
    return word;
  }

  /** A parameter in the words that SQLAlchemy's `asbool` and PyMySQL's `verify_mode` take for yes and no. */
  flag(name: string): boolean | undefined {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined) return undefined;
    if (['true', 'yes', 'on', 'y', 't', '1', 'required', 'optional'].includes(text)) return true;
    if (!['false', 'no', 'off', 'n', 'f', '0', 'none'].includes(text)) {
      this.#blameNamed(name, {
        problem: 'is neither true nor false',
        remedy: 'write true or false',
      });
    }
    return false;
  }

  /** A parameter that is a whole number of at least 1. */
  count(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,8}$/.test(text) ? Number(text) : 0;
    if (value > 0) return value;
    this.#blameNamed(name, { problem: 'is not a whole number above 0', remedy: 'write digits' });
    return undefined;
  }

  /** Notes every parameter that nobody has asked for: what is not understood is never ignored. */
  refuseOthers(): void {
    for (const [name, parameter] of this.#byName) {
      if (!this.#asked.has(name)) this.#blame(parameter, name, unknownParameter);
    }
  }

  #blameNamed(name: string, fault: Fault): void {
    const parameter = this.#byName.get(name);
    if (parameter !== undefined) this.#blame(parameter, name, fault);
  }

  #blame({ option, origin }: ConnectionOption, name: string, { problem, remedy }: Fault): void {
    this.mistakes.push({ option, origin, problem: `parameter "${name}" ${problem}`, remedy });
  }
}

const givenTwice: Fault = { problem: 'is given twice', remedy: 'keep one of the two' };
const unknownParameter: Fault = {
  problem: 'is one that this program does not understand',
  remedy:
    'remove it, or set a [database] connection without it in a file of its own and name that file with a second --config-file',
};
