import { expect, inject, it } from 'vitest';
import { soak } from '../support/soak.ts';
import { readSoakSettings } from '../support/soak-settings.ts';

const { minutes, seed } = readSoakSettings(process.env);

it.each(['mysql', 'postgresql'] as const)(
  `faults of every kind for ${minutes} minutes on %s, SOAK_SEED=${seed}`,
  async (dialect) => {
    const server = inject('servers')[dialect];
    const { wrongs, ...counts } = await soak({ dialect, server, seed, duration: minutes * 60_000 });
    process.stderr.write(`${dialect}, SOAK_SEED=${seed}: ${JSON.stringify(counts)}\n`);
    expect(wrongs).toEqual([]);
  },
  (minutes + 2) * 60_000,
);
