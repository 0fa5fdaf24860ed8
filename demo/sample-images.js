import { deriveHex, deriveUuid } from './derived.js';
import { copies, imagesBeforeTheMove, imagesSinceTheMove } from './sample-groups.js';
import { urls } from './sample-urls.js';

/**
 * @typedef {object} SampleImage
 * @property {string} id
 * @property {Date} createdAt
 * @property {'active' | 'deleted' | 'pending_delete'} status
 * @property {readonly SampleLocation[]} locations
 *
 * @typedef {object} SampleLocation
 * @property {string} url
 * @property {string | null} metaData
 *
 * @typedef {import('./sample-groups.js').Group} Group
 */

const firstImage = Date.UTC(2019, 0, 7);
const millisecondsBetweenImages = 21.3 * 3_600_000;

/**
 * The images of the sample cloud and their locations, oldest first. The same on every call.
 *
 * @returns {SampleImage[]}
 */
export function sampleImages() {
  const groups = [...shuffle(expand(imagesBeforeTheMove)), ...shuffle(expand(imagesSinceTheMove))];
  const copiesToPlace = shuffle(expand(copies));
  return groups.map((group, index) => {
    const copy = mayHaveCopy(group) ? copiesToPlace.pop() : undefined;
    return createImage(index, copy === undefined ? [group] : [group, copy]);
  });
}

/** @type {(group: Group) => boolean} */
const mayHaveCopy = ({ url, status }) => url === urls.ceph && status === undefined;

/** @type {(index: number, groups: readonly [Group, ...Group[]]) => SampleImage} */
function createImage(index, groups) {
  const id = deriveUuid(`image ${index}`);
  return {
    id,
    createdAt: new Date(firstImage + index * millisecondsBetweenImages),
    status: groups[0].status ?? 'active',
    locations: groups.map(({ url, metaData }) => ({ url: url(id), metaData })),
  };
}

/** @type {(groups: readonly Group[]) => Group[]} */
function expand(groups) {
  return groups.flatMap((group) => Array.from({ length: group.count }, () => group));
}

/** @type {(groups: readonly Group[]) => Group[]} */
function shuffle(groups) {
  return groups
    .map((group, index) => ({ group, rank: deriveHex(`rank ${index}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ group }) => group);
}
