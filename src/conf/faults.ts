import type { Fault } from './mistake.ts';
import type { Referent } from './registry.ts';

const escapeAdvice = 'write $$ where a dollar sign is meant';

/** A `$name` in a value of which nothing may be quoted: the name may be a part of the secret. */
export const badReferenceInSecret: Fault = {
  problem: 'the value holds a dollar sign before what is no name of a Glance option',
  remedy: escapeAdvice,
};

/** An option of several values in the environment, where they cannot be told apart. */
export const severalValuesInEnvironment: Fault = {
  problem: 'an option of several values cannot be set by an environment variable',
  remedy: 'unset the variable and write the option in a configuration file',
};

/**
 * A `$name` that is no option.
 *
 * @param refer what another name would mean, to find out whether only the dot after a name is too much
 */
export function describeBadReference(
  name: string,
  kind: Exclude<Referent['kind'], 'option'>,
  refer: (name: string) => Referent,
): Fault {
  if (kind === 'group') {
    return {
      problem: `the value refers to "$${name}", which is a group of options`,
      remedy: `name one of its options, as in \${${name}.OPTION}, or ${escapeAdvice}`,
    };
  }
  const [prefix = '', ...rest] = name.split('.');
  const shorter = prefix === 'DEFAULT' ? rest.join('.') : prefix;
  const isMeant = rest.length > 0 && refer(shorter).kind === 'option';
  const advice = isMeant ? `write \${${shorter}}` : 'name an option that Glance has';
  return {
    problem: `the value refers to "$${name}", which is no option of Glance`,
    remedy: `${advice}, or ${escapeAdvice}`,
  };
}

/** A value that needs itself. `trail`: the options on the way, the first and the last being the same. */
export function describeCycle(trail: readonly string[]): Fault {
  return {
    problem: `the value refers to itself: ${trail.join(' -> ')}`,
    remedy: `write one of these values without the reference, or ${escapeAdvice}`,
  };
}

/** Characters of a value that a message quotes: a list of sixty stores would hide what is wrong with it. */
const mostQuoted = 200;

/** Puts the value, as the file has it, before what its type says against it; of a secret only the word. */
export function quoteValue(text: string, secret: boolean, { problem, remedy }: Fault): Fault {
  const shown = text.length > mostQuoted ? `${text.slice(0, mostQuoted)}…` : text;
  return { problem: `${secret ? 'the value' : JSON.stringify(shown)} ${problem}`, remedy };
}
