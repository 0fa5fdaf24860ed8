import { describe, expect, it } from 'vitest';
import {
  judgeLoad,
  statusNames,
  type StatusReading,
  unknownLimits,
} from '../../../src/backfill/server-load.ts';
import { toServerStatus } from '../../../src/database/server-status.ts';

const limits = [{ name: 'Threads_running', most: 25 }];

/** A reading at this moment (ms). */
function reading(at: number, status: Readonly<Record<string, string>>): StatusReading {
  return { at, status: toServerStatus(Object.entries(status)) };
}

const synced = {
  wsrep_ready: 'ON',
  wsrep_local_state: '4',
  wsrep_local_state_comment: 'Synced',
  wsrep_gcomm_uuid: 'one',
  wsrep_flow_control_paused_ns: '0',
};

const go = { kind: 'go' };
const pause = (reason: string) => ({ kind: 'pause', reason });

describe('limits on status variables', () => {
  const judge = (status: Readonly<Record<string, string>>) =>
    judgeLoad({ limits, galera: false }, reading(0, status), undefined);

  it.each(['0', '25', '24.9'])('let the run go on at %s', (value) => {
    expect(judge({ Threads_running: value })).toEqual(go);
  });

  it('pause it above, with value and limit', () => {
    expect(judge({ Threads_running: '41' })).toEqual(pause('Threads_running 41 > 25'));
  });

  it('pause it when the variable is gone, or no number', () => {
    const gone = pause('the server does not tell Threads_running any more');
    expect(judge({})).toEqual(gone);
    expect(judge({ Threads_running: '' })).toEqual(gone);
    expect(judge({ Threads_running: 'many' })).toEqual(gone);
  });

  it('are found whatever the case', () => {
    const verdict = judgeLoad(
      { limits: [{ name: 'threads_RUNNING', most: 1 }], galera: false },
      reading(0, { Threads_running: '2' }),
      undefined,
    );
    expect(verdict).toEqual(pause('threads_RUNNING 2 > 1'));
  });

  it('are all heeded', () => {
    const both = [...limits, { name: 'Threads_connected', most: 3 }];
    const verdict = judgeLoad(
      { limits: both, galera: false },
      reading(0, { Threads_running: '1', Threads_connected: '4' }),
      undefined,
    );
    expect(verdict).toEqual(pause('Threads_connected 4 > 3'));
  });

  it('are unknown where the server has no such number', () => {
    const status = toServerStatus([
      ['Threads_running', '1'],
      ['Ssl_cipher', 'AES'],
    ]);
    const names = ['threads_running', 'Ssl_cipher', 'Thread_running'];
    const unknown = unknownLimits(
      names.map((name) => ({ name, most: 1 })),
      status,
    );
    expect(unknown.map(({ name }) => name)).toEqual(['Ssl_cipher', 'Thread_running']);
  });
});

describe('Galera', () => {
  const judge = (now: StatusReading, before?: StatusReading) =>
    judgeLoad({ limits: [], galera: true }, now, before);

  it('asks for the state of the node, besides the limits', () => {
    expect(statusNames({ limits, galera: false })).toEqual(['Threads_running']);
    const names = statusNames({ limits, galera: true });
    expect(names).toEqual(['Threads_running', ...Object.keys(synced)].sort(byOrderOf(names)));
    expect(names).toHaveLength(6);
  });

  it('goes on while the node is synced', () => {
    expect(judge(reading(0, synced))).toEqual(go);
  });

  it.each([
    ['1', 'Joining'],
    ['2', 'Donor/Desynced'],
    ['3', 'Joined'],
  ])('pauses in state %s, %s', (state, name) => {
    const status = { ...synced, wsrep_local_state: state, wsrep_local_state_comment: name };
    expect(judge(reading(0, status))).toEqual(pause(`the Galera node is not synced (${name})`));
  });

  it('pauses while the node is not ready', () => {
    expect(judge(reading(0, { ...synced, wsrep_ready: 'OFF' }))).toEqual(
      pause('the Galera node is not ready (wsrep_ready OFF)'),
    );
    expect(judge(reading(0, {}))).toEqual(
      pause('the Galera node is not ready (wsrep_ready unknown)'),
    );
  });

  const stoppedFor = (ms: number) => ({ ...synced, wsrep_flow_control_paused_ns: `${ms}000000` });

  it.each([
    [0, go],
    [100, go],
    [101, pause('Galera flow control stops the cluster 10 % of the time > 10 %')],
    [350, pause('Galera flow control stops the cluster 35 % of the time > 10 %')],
    [5_000, pause('Galera flow control stops the cluster 100 % of the time > 10 %')],
  ])(
    'of a second %i ms of flow control are judged by the share since the last reading',
    (ms, verdict) => {
      const before = reading(5_000, stoppedFor(70_000));
      expect(judge(reading(6_000, stoppedFor(70_000 + ms)), before)).toEqual(verdict);
    },
  );

  it('makes nothing of a counter that it has not seen before, or that is of another node', () => {
    expect(judge(reading(0, stoppedFor(70_000)))).toEqual(go);
    const elsewhere = { ...stoppedFor(0), wsrep_gcomm_uuid: 'two' };
    expect(judge(reading(1_000, stoppedFor(70_000)), reading(0, elsewhere))).toEqual(go);
    expect(judge(reading(1_000, stoppedFor(0)), reading(0, stoppedFor(70_000)))).toEqual(go);
  });
});

function byOrderOf(names: readonly string[]) {
  return (a: string, b: string): number => names.indexOf(a) - names.indexOf(b);
}
