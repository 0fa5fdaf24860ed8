import { corrections } from '../stores/correction.ts';
import {
  describeAmbiguous,
  describeContradicting,
  describeReplaced,
  describeUnmatched,
  introduceRemedy,
} from './group-text.ts';
import { html, type Html, nothing } from './html.ts';
import { groupSection } from './html-list.ts';
import { type BackfillReport, others } from './report.ts';
import { clip } from './text.ts';

/** The sections that list groups of rows; those without any are left out. */
export function renderGroups(report: BackfillReport): readonly Html[] {
  return [
    unmatchedSection(report),
    ambiguousSection(report),
    unreadableSection(report),
    replacedSection(report),
    contradictingSection(report),
    deviationSection(report),
  ];
}

function unmatchedSection({ unmatched }: BackfillReport): Html {
  const title = {
    id: 'unmatched',
    title: 'Unmatched',
    caption:
      'Their URLs lie in no enabled store, so they stay as they are. Where a --map option is shown, it settles the ' +
      'group: check where the images are, then add it to the command.',
  };
  return groupSection(title, unmatched, (group) => {
    const why = describeUnmatched(group);
    return [
      html`<p class="code">${clip(group.shape)}</p>`,
      why === group.shape ? nothing : html`<p>${why}</p>`,
      group.remedy === null
        ? nothing
        : html`<p>${introduceRemedy(group.nearestStore)}</p>
            <pre>${group.remedy}</pre>`,
    ];
  });
}

function ambiguousSection({ ambiguous }: BackfillReport): Html {
  const caption = 'Their URLs lie in several stores equally, so they stay as they are.';
  return groupSection({ id: 'ambiguous', title: 'Ambiguous', caption }, ambiguous, ({ stores }) =>
    describeAmbiguous(stores),
  );
}

function unreadableSection({ unreadable }: BackfillReport): Html {
  const caption = 'Their meta_data or URL cannot be read, so they stay as they are.';
  const title = { id: 'unreadable', title: 'Unreadable', caption };
  return groupSection(title, unreadable, ({ reason }) => reason);
}

function replacedSection({ replacements, dryRun }: BackfillReport): Html {
  const gets = dryRun ? 'would get' : 'got';
  const caption = `They named another store, or what is none, and ${gets} the one that their URL lies in.`;
  const title = { id: 'replaced', title: 'Replaced', caption };
  return groupSection(title, replacements, (group) => describeReplaced(group, gets));
}

function contradictingSection({ contradicting }: BackfillReport): Html {
  const caption =
    'They name an enabled store, yet their URL lies in another one. They stay as they are; ' +
    '--include contradicting replaces the store.';
  const title = { id: 'contradicting', title: 'Contradicting', caption };
  return groupSection(title, contradicting, describeContradicting);
}

function deviationSection({ deviationsFromGlance }: BackfillReport): Html {
  const caption =
    'Here the rule in use chooses otherwise than Glance itself would; --matching glance chooses as Glance does.';
  const title = { id: 'deviations', title: 'Unlike Glance', caption };
  return groupSection(title, deviationsFromGlance, ({ rule, glanceStore, store }) =>
    rule === others
      ? rule
      : html`<p>
            Glance would choose ${glanceStore ?? 'no store'}, here ${store ?? 'none is chosen'}
          </p>
          <p class="detail">${rule}: ${corrections[rule]}</p>`,
  );
}
