import type { StoreConf } from '../../conf/store-conf.ts';
import type { Correction } from '../correction.ts';
import { type Fit, fits, likeness, misses } from '../fit.ts';
import { quoted, quotedFrom } from '../reason-text.ts';
import { container, seed } from './swift-options.ts';

/** The containers a store writes to. */
export interface Containers {
  /** `swift_store_container`, without slashes at its ends */
  readonly name: string;
  /** how many characters of the image id follow the name; 0 for one container only */
  readonly seed: number;
}

/** Reads the options that name a store's containers. */
export function readContainers(conf: StoreConf): Containers {
  const name = (conf.get(container) ?? '').replace(/^\/+|\/+$/g, '');
  return { name, seed: conf.get(seed) ?? 0 };
}

/** What to know of `swift_store_multiple_containers_seed`. */
export const seedWarning =
  'Glance finds only images in swift_store_container itself, not those in the containers that ' +
  'swift_store_multiple_containers_seed makes';

/** The containers an image may be in. */
export interface ImageContainers {
  /** the plain one first */
  readonly names: readonly string[];
  /** for people, the same for all images */
  readonly description: string;
}

/**
 * The containers of an image, as `get_container_name` has them: a seed of N adds the one named by the first N
 * characters of the image id, and as many more as there are dashes among them.
 */
export function containersOf({ name, seed }: Containers, imageId: string): ImageContainers {
  if (name === '') return { names: [], description: "the store's: it has none" };
  if (seed === 0) return { names: [name], description: quoted(name) };
  const id = imageId.toLowerCase();
  const dashes = id.slice(0, seed).split('-').length - 1;
  return {
    names: [name, `${name}_${id.slice(0, seed + dashes)}`],
    description: `${quoted(name)} or "${name}_" with ${seed} characters of the image id`,
  };
}

/** What is known before container and object are looked at. */
export interface ContainerFit {
  /** what follows `://` */
  readonly rest: string;
  readonly agreed: number;
  readonly depth: number;
  readonly correction: Correction;
}

/** Judges what follows the account: `<container>/<object>`. */
export function fitContainer(
  path: string,
  { names, description }: ImageContainers,
  { rest, agreed, depth, correction }: ContainerFit,
): Fit {
  const [name = '', ...object] = path.split('/');
  const index = names.indexOf(name);
  if (index < 0) {
    const alike = likeness(name, names[0] ?? '');
    return misses(agreed + alike, `container ${quotedFrom(rest, name)} is not ${description}`);
  }
  if (object.every((part) => part === '')) return misses(agreed + 1, 'the URL names no object');
  return fits(depth + 1, index > 0 ? 'container-seed' : correction);
}
