import { listCosts } from './costs.ts';
import { html, Html, type HtmlValue, nothing } from './html.ts';
import { renderGroups } from './html-groups.ts';
import { section } from './html-list.ts';
import { renderPicture } from './html-picture.ts';
import { htmlStyle } from './html-style.ts';
import { listOutcomes, notGivenOutcomes, stopText, sumRows } from './outcomes.ts';
import type { BackfillReport, StoreReport } from './report.ts';
import { rewrittenRows } from './tally.ts';
import { formatCount, plural, shellQuote } from './text.ts';

/** How every page of a report begins: by this an earlier one is known. */
export const htmlReportStart = '<!doctype html>\n<!-- glance-store-backfill/report@1 -->\n';

/**
 * The report as one page that needs nothing besides: no script, no font, no picture is fetched. Every value in it is
 * escaped. Ends in a newline.
 */
export function renderReportHtml(report: BackfillReport): string {
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta
        http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'unsafe-inline'"
      />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${titleOf(report)} - ${report.database.name}</title>
      <style>
        ${new Html(htmlStyle)}
      </style>
    </head>
    <body>
      <main>
        ${headline(report)} ${section('summary', 'Summary', summaryTable(report))}
        ${costSection(report)}
        ${section('picture', 'Rows by store and outcome', renderPicture(report))}
        ${section('stores', 'Stores', storeTable(report))} ${renderGroups(report)}
        ${section('undo', 'Journal, and how to undo', undoText(report))}
      </main>
    </body>
  </html> `;
  return htmlReportStart + page.markup;
}

function titleOf({ dryRun }: BackfillReport): string {
  return dryRun ? "Dry run of a backfill of Glance's stores" : "Backfill of Glance's stores";
}

function headline(report: BackfillReport): Html {
  const stopped = stopText(report);
  const isProblem = stopped !== null || report.refusals.length > 0;
  return html`<h1>${titleOf(report)}</h1>
    <div class="verdict${isProblem ? ' stopped' : ''}">
      <p><strong>${verdict(report)}</strong></p>
      <p>${consequence(report)}</p>
      ${stopped === null ? nothing : html`<p class="problem">${stopped}</p>`}
      ${report.refusals.map(
        (why) => html`<p class="problem">Such a run would be refused: ${why}</p>`,
      )}
    </div>
    <dl>
      ${facts(report).map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd> `,
      )}
    </dl>`;
}

/** The one thing a change board asks. */
function verdict({ dryRun, rows }: BackfillReport): string {
  const written = plural(rewrittenRows(rows), 'row');
  const left = formatCount(sumRows(rows, notGivenOutcomes));
  return dryRun
    ? `${written} would be written, ${left} would be left.`
    : `${written} written, ${left} left.`;
}

function consequence({ dryRun, database }: BackfillReport): string {
  const [sets, changes] = dryRun
    ? ['Nothing was written. A run would set', 'change']
    : ['The run has set', 'changed'];
  return (
    `${sets} "store" in meta_data, and updated_at, of these rows of table image_locations in database ` +
    `${database.name}, and ${changes} nothing else: no image, no URL, no storage.`
  );
}

function facts(report: BackfillReport): readonly (readonly [string, string])[] {
  const { database, rows, seconds, rowsPerSecond, matching } = report;
  const rate = rowsPerSecond > 0 ? `, ${formatCount(rowsPerSecond)} rows/s` : '';
  return [
    ['Database', `${database.name} on ${database.server}`],
    ['Started', utc(report.startedAt)],
    ['Finished', `${utc(report.finishedAt)} (${seconds.toFixed(1)} s${rate})`],
    ['Looked at', plural(rows.examined, 'row')],
    ['Mode', report.dryRun ? 'dry run, nothing was written' : 'run, rows were written'],
    ['Matching', matching === 'glance' ? 'glance: as Glance itself chooses' : 'corrected'],
    ['Program', `glance-store-backfill ${report.version}`],
    ['Exit code', String(report.exitCode)],
  ];
}

function utc(time: string): string {
  return `${time.slice(0, 19).replace('T', ' ')} UTC`;
}

function table(caption: string, columns: readonly string[], lines: HtmlValue): Html {
  const [first = '', ...numbers] = columns;
  return html`<table${numbers.length > 1 ? html` class="several"` : nothing}>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">${first}</th>
        ${numbers.map((name) => html`<th scope="col" class="number">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${lines}
    </tbody>
  </table>`;
}

/** One line: what it is about, then numbers. */
function line(name: HtmlValue, numbers: readonly number[]): Html {
  const cells = numbers.map((count) => html`<td class="number">${formatCount(count)}</td>`);
  return html`<tr>
    <th scope="row">${name}</th>
    ${cells}
  </tr> `;
}

function summaryTable({ rows, dryRun }: BackfillReport): Html {
  const lines = listOutcomes(rows, dryRun).map(({ kind, meaning, problem }) => {
    const name = problem && rows[kind] > 0 ? html`<span class="problem">${kind}</span>` : kind;
    return line([name, html` <span class="detail">${meaning}</span>`], [rows[kind]]);
  });
  const caption =
    'Every row that was looked at has one outcome; contradicting rows are current ones.';
  return table(caption, ['Outcome', 'Rows'], [line('looked at', [rows.examined]), lines]);
}

function costSection({ costs, dryRun, stoppedBy }: BackfillReport): Html {
  const found = listCosts(costs).some(({ before }) => before > 0);
  if (!found) return nothing;
  const seen = stoppedBy === null ? '' : ' Only rows that were looked at are counted.';
  const caption =
    `Locations that make Glance work, before the run and after it${dryRun ? ', once it writes' : ''}. ` +
    `A location without a store is found by its URL each time, until Glance may save what it found.${seen}`;
  const lines = listCosts(costs).map(({ before, after, meaning }) =>
    line(meaning, [before, after]),
  );
  return section(
    'costs',
    'What it costs to leave things as they are',
    table(caption, ['Cost', 'Before', 'After'], lines),
  );
}

function storeTable({ stores, dryRun }: BackfillReport): Html {
  const caption = `The enabled stores in the order of enabled_backends, and the rows that name each${dryRun ? ' or would' : ''}.`;
  const lines = stores.map((store) =>
    line([store.id, storeDetails(store)], [store.current, store.assigned, store.replaced]),
  );
  return table(caption, ['Store', 'Current', 'Assigned', 'Replaced'], lines);
}

function storeDetails({ type, urlPrefix, error }: StoreReport): HtmlValue {
  return [
    html` <span class="detail">${type}</span>`,
    urlPrefix === null ? nothing : html`<p class="detail code">${urlPrefix}</p>`,
    error === null
      ? nothing
      : html`<p class="detail"><span class="problem">no prefix:</span> ${error}</p>`,
  ];
}

function undoText({ journal, dryRun }: BackfillReport): Html {
  if (journal === null) {
    return dryRun
      ? html`<p>
          A dry run writes nothing: there is nothing to undo. A run that writes keeps a journal, and
          names it in its report; with it, glance-store-backfill undo JOURNAL puts the rows back.
        </p>`
      : html`<p>
          No journal was kept, either because nothing was written or because --journal none was
          given.
        </p>`;
  }
  const command = `glance-store-backfill undo ${shellQuote(journal)}`;
  return html`<p>The journal holds these rows' meta_data before and after:</p>
    <pre>${journal}</pre>
    <p>
      This puts back every row that nobody has touched since; with --dry-run it shows what it would
      do:
    </p>
    <pre>
${command} --dry-run
${command}</pre>`;
}
