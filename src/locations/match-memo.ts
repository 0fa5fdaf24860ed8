import { parseLocationUrl } from '../stores/location-url.ts';
import { isUuid, uuid } from '../stores/uuid.ts';
import type { Match, Matcher, MatcherOptions } from './match.ts';

/** What is known of a kind of URL: its answer, or that each of its images is to be judged by itself. */
type Remembered = Match | 'each';

/** Stands for any image id. No configuration has it, else nothing is remembered. */
const anyImage = 'a11ce5ed-0000-4000-8000-00000000c0de';

const capacity = 4096;

/**
 * Remembers answers by the URL with the image id cut out: a table has millions of URLs, but few kinds of them.
 * When there are too many, all are forgotten.
 *
 * The answer is that for the URL with `anyImage` in the id's place. It holds for every image, because
 * - the rules compare parts of a URL with configured texts, never with each other, and a part that holds the id
 *   equals only a text that holds it, too: images whose id is in the configuration are judged by themselves;
 * - where a prefix has what stands before the id and goes on like an id, or a store looks at the image id, or the
 *   id might end an escape such as `%1`, stands in the scheme, or stands in the URL twice, each image is judged by
 *   itself.
 */
export function memoise(match: Matcher, options: MatcherOptions): Matcher {
  const configured = findUuids(options);
  if (configured.has(anyImage)) return match;
  const isShared = createSharedTest(options);
  const recall = createMemory((head, tail) => {
    const key = head + anyImage + tail;
    return isShared(head, key) ? match(key, anyImage) : 'each';
  });
  return (rawUrl, imageId) => {
    const at = isUuid(imageId) ? rawUrl.indexOf(imageId) : -1;
    if (at < 0 || configured.has(imageId.toLowerCase())) return match(rawUrl, imageId);
    const tail = rawUrl.slice(at + imageId.length);
    const answer = tail.includes(imageId) ? 'each' : recall(rawUrl.slice(0, at), tail);
    return answer === 'each' ? match(rawUrl, imageId) : answer;
  };
}

/** Remembers what `find` says of a URL's head and tail. Two maps: to join the two for one key would cost more. */
function createMemory(
  find: (head: string, tail: string) => Remembered,
): (head: string, tail: string) => Remembered {
  const byHead = new Map<string, Map<string, Remembered>>();
  let size = 0;
  return (head, tail) => {
    const known = byHead.get(head)?.get(tail);
    if (known !== undefined) return known;
    if (size >= capacity) {
      byHead.clear();
      size = 0;
    }
    size++;
    const answer = find(head, tail);
    const byTail = byHead.get(head) ?? new Map<string, Remembered>();
    byHead.set(head, byTail.set(tail, answer));
    return answer;
  };
}

/** Every UUID in the configuration, in lower case. */
function findUuids({ stores, mappings }: MatcherOptions): ReadonlySet<string> {
  const texts = [
    ...prefixesOf({ stores }),
    ...stores.flatMap(({ comparedTexts }) => comparedTexts),
    ...mappings.map(({ prefix }) => prefix),
  ];
  return new Set(texts.flatMap(uuidsIn));
}

/** UUIDs may overlap, so each position is looked at. */
function uuidsIn(text: string): string[] {
  const everywhere = new RegExp(`(?=(${uuid.source}))`, 'gi');
  return [...text.matchAll(everywhere)].map(([, found = '']) => found.toLowerCase());
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
