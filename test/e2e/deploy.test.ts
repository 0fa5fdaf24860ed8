import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments, parse, stringify } from 'yaml';
import { parseDuration } from '../../src/cli-values.ts';
import { exitCode } from '../../src/exit-code.ts';
import { projectRoot } from '../support/cli.ts';
import { runProgram } from '../support/programs.ts';
import { makeSampleCloud, type SampleCloud } from '../support/sample-cloud.ts';
import { readUnit } from '../support/unit-file.ts';
import { makeWorkplace, type Workplace } from '../support/workplace.ts';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const service = readUnit(read('deploy/glance-store-backfill.service'));
const program = '/usr/local/bin/glance-store-backfill';
const state = '/var/lib/glance-store-backfill';
const page = read('docs/cron.md');

/** The value of an option in a command line, however it is joined to it. */
function optionOf(words: readonly string[], name: string): string {
  const line = words.join(' ');
  const [, value] = new RegExp(`${name}[= ](\\S+)`).exec(line) ?? [];
  if (value === undefined) throw new Error(`no ${name} in ${line}`);
  return value;
}

/** Runs a command line of deploy/ in a sample cloud, twice, with its paths moved there. */
async function runTwice(words: readonly string[], cloud: SampleCloud) {
  mkdirSync(cloud.path('state'));
  const moved = words.map((word) =>
    word
      .replace('/etc/glance/glance-api.conf', 'glance-api.conf.example')
      .replace(state, cloud.path('state')),
  );
  return [await cloud.run(moved), await cloud.run(moved)] as const;
}

/** What the first night writes and the second does not. */
async function expectTwoNights(words: readonly string[], files: readonly string[]): Promise<void> {
  const cloud = makeSampleCloud();
  try {
    const [first, second] = await runTwice(words, cloud);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/: 2,644 rows written .*; journal \/.*\n$/);
    expect(second).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readdirSync(cloud.path('state/journals'))).toHaveLength(1);
    expect(readdirSync(cloud.path('state')).sort()).toEqual([...files].sort());
  } finally {
    cloud.remove();
  }
}

describe('the systemd units', () => {
  let copies: Workplace;
  const [command = '', ...words] = service('ExecStart')[0]?.split(' ') ?? [];

  beforeAll(() => {
    copies = makeWorkplace();
    // systemd wants the program to be there.
    const text = read('deploy/glance-store-backfill.service').replace(program, '/bin/true');
    copies.write('glance-store-backfill.service', text);
    copies.write('glance-store-backfill.timer', read('deploy/glance-store-backfill.timer'));
  });
  afterAll(() => {
    copies.remove();
  });

  it.each(['service', 'timer'])('systemd finds no fault with the %s', (kind) => {
    const path = copies.path(`glance-store-backfill.${kind}`);
    const verified = runProgram('systemdAnalyze', ['verify', '--man=no', path]);
    expect(verified).toEqual({ code: 0, output: '' });
  });

  it('let the service reach little besides the database', () => {
    const path = copies.path('glance-store-backfill.service');
    // Tenths: 2.0 of 10, where a service without any protection has 9.6.
    const how = ['security', '--offline=yes', '--threshold=20', '--no-pager', path];
    const { code, output } = runProgram('systemdAnalyze', how);
    expect(code, output).toBe(0);
  });

  it('run a command line that works, and is silent when there is nothing to do', async () => {
    expect(command).toBe(program);
    await expectTwoNights(words, ['glance-store-backfill.prom', 'journals']);
  });

  it('let the run write where it is to write', () => {
    expect(service('StateDirectory').map((name) => `/var/lib/${name}`)).toEqual([state]);
    for (const name of ['--journal', '--metrics-file']) {
      expect(optionOf(words, name)).toMatch(new RegExp(`^${state}/`));
    }
  });

  it('let --run-time end the run before systemd does', () => {
    const [limit = ''] = service('TimeoutStartSec');
    expect(parseDuration(optionOf(words, '--run-time'))).toBeLessThan(parseDuration(limit));
  });

  it('take only real failures for failures', () => {
    const { done, failed, usage, interrupted, ...good } = exitCode;
    const listed = service('SuccessExitStatus').join(' ').split(' ').map(Number);
    expect(listed).toEqual(Object.values(good));
    for (const code of [done, failed, usage, interrupted]) expect(listed).not.toContain(code);
  });
});

interface CronJob {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: {
    readonly concurrencyPolicy: string;
    readonly schedule: string;
    readonly jobTemplate: { readonly spec: JobSpec };
  };
}

interface JobSpec {
  readonly activeDeadlineSeconds: number;
  readonly backoffLimit: number;
  readonly template: { readonly spec: PodSpec };
}

interface PodSpec {
  readonly restartPolicy: string;
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly env?: unknown;
    readonly securityContext: unknown;
    readonly volumeMounts: readonly { name: string; mountPath: string; readOnly?: boolean }[];
  }[];
  readonly volumes: readonly {
    readonly name: string;
    readonly secret?: { readonly defaultMode: number };
    readonly persistentVolumeClaim?: { readonly claimName: string };
  }[];
}

describe('the CronJob', () => {
  const documents = parseAllDocuments(read('deploy/cronjob.yaml'));
  const [cronJob, claim] = documents.map((document) => document.toJS() as unknown) as [
    CronJob,
    { readonly kind: string; readonly metadata: { readonly name: string } },
  ];
  const job = cronJob.spec.jobTemplate.spec;
  const pod = job.template.spec;
  const [container] = pod.containers;
  if (container === undefined) throw new Error('no container');

  it('is YAML, of the kinds that Kubernetes knows', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    expect(cronJob).toMatchObject({ apiVersion: 'batch/v1', kind: 'CronJob' });
    expect(claim.kind).toBe('PersistentVolumeClaim');
  });

  it('runs a command line that works, and is silent when there is nothing to do', async () => {
    await expectTwoNights(container.args, ['journals']);
  });

  it('begins no run beside another one, and repeats none by itself', () => {
    expect(cronJob.spec.concurrencyPolicy).toBe('Forbid');
    expect([job.backoffLimit, pod.restartPolicy]).toEqual([0, 'Never']);
  });

  it('lets --run-time end the run before Kubernetes does', () => {
    const runTime = parseDuration(optionOf(container.args, '--run-time'));
    expect(runTime).toBeLessThan(job.activeDeadlineSeconds * 1000);
  });

  it('gives the run no right that it does not need', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('mounts the configuration as a secret, read-only, and keeps journals on a volume that stays', () => {
    const mounts = container.volumeMounts.map((mount) => ({
      ...mount,
      volume: pod.volumes.find(({ name }) => name === mount.name),
    }));
    const at = (path: string) => mounts.find(({ mountPath }) => mountPath === path);
    expect(mounts.filter(({ volume }) => volume === undefined)).toEqual([]);
    expect(at('/etc/glance')).toMatchObject({
      readOnly: true,
      volume: { secret: { defaultMode: 0o440 } },
    });
    expect(optionOf(container.args, '--journal')).toMatch(new RegExp(`^${state}/`));
    expect(at(state)?.volume?.persistentVolumeClaim?.claimName).toBe(claim.metadata.name);
    expect(container.env).toBeUndefined();
  });
});

describe('the alerts', () => {
  const alerts = join(projectRoot, 'deploy/alerts.yaml');
  const { groups } = parse(readFileSync(alerts, 'utf8')) as {
    groups: { rules: { alert: string; expr: string }[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  const success = 'last_success_timestamp_seconds{mode="write"}';
  const unmatched = 'rows{mode="write",outcome="unmatched"}';
  let workplace: Workplace;

  beforeAll(() => {
    workplace = makeWorkplace();
  });
  afterAll(() => {
    workplace.remove();
  });

  /** Lets promtool play so many hours of samples through the rules, and look which alerts fire in the end. */
  function play(samples: Readonly<Record<string, string>>, hours: number, firing: string[]) {
    const test = {
      rule_files: [alerts],
      evaluation_interval: '1h',
      tests: [
        {
          interval: '1h',
          input_series: Object.entries(samples).map(([name, values]) => ({
            series: `glance_store_backfill_${name.replace('}', ',instance="c1"}')}`,
            values,
          })),
          promql_expr_test: [
            {
              expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
              eval_time: `${hours}h`,
              exp_samples: firing.map((name) => ({
                labels: `{alertname="GlanceStoreBackfill${name}"}`,
                value: 1,
              })),
            },
          ],
        },
      ],
    };
    return runProgram('promtool', ['test', 'rules', workplace.write('test.yaml', stringify(test))]);
  }

  it('are rules that Prometheus takes', () => {
    const { code, output } = runProgram('promtool', ['check', 'rules', alerts]);
    expect(code, output).toBe(0);
  });

  it.each([
    ['a success of yesterday', { [success]: '0x60' }, 47, []],
    ['a success of two days ago', { [success]: '0x60' }, 49, ['NotSucceeding']],
    [
      'a dry run of two days ago',
      { 'last_success_timestamp_seconds{mode="dry-run"}': '0x60' },
      49,
      [],
    ],
    ['failures of a day', { 'last_run_exit_code{mode="write"}': '1x60' }, 24, []],
    [
      'nothing but failures',
      { 'last_run_exit_code{mode="write"}': '1x60' },
      50,
      ['NeverSucceeded'],
    ],
    ['as many unmatched rows as before', { [unmatched]: '5x80' }, 40, []],
    ['more unmatched rows', { [unmatched]: '5x24 6x60' }, 30, ['UnmatchedRising']],
    ['more, after a run that failed', { [unmatched]: '5x24 _x20 6x60' }, 50, ['UnmatchedRising']],
    ['more unmatched rows since long', { [unmatched]: '5x24 6x60' }, 80, []],
    ['no contradiction', { 'contradicting_rows{mode="write"}': '0x10' }, 5, []],
    ['a contradiction', { 'contradicting_rows{mode="write"}': '1x10' }, 5, ['Contradicting']],
    ['a store that works', { 'store_usable{mode="write",store="a"}': '1x10' }, 5, []],
    [
      'a store that does not',
      { 'store_usable{mode="write",store="a"}': '0x10' },
      5,
      ['StoreUnusable'],
    ],
  ])('fire as they should for %s', (_what, samples, hours, firing) => {
    const { code, output } = play(samples, hours, firing);
    expect(code, output).toBe(0);
  });

  it('name metrics that a run writes', async () => {
    const cloud = makeSampleCloud();
    await cloud.command('backfill', '--metrics-file', 'm.prom');
    const written = new Set([...cloud.read('m.prom').matchAll(/^\w+/gm)].map(([name]) => name));
    cloud.remove();
    const named = rules.flatMap(({ expr }) => expr.match(/glance_\w+/g) ?? []);
    expect(named.length).toBeGreaterThan(rules.length);
    expect(named.filter((name) => !written.has(name))).toEqual([]);
  });

  it.each(rules.map(({ alert }) => alert))('%s is explained in docs/cron.md', (name) => {
    expect(page).toContain(`\`${name}\``);
  });
});

it('docs/cron.md names every metric', async () => {
  const cloud = makeSampleCloud();
  await cloud.command('backfill', '--dry-run', '--metrics-file', 'm.prom');
  const names = [...cloud.read('m.prom').matchAll(/^# TYPE glance_store_backfill_(\w+)/gm)];
  cloud.remove();
  expect(names.length).toBeGreaterThan(8);
  for (const [, name = ''] of names) expect(page).toContain(`_${name}`);
});
