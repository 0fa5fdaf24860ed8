import { html, type Html } from './html.ts';
import { notGivenOutcomes } from './outcomes.ts';
import type { BackfillReport } from './report.ts';
import { formatCount } from './text.ts';

/** Colours of the picture: rows that a store has or gets, and rows that stay without. */
type Kind = 'current' | 'assigned' | 'replaced' | 'left';

interface Part {
  readonly kind: Kind;
  readonly name: string;
  readonly count: number;
}

interface Bar {
  readonly name: string;
  readonly parts: readonly Part[];
}

/** Rows by store and outcome, a bar each, on one scale; the numbers stand beside it as text. */
export function renderPicture(report: BackfillReport): Html {
  const bars = listBars(report);
  const most = Math.max(1, ...bars.map(({ parts }) => sumOf(parts)));
  return html`<figure aria-labelledby="picture">
    <ul class="legend" aria-label="Colours">
      ${legend(report).map(([kind, meaning]) => html`<li>${swatch(kind)}${meaning}</li> `)}
    </ul>
    <ul class="bars">
      ${bars.map((bar) => renderBar(bar, most))}
    </ul>
  </figure>`;
}

function listBars({ stores, rows }: BackfillReport): readonly Bar[] {
  const storeBars = stores.map(({ id, current, assigned, replaced }) => ({
    name: id,
    parts: [part('current', current), part('assigned', assigned), part('replaced', replaced)],
  }));
  const left = notGivenOutcomes.map((name) => ({
    kind: 'left' as const,
    name,
    count: rows[name],
  }));
  return sumOf(left) === 0 ? storeBars : [...storeBars, { name: '(no store given)', parts: left }];
}

function part(kind: Exclude<Kind, 'left'>, count: number): Part {
  return { kind, name: kind, count };
}

function sumOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { count }) => sum + count, 0);
}

function legend({ dryRun }: BackfillReport): readonly (readonly [Kind, string])[] {
  return [
    ['current', 'current: right already'],
    ['assigned', dryRun ? 'assigned: would get a store' : 'assigned: got a store'],
    ['replaced', dryRun ? 'replaced: would get another store' : 'replaced: got another store'],
    ['left', 'left as they are'],
  ];
}

function swatch(kind: Kind): Html {
  return html`<svg aria-hidden="true" viewBox="0 0 1 1">
    <rect class="${kind}" width="1" height="1" />
  </svg>`;
}

function renderBar({ name, parts }: Bar, most: number): Html {
  const some = parts.filter(({ count }) => count > 0);
  const counts = some.map((one) => `${formatCount(one.count)} ${one.name}`).join(', ');
  return html`<li>
    <span class="name">${name}</span>
    <span class="row"
      ><svg aria-hidden="true" viewBox="0 0 1000 10" preserveAspectRatio="none">
        ${rects(some, most)}</svg
      ><span class="counts">${counts === '' ? 'no rows' : counts}</span></span
    >
  </li> `;
}

/** Widths are to scale; of what there is at all at least a sliver is seen. */
function rects(parts: readonly Part[], most: number): readonly Html[] {
  let x = 0;
  return parts.map(({ kind, count }) => {
    const width = Math.max(3, Math.round((1000 * count) / most));
    const rect = html`<rect class="${kind}" x="${x}" width="${width}" height="10" />`;
    x += width;
    return rect;
  });
}
