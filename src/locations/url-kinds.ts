import { isDeepStrictEqual } from 'node:util';
import { parseLocationUrl } from '../stores/location-url.ts';
import { isUuid, uuid, uuidsIn } from '../stores/uuid.ts';
import type { Match, Matcher, MatcherOptions } from './match.ts';

/**
 * URLs that are judged alike, whatever image they are of: its id stands between `head` and `tail`, and nowhere else.
 */
export interface UrlKind {
  readonly head: string;
  readonly tail: string;
  readonly match: Match;
  /** the images, in lower case, whose URLs look like it and are not judged so */
  readonly exceptions: readonly string[];
}

/** @returns undefined for a URL that is to be judged by itself */
export type FindUrlKind = (rawUrl: string, imageId: string) => UrlKind | undefined;

/** Whether an image's URLs may be of a kind: not where its id is no UUID, as somebody has chosen it. */
export function mayBeOfKind(imageId: string): boolean {
  return isUuid(imageId);
}

/** What is known of a head and a tail; `kind` is undefined where each image is to be judged by itself. */
interface Entry {
  readonly head: string;
  readonly tail: string;
  readonly kind: SharedKind | undefined;
}

/** A kind, and the UUIDs in its head and tail, in lower case: a URL of an image called so has the id twice. */
interface SharedKind extends UrlKind {
  readonly ownIds: readonly string[];
}

/** Stands for any image id. No configuration has it, else there are no kinds. */
const anyImage = 'a11ce5ed-0000-4000-8000-00000000c0de';

/** Entries remembered, and how many of those each URL is compared with before it is looked up. */
const capacity = 4096;
const recentEntries = 8;

/**
 * Finds the kind of a URL: a table has millions of URLs, but few kinds of them. When there are too many, all are
 * forgotten.
 *
 * The match is that of the URL with `anyImage` in the id's place. It holds for every image, because
 * - the rules compare parts of a URL with configured texts, never with each other, and a part that holds the id
 *   equals only a text that holds it, too: images whose id is in the configuration are judged by themselves;
 * - where a prefix has what stands before the id and goes on like an id, or a store looks at the image id, or the
 *   id might end an escape such as `%1`, stands in the scheme, or stands in the URL twice, each image is judged by
 *   itself.
 *
 * @param match judges a URL anew
 */
export function createUrlKinds(match: Matcher, options: MatcherOptions): FindUrlKind {
  const spelled = findUuids(options);
  const configured = spelled.map(lowerCase);
  if (configured.includes(anyImage)) return () => undefined;
  const isOrdinary = createOrdinaryTest(configured);
  const isShared = createSharedTest(options);
  const findExceptions = createExceptionFinder(match, options, spelled);
  const recall = createMemory((head, tail) => {
    const key = head + anyImage + tail;
    if (!isShared(head, key)) return undefined;
    const shared = { head, tail, match: match(key, anyImage) };
    const ownIds = [head, tail].flatMap(uuidsIn).map(lowerCase);
    let exceptions: readonly string[] | undefined;
    return {
      ...shared,
      ownIds: ownIds.filter((id) => !configured.includes(id)),
      // Looked for only where a statement is to tell the kind, which is the case for few.
      get exceptions() {
        exceptions ??= findExceptions(shared);
        return exceptions;
      },
    };
  });
  return (rawUrl, imageId) => {
    if (!isOrdinary.test(imageId)) return undefined;
    const kind = recall(rawUrl, imageId);
    if (kind === undefined || kind.ownIds.length === 0) return kind;
    return kind.ownIds.includes(imageId.toLowerCase()) ? undefined : kind;
  };
}

/**
 * Makes the search for a kind's exceptions among the images whose ids are in the configuration, or in the URL once
 * more: their URLs are judged one by one. Texts are compared as they are or without regard to case, so the spelling
 * met and the one in lower case stand for all.
 *
 * What a mapping names stays an exception, as it is to be known whether the mapping was used. So does all with Glance's
 * rule: whether a store may have a URL is asked there beyond the match.
 */
function createExceptionFinder(
  match: Matcher,
  { mappings, matching }: MatcherOptions,
  configured: readonly string[],
): (kind: Pick<UrlKind, 'head' | 'tail' | 'match'>) => readonly string[] {
  const ofMappings = new Set(mappings.flatMap(({ prefix }) => uuidsIn(prefix)).map(lowerCase));
  const isAlways = (id: string): boolean => matching === 'glance' || ofMappings.has(lowerCase(id));
  return ({ head, tail, match: shared }) => {
    const isJudgedAlike = (id: string): boolean =>
      isDeepStrictEqual(match(head + id + tail, id), shared);
    const ids = [...configured, ...uuidsIn(head), ...uuidsIn(tail)];
    const exceptions = ids.filter(
      (id) => isAlways(id) || ![id, lowerCase(id)].every(isJudgedAlike),
    );
    return [...new Set(exceptions.map(lowerCase))];
  };
}

/** Remembers what `find` says of a URL's head and tail. The entries met last are tried first: that costs least. */
function createMemory(
  find: (head: string, tail: string) => SharedKind | undefined,
): (url: string, imageId: string) => SharedKind | undefined {
  const known = new Map<string, Entry>();
  const recent: Entry[] = [];
  const recall = (head: string, tail: string): Entry => {
    const key = `${head.length} ${head}${tail}`;
    const entry = known.get(key) ?? { head, tail, kind: find(head, tail) };
    if (known.size >= capacity) known.clear();
    known.set(key, entry);
    return entry;
  };
  return (url, imageId) => {
    const rest = url.length - imageId.length;
    for (const { head, tail, kind } of recent) {
      if (
        head.length + tail.length === rest &&
        url.startsWith(head) &&
        url.startsWith(imageId, head.length) &&
        url.endsWith(tail)
      ) {
        return kind;
      }
    }
    const at = url.indexOf(imageId);
    if (at < 0) return undefined;
    const entry = recall(url.slice(0, at), url.slice(at + imageId.length));
    recent.unshift(entry);
    recent.splice(recentEntries);
    return entry.kind;
  };
}

/** Matches the ids of images that may share an answer: UUIDs that are not in the configuration. */
function createOrdinaryTest(configured: readonly string[]): RegExp {
  const others = configured.length === 0 ? '' : `(?!(?:${configured.join('|')})$)`;
  return new RegExp(`^${others}${uuid.source}$`, 'i');
}

/** Every UUID in the configuration, as it is spelled. */
function findUuids({ stores, mappings }: MatcherOptions): readonly string[] {
  const texts = [
    ...mappings.map(({ prefix }) => prefix),
    ...prefixesOf({ stores }),
    ...stores.flatMap(({ comparedTexts }) => comparedTexts),
  ];
  return [...new Set(texts.flatMap(uuidsIn))];
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

/** Makes the test whether one answer holds for all images of a kind of URL, `anyImage` standing for the id. */
function createSharedTest({ stores }: MatcherOptions): (head: string, key: string) => boolean {
  const prefixes = prefixesOf({ stores });
  const bound = new Set(stores.flatMap((store) => (store.dependsOnImage ? store.schemes : [])));
  const escape = new RegExp(`%[\\da-f]?${anyImage}`, 'i');
  return (head, key) => {
    if (!head.includes(':') || escape.test(key)) return false;
    const isCut = (prefix: string): boolean =>
      prefix.startsWith(head) && mayBeginId(prefix.slice(head.length));
    return !bound.has(parseLocationUrl(key)?.scheme ?? '') && !prefixes.some(isCut);
  };
}

/** Whether what a prefix has beyond the head could be the beginning of an id: `a1` could, `fast` could not. */
function mayBeginId(text: string): boolean {
  const stretch = text.slice(0, anyImage.length);
  return stretch !== '' && isUuid(stretch + anyImage.slice(stretch.length));
}

function prefixesOf({ stores }: Pick<MatcherOptions, 'stores'>): string[] {
  return stores.flatMap(({ urlPrefix }) => {
    if (urlPrefix.kind === 'unknown') return urlPrefix.mayBe.map(({ start }) => start);
    return urlPrefix.kind === 'known' ? [urlPrefix.value] : [];
  });
}
