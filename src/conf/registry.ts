import type { Option } from './options.ts';

/** What a `$name` names. */
export type Referent =
  | { readonly kind: 'option'; readonly group: string; readonly option: Option<unknown> }
  | { readonly kind: 'group' }
  | { readonly kind: 'nothing' };

/** The options that a `$name` in a value may refer to (oslo_config/cfg.py, `register_opt`). */
export class OptionRegistry {
  readonly #groups = new Map<string, Map<string, Option<unknown>>>([['DEFAULT', new Map()]]);
  readonly #oldNames = new Map<string, Option<unknown>>();

  /** Adds options to a group. The first one of a name stays. */
  register(group: string, options: readonly Option<unknown>[]): void {
    const registered = this.#groups.get(group) ?? new Map<string, Option<unknown>>();
    this.#groups.set(group, registered);
    for (const option of options) {
      if (registered.has(option.name)) continue;
      registered.set(option.name, option);
      for (const old of option.deprecatedNames ?? []) {
        // Upstream files an old name without a group under DEFAULT, and stumbles over those of other groups.
        if ((old.group ?? 'DEFAULT') === group)
          this.#oldNames.set(optionLabel(group, old.name), option);
      }
    }
  }

  /**
   * Finds what `$name` means in a value of `group` (oslo_config/cfg.py, class StrSubWrapper): `group.option`,
   * else an option of the same group, else one of `[DEFAULT]`, where a group of that name comes first.
   */
  refer(name: string, group: string): Referent {
    const [prefix = name, ...rest] = name.split('.');
    // Upstream knows no group named DEFAULT: its options are named alone.
    if (rest.length > 0) return prefix === 'DEFAULT' ? nothing : this.#find(prefix, rest.join('.'));
    const own = group === 'DEFAULT' ? nothing : this.#find(group, name);
    if (own.kind === 'option') return own;
    const isGroup = name !== 'DEFAULT' && this.#groups.has(name);
    return isGroup ? { kind: 'group' } : this.#find('DEFAULT', name);
  }

  #find(group: string, name: string): Referent {
    const registered = this.#groups.get(group);
    if (registered === undefined) return nothing;
    const option = registered.get(name) ?? this.#oldNames.get(optionLabel(group, name));
    return option === undefined ? nothing : { kind: 'option', group, option };
  }
}

const nothing = { kind: 'nothing' } as const;

/** `[group] option`, as messages name it. */
export function optionLabel(group: string, name: string): string {
  return `[${group}] ${name}`;
}
