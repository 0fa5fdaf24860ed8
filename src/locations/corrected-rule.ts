import { type Fit, misses, outOfOrder } from '../stores/fit.ts';
import { chooseAsGlance, type GlanceChoice } from '../stores/glance-choice.ts';
import type { LocationUrl } from '../stores/location-url.ts';
import type { Store } from '../stores/store.ts';
import { choose, type StoreFit } from './choice.ts';
import type { Deviation } from './decision.ts';
import { findDeviation } from './deviation.ts';
import type { Mapping } from './mappings.ts';
import type { UrlMatch } from './match.ts';

/** What is to be judged. */
export interface Question {
  readonly url: LocationUrl;
  readonly imageId: string;
  /** stores of the URL's scheme in the order of `enabled_backends`, the reserved ones last */
  readonly candidates: readonly Store[];
  /** the operator's word on this URL */
  readonly mapping: Mapping | undefined;
}

/**
 * Chooses by what a URL says, rather than by how it begins: the operator's mapping, else the most specific fit.
 * Two that are equally specific are too many; a reserved store that is more specific than any other means none.
 */
export function matchCorrected(question: Question): UrlMatch {
  const { url, candidates, mapping } = question;
  const glance = chooseAsGlance(url, candidates);
  if (mapping !== undefined) return matchMapping(mapping, glance);
  const storeFits = judgeAll(question);
  const choice = choose(storeFits);
  const deviation = findDeviation(choice, storeFits, glance);
  switch (choice.kind) {
    case 'one':
      return { kind: 'one', store: choice.fitting.store.id, deviation };
    case 'many':
      return { kind: 'many', stores: choice.fitting.map(({ store }) => store.id), deviation };
    case 'reserved':
      return { kind: 'none', ...explainReserved(choice.fitting.store.id), deviation };
    case 'none':
      return { kind: 'none', ...explainNone(question, storeFits), deviation };
  }
}

function matchMapping({ store }: Mapping, glance: GlanceChoice): UrlMatch {
  const glanceStore = glance.kind === 'one' ? glance.store.id : null;
  const agrees = glance.kind === 'unknown' || glanceStore === store;
  const deviation: Deviation | null = agrees ? null : { rule: 'mapping', glanceStore, store };
  return { kind: 'one', store, deviation };
}

/** How the URL fits each candidate, in their order. */
export function judgeAll(question: Question): readonly StoreFit[] {
  return question.candidates.map((store) => ({ store, fit: judge(store, question) }));
}

/** Where no `://` is, no driver finds the parts of its URLs. */
function judge(store: Store, { url, imageId }: Question): Fit {
  if (url.rest !== '') return store.fit(url, imageId);
  return misses(0, describeMalformed(url), 'malformed-url');
}

function describeMalformed({ scheme }: LocationUrl): string {
  return `the URL does not begin with ${scheme}://`;
}

/** Why no store is chosen; see `Match`. */
type Explanation = Pick<Extract<UrlMatch, { kind: 'none' }>, 'reason' | 'nearestStore'>;

function explainReserved(storeId: string): Explanation {
  const reason =
    `the path is in the directory of ${storeId}, which Glance reserves for itself, ` +
    'and no enabled store has one so deep';
  return { reason, nearestStore: null };
}

function explainNone({ url, imageId }: Question, storeFits: readonly StoreFit[]): Explanation {
  const missed = findMissed(storeFits);
  const agreed = Math.max(...missed.map(({ fit }) => fit.agreed));
  const nearest = missed.filter(({ fit }) => fit.agreed === agreed);
  if (missed.length === 0) {
    // What looks like a scheme may be a user name: only `<scheme>://` is shown.
    const scheme = url.rest === '' ? 'such' : url.scheme;
    return { reason: `no enabled store takes ${scheme} URLs`, nearestStore: null };
  }
  if (url.rest === '') return { reason: describeMalformed(url), nearestStore: null };
  const isNear = agreed >= nearThreshold;
  return {
    reason: forReport(describeMisses(isNear ? nearest : missed), imageId),
    // Of several that are equally near none is named: it would be named by chance.
    nearestStore: isNear && nearest.length === 1 ? (nearest[0]?.store.id ?? null) : null,
  };
}

/** How much of a URL must agree for a store to be called near: half of the first part that differs. */
const nearThreshold = 0.5;

/** An enabled store in which the URL does not lie. */
interface Miss {
  readonly store: Store;
  readonly fit: Extract<Fit, { kind: 'misses' }>;
}

function findMissed(storeFits: readonly StoreFit[]): readonly Miss[] {
  return storeFits.flatMap(({ store, fit }) =>
    fit.kind === 'fits' || store.reserved ? [] : [{ store, fit }],
  );
}

/** Differences that a reason names. */
const mostTold = 4;

/**
 * Why the URL lies in none of these stores: what differs from each, said once where it is the same. Why a store is out
 * of order is told of the store itself.
 */
function describeMisses(missed: readonly Miss[]): string {
  if (missed.every(({ store }) => store.isBroken)) return describeBroken(missed);
  const idsByWhy = new Map<string, string[]>();
  for (const { store, fit } of missed) {
    const why = store.isBroken ? outOfOrder : fit.why;
    idsByWhy.set(why, [...(idsByWhy.get(why) ?? []), store.id]);
  }
  const differences = [...idsByWhy];
  if (differences.length === 1) return differences[0]?.[0] ?? '';
  const more = differences.length > mostTold ? ['…'] : [];
  const parts = differences.slice(0, mostTold).map(([why, ids]) => `${ids.join(', ')}: ${why}`);
  return [...parts, ...more].join('; ');
}

function describeBroken(missed: readonly Miss[]): string {
  const ids = missed.map(({ store }) => store.id).join(', ');
  const who = missed.length === 1 ? `store ${ids} is` : `stores ${ids} are`;
  return `${who} out of order; "stores" says why`;
}

/** Reasons are counted, so they are the same for all images; and shown, so they are not endless. */
function forReport(reason: string, imageId: string): string {
  const spellings = imageId === '' ? [] : [imageId, imageId.toLowerCase()];
  const common = spellings.reduce((text, id) => text.replaceAll(id, '<id>'), reason);
  return common.length > 300 ? `${common.slice(0, 300)}…` : common;
}
