import type { ServerStatus } from '../database/server-status.ts';

/** `--max-load NAME=N`: while this status variable is above N the run pauses. */
export interface LoadLimit {
  readonly name: string;
  readonly most: number;
}

/** What a run heeds while it goes on. */
export interface LoadSignals {
  readonly limits: readonly LoadLimit[];
  /** also the state of node and cluster */
  readonly galera: boolean;
}

/** What the server told, and when (ms). */
export interface StatusReading {
  readonly status: ServerStatus;
  readonly at: number;
}

/** Whether the server may be given more work; the reason is one for the operator's eyes. */
export type LoadVerdict =
  { readonly kind: 'go' } | { readonly kind: 'pause'; readonly reason: string };

/** The status variables to read. */
export function statusNames({ limits, galera }: LoadSignals): readonly string[] {
  return [...limits.map(({ name }) => name), ...(galera ? Object.values(galeraNames) : [])];
}

/** The limits that this server cannot be held to: it has no such variable, or none that is a number. */
export function unknownLimits(
  limits: readonly LoadLimit[],
  status: ServerStatus,
): readonly LoadLimit[] {
  return limits.filter(({ name }) => Number.isNaN(numberOf(status, name)));
}

/**
 * Judges one reading.
 *
 * @param before the reading before it, which a counter's growth is told from; undefined for the first
 */
export function judgeLoad(
  { limits, galera }: LoadSignals,
  now: StatusReading,
  before: StatusReading | undefined,
): LoadVerdict {
  const reasons = [
    ...(galera ? [judgeNode(now.status), judgeFlowControl(now, before)] : []),
    ...limits.map((limit) => judgeLimit(limit, now.status)),
  ];
  const reason = reasons.find((each) => each !== undefined);
  return reason === undefined ? { kind: 'go' } : { kind: 'pause', reason };
}

const galeraNames = {
  ready: 'wsrep_ready',
  state: 'wsrep_local_state',
  stateName: 'wsrep_local_state_comment',
  node: 'wsrep_gcomm_uuid',
  pausedNanoseconds: 'wsrep_flow_control_paused_ns',
} as const;

/** `wsrep_local_state`: neither joining, nor a donor, nor taken out of step with `wsrep_desync`. */
const synced = '4';

/**
 * The most of the time (as a share) that flow control may stop the cluster. Every stop keeps Glance's own writes
 * waiting, too, so little is allowed; but a single slow flush on one node is no reason to stand still.
 */
const mostStopped = 0.1;

/**
 * A node that is not in step applies what the others wrote late: our reads, which wait for that, would wait with locks
 * held.
 */
function judgeNode(status: ServerStatus): string | undefined {
  const ready = status.get(galeraNames.ready);
  if (ready !== 'ON') return `the Galera node is not ready (wsrep_ready ${ready ?? 'unknown'})`;
  const state = status.get(galeraNames.state);
  if (state === synced) return undefined;
  return `the Galera node is not synced (${status.get(galeraNames.stateName) ?? state ?? 'state unknown'})`;
}

/** A proxy may have led us to another node meanwhile, whose counter says nothing about this one's. */
function judgeFlowControl(
  now: StatusReading,
  before: StatusReading | undefined,
): string | undefined {
  const { node, pausedNanoseconds } = galeraNames;
  if (Number.isNaN(numberOf(now.status, pausedNanoseconds))) {
    return `the server does not tell ${pausedNanoseconds}`;
  }
  if (before === undefined || before.status.get(node) !== now.status.get(node)) return undefined;
  const stopped =
    numberOf(now.status, pausedNanoseconds) - numberOf(before.status, pausedNanoseconds);
  const share = Math.min(1, stopped / 1e6 / (now.at - before.at));
  if (!(share > mostStopped)) return undefined;
  return `Galera flow control stops the cluster ${percent(share)} of the time > ${percent(mostStopped)}`;
}

function judgeLimit({ name, most }: LoadLimit, status: ServerStatus): string | undefined {
  const value = numberOf(status, name);
  if (Number.isNaN(value)) return `the server does not tell ${name} any more`;
  return value > most ? `${name} ${value} > ${most}` : undefined;
}

/** NaN for what is no number. */
function numberOf(status: ServerStatus, name: string): number {
  const text = status.get(name)?.trim() ?? '';
  return text === '' ? NaN : Number(text);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
