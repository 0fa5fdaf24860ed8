import {
  badReferenceInSecret,
  describeBadReference,
  describeCycle,
  quoteValue,
  severalValuesInEnvironment,
} from './faults.ts';
import type { IniFile } from './ini.ts';
import type { Fault, Mistake, Origin } from './mistake.ts';
import type { Option, Reading } from './options.ts';
import { optionLabel, OptionRegistry } from './registry.ts';
import { findLookAlikes, findMistyped, type Mistyped } from './look-alikes.ts';
import { indexSettings, type Setting } from './settings.ts';
import { substitute, type Substitution } from './template.ts';

/** Environment variables by name, as in process.env. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** An option being read, and the labels of the options whose values led to it, its own last. */
interface Reader {
  readonly group: string;
  readonly option: Option<unknown>;
  readonly trail: readonly string[];
}

/** A value, Python's None, or a failure that is noted among the mistakes. */
type Result<T> = Exclude<Reading<T>, { kind: 'wrong' }> | { readonly kind: 'failed' };

/**
 * The configuration as Glance reads it: environment over files, later files over earlier ones
 * (oslo_config/cfg.py, class ConfigOpts).
 *
 * A value may refer to registered options only, so register them all before the first value is read.
 */
export class Conf {
  readonly #files: readonly IniFile[];
  readonly #findInFiles: ReturnType<typeof indexSettings>;
  readonly #environment: Environment;
  readonly #registry = new OptionRegistry();
  readonly #syntaxMistakes: readonly Mistake[];
  readonly #mistakes = new Map<string, Mistake>();

  /** @param files in the order they are read */
  constructor(files: readonly IniFile[], environment: Environment) {
    this.#syntaxMistakes = files.flatMap(({ mistakes }) => mistakes);
    this.#files = files;
    this.#findInFiles = indexSettings(files);
    this.#environment = environment;
  }

  /** Mistakes in the files' syntax, and in the values read so far, each option's once. */
  get mistakes(): readonly Mistake[] {
    return [...this.#syntaxMistakes, ...this.#mistakes.values()];
  }

  /** Whether every line is understood. If not, what seems to be unset may stand in a line that is not. */
  get isWhole(): boolean {
    return this.#syntaxMistakes.length === 0;
  }

  /** Makes options known to `$name` references. The first registration of a name stays. */
  register(group: string, options: readonly Option<unknown>[]): void {
    this.#registry.register(group, options);
  }

  /** The option's value or default; undefined when it has none or cannot be read (then see `mistakes`). */
  get<T>(group: string, option: Option<T>): T | undefined {
    const reading = this.#read(group, option, []);
    return reading.kind === 'value' ? reading.value : undefined;
  }

  /** Whether the environment or a file sets the option, be it to nothing. */
  isSet(group: string, option: Option<unknown>): boolean {
    return this.#find(group, option) !== undefined;
  }

  /**
   * The assignment that was perhaps meant for an option that is set nowhere: its name mistyped, or in another section.
   *
   * @param lack what is missing then
   */
  findMisplaced(group: string, option: Option<unknown>, lack: string): Mistake | undefined {
    const [lookAlike] = this.isSet(group, option) ? [] : findLookAlikes(this.#files, option.name);
    if (lookAlike === undefined) return undefined;
    const { section, name, origin } = lookAlike;
    return {
      origin,
      option: optionLabel(section, name),
      problem: `is not what Glance reads, and ${lack}`,
      remedy: `if it is to be ${option.name}, write that name, in section [${group}]`,
    };
  }

  /** The assignments of a group that are none of its options, and those whose names they nearly have. */
  findMistyped(group: string, options: readonly Option<unknown>[]): readonly Mistyped[] {
    const names = options.flatMap(({ name, deprecatedNames = [] }) => [
      name,
      ...deprecatedNames.map((deprecated) => deprecated.name),
    ]);
    return findMistyped(this.#files, group, names);
  }

  /** Where the option is set; undefined when it is not. */
  origin(group: string, option: Option<unknown>): Origin | undefined {
    return this.#find(group, option)?.origin;
  }

  /** A mistake in an option's value, for the caller to throw with the others. */
  mistake(group: string, option: Option<unknown>, fault: Fault): Mistake {
    const origin = this.origin(group, option);
    return { origin, option: optionLabel(group, option.name), ...fault };
  }

  #find(group: string, option: Option<unknown>): Setting | undefined {
    const variable = `OS_${group.toUpperCase()}__${option.name.toUpperCase()}`;
    const text = this.#environment[variable];
    if (text !== undefined) {
      // Of an option of several values the empty text is none, not one.
      const texts = text === '' && option.type.counts === 'all' ? [] : [text];
      return { texts, origin: { kind: 'environment', variable } };
    }
    const names = [{ name: option.name }, ...(option.deprecatedNames ?? [])];
    return this.#findInFiles(
      names.map((name) => ({ group, ...name })),
      option.type.counts,
    );
  }

  #read<T>(group: string, option: Option<T>, trail: readonly string[]): Result<T> {
    const setting = this.#find(group, option);
    const texts = setting?.texts ?? defaultTexts(option);
    if (texts === undefined) return { kind: 'unset' };
    if (setting !== undefined && isTornApart(setting, option)) {
      return this.#note(group, option, severalValuesInEnvironment);
    }
    const reader = { group, option, trail: [...trail, optionLabel(group, option.name)] };
    const substituted: string[] = [];
    for (const text of texts) {
      const substitution = substitute(text, (name) => this.#refer(name, reader));
      if (substitution.kind === 'failed') return substitution;
      substituted.push(substitution.text);
    }
    const reading = option.type.read(substituted);
    if (reading.kind !== 'wrong') return reading;
    // Quoted as it was before substitution: what it refers to may be a secret.
    const raw = texts.at(-1) ?? '';
    return this.#note(group, option, quoteValue(raw, option.secret === true, reading.fault));
  }

  /** What stands for `$name` in the reader's value. */
  #refer(name: string, reader: Reader): Substitution {
    const lookUp = (other: string) => this.#registry.refer(other, reader.group);
    const referent = lookUp(name);
    if (referent.kind !== 'option') {
      const fault = reader.option.secret
        ? badReferenceInSecret
        : describeBadReference(name, referent.kind, lookUp);
      return this.#note(reader.group, reader.option, fault);
    }
    const { group, option } = referent;
    const label = optionLabel(group, option.name);
    if (reader.trail.includes(label)) {
      return this.#note(reader.group, reader.option, describeCycle([...reader.trail, label]));
    }
    const result = this.#read(group, option, reader.trail);
    if (result.kind === 'failed') return result;
    // As class StrSubWrapper does: an option without a value is the empty text.
    const text = result.kind === 'unset' ? '' : option.type.toPython(result.value);
    return { kind: 'text', text };
  }

  #note(group: string, option: Option<unknown>, fault: Fault): { readonly kind: 'failed' } {
    this.#mistakes.set(optionLabel(group, option.name), this.mistake(group, option, fault));
    return { kind: 'failed' };
  }
}

function defaultTexts(option: Option<unknown>): readonly string[] | undefined {
  return option.default === undefined ? undefined : [option.default];
}

/** Upstream takes each character of a variable for a value of its own where the option has several. */
function isTornApart({ origin, texts }: Setting, { type }: Option<unknown>): boolean {
  return origin.kind === 'environment' && type.counts === 'all' && texts.length > 0;
}
