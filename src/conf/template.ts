/** Text with its references replaced; `failed` when one could not be. */
export type Substitution =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'failed' };

/** Dots are part of a name: `$a.b` is the one name `a.b` (oslo_config/cfg.py, class Template). */
const referencePattern =
  /\$(?:(?<escaped>\$)|(?<named>[_a-z][._a-z0-9]*)|\{(?<braced>[_a-z][._a-z0-9]*)\})/gi;

/**
 * Replaces `$name` and `${name}` by what `lookUp` gives for the name (oslo_config/cfg.py, `_substitute`).
 *
 * `$$` and `\$` are a literal dollar sign, and so is one before anything else. The first failure is the result.
 */
export function substitute(text: string, lookUp: (name: string) => Substitution): Substitution {
  const template = text.replaceAll('\\$', () => '$$');
  let result = '';
  let end = 0;
  for (const match of template.matchAll(referencePattern)) {
    const name = match.groups?.['named'] ?? match.groups?.['braced'];
    const inserted = name === undefined ? ({ kind: 'text', text: '$' } as const) : lookUp(name);
    if (inserted.kind === 'failed') return inserted;
    result += template.slice(end, match.index) + inserted.text;
    end = match.index + match[0].length;
  }
  return { kind: 'text', text: result + template.slice(end) };
}
