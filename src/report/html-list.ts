import { exampleText } from './group-text.ts';
import type { Listed } from './groups.ts';
import { html, type Html, type HtmlValue, nothing } from './html.ts';
import { formatCount } from './text.ts';

/** What a list of groups is called, and what stands under its title. */
export interface ListTitle {
  /** names the section in links; a plain word */
  readonly id: string;
  readonly title: string;
  readonly caption: HtmlValue;
}

/** A section with a heading. */
export function section(id: string, title: string, content: HtmlValue): Html {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section> `;
}

/**
 * A section that lists groups of rows, largest first, each with its number, description and example; nothing without
 * any.
 */
export function groupSection<T extends Listed>(
  { id, title, caption }: ListTitle,
  groups: readonly T[],
  describe: (group: T) => HtmlValue,
): Html {
  if (groups.length === 0) return nothing;
  const lines = groups.map(
    (group) =>
      html`<tr>
        <th scope="row" class="number">${formatCount(group.count)}</th>
        <td>${describe(group)}${exampleOf(group)}</td>
      </tr> `,
  );
  return section(
    id,
    title,
    html`<table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col" class="number">Rows</th>
          <th scope="col">What they have in common</th>
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>`,
  );
}

function exampleOf({ example }: Listed): Html {
  if (example === null) return nothing;
  return html`<p class="detail">${exampleText(example)}</p>`;
}
