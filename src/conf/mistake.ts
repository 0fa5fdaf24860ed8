/** Where a value came from: a line of a file, or an environment variable. */
export type Origin =
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  | { readonly kind: 'environment'; readonly variable: string };

/** What is wrong with something, and what to do about it. */
export interface Fault {
  /** what is wrong; never holds a secret value */
  readonly problem: string;
  /** what to do about it */
  readonly remedy: string;
}

/** One thing wrong with the operator's configuration, in words that lead to its repair. */
export interface Mistake extends Fault {
  /** undefined when nothing in particular is at fault, such as an option that stands nowhere */
  readonly origin: Origin | undefined;
  /** group and option at fault, as `[group] option`; undefined for a line that is no option */
  readonly option: string | undefined;
}

/** The operator's configuration cannot be used: every mistake found, each once, to be shown together. */
export class ConfError extends Error {
  override readonly name = 'ConfError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    // What several readers of one value find is one mistake.
    const distinct = new Map(
      [...mistakes].sort(byPlace).map((mistake) => [renderMistake(mistake), mistake]),
    );
    super([...distinct.keys()].join('\n'));
    this.mistakes = [...distinct.values()];
  }
}

/** In the order an operator goes through a file; what has no line there comes last. */
function byPlace({ origin: one }: Mistake, { origin: other }: Mistake): number {
  if (one?.kind !== 'file' || other?.kind !== 'file') {
    return Number(one?.kind !== 'file') - Number(other?.kind !== 'file');
  }
  return one.file.localeCompare(other.file) || one.line - other.line;
}

/** `glance-api.conf:42: [ceph] rbd_store_pool: <problem>; <remedy>` */
export function renderMistake({ origin, option, problem, remedy }: Mistake): string {
  const place = origin === undefined ? undefined : renderOrigin(origin);
  return `${[place, option, problem].filter((part) => part !== undefined).join(': ')}; ${remedy}`;
}

/** `glance-api.conf:42` or `environment variable OS_CEPH__RBD_STORE_POOL` */
function renderOrigin(origin: Origin): string {
  return origin.kind === 'file'
    ? `${origin.file}:${origin.line}`
    : `environment variable ${origin.variable}`;
}
