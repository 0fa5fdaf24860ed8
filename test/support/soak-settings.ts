import { randomInt } from 'node:crypto';

/** How `npm run test:soak` is told what to do: by the environment. */
export interface SoakSettings {
  /** `SOAK_MINUTES`: how long each test goes on; 5 unless given */
  readonly minutes: number;
  /** `SOAK_SEED`: the seed of an earlier soak; else a new one */
  readonly seed: number;
}

/** @throws Error for what is not a number */
export function readSoakSettings(environment: NodeJS.ProcessEnv): SoakSettings {
  const number = (name: string, otherwise: number): number => {
    const value = Number(environment[name] ?? otherwise);
    if (!(value > 0)) throw new Error(`${name} must be a number above 0`);
    return value;
  };
  return { minutes: number('SOAK_MINUTES', 5), seed: number('SOAK_SEED', randomInt(1, 2 ** 32)) };
}
