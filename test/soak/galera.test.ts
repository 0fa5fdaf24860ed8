import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GaleraCluster, startGaleraCluster } from '../support/galera-cluster.ts';
import { soakGalera } from '../support/galera-soak.ts';
import { readSoakSettings } from '../support/soak-settings.ts';

const { minutes, seed } = readSoakSettings(process.env);

let cluster: GaleraCluster;
beforeAll(async () => {
  cluster = await startGaleraCluster();
});
afterAll(() => cluster.stop());

it(
  `a cluster whose nodes fail for ${minutes} minutes, SOAK_SEED=${seed}`,
  async () => {
    const { wrongs, ...counts } = await soakGalera({ cluster, seed, duration: minutes * 60_000 });
    process.stderr.write(`Galera, SOAK_SEED=${seed}: ${JSON.stringify(counts)}\n`);
    expect(wrongs).toEqual([]);
  },
  (minutes + 3) * 60_000,
);
