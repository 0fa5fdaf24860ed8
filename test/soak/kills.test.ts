import { expect, it } from 'vitest';
import { killRuns } from '../support/killed-runs.ts';
import { DIALECTS } from '../support/servers-database.ts';
import { readSoakSettings } from '../support/soak-settings.ts';

const { minutes, seed } = readSoakSettings(process.env);

it.each(DIALECTS)(
  `runs killed for ${minutes} minutes on %s while Glance writes, SOAK_SEED=${seed}`,
  async (dialect) => {
    const deadline = Date.now() + minutes * 60_000;
    const isEnough = () => Date.now() > deadline;
    const { mixed, unfinished, notUndone, ...counts } = await killRuns({ dialect, seed, isEnough });
    process.stderr.write(`${dialect}, SOAK_SEED=${seed}: ${JSON.stringify(counts)}\n`);
    expect({ mixed, unfinished, notUndone }).toEqual({ mixed: [], unfinished: [], notUndone: [] });
  },
  // An undo of all journals takes its time, too.
  (2 * minutes + 2) * 60_000,
);
