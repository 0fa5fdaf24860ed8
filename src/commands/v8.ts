import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** What V8 may take for new objects, in bytes: two halves, of which one is in use. */
const enoughForNew = 8 * 2 ** 20;

/** How often to see how much it takes, in ms. */
const lookInterval = 50;

/** Has V8 optimize a function after ten times as many calls as usual; Node 20 has an older V8, which counts bytes. */
const optimizeLate =
  Number.parseInt(process.versions.v8) < 12
    ? '--interrupt-budget=660000'
    : '--invocation-count-for-turbofan=30000';

/**
 * Suits V8 to a run over many rows. It optimizes functions on threads of its own, which take a quarter of the processor
 * time of a run that lasts a second, away from a server on the same machine. A long run does as well when that comes later.
 */
export function suitV8(): void {
  setFlagsFromString(optimizeLate);
  keepHeapSmall();
}

/**
 * Rows come and go by the million while some 30 MB of them are alive. Left to itself V8 lets five times as much gather,
 * and goes on doubling the space for new objects long after it has ceased to help.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=60');
  const timer = setInterval(() => {
    if (bytesForNew() < enoughForNew) return;
    // V8 takes a limit on Node's command line only, but at any time that it is to grow no more.
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(timer);
  }, lookInterval);
  timer.unref();
}

function bytesForNew(): number {
  const spaces = getHeapSpaceStatistics();
  return spaces.find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
