import { realClock } from '../backfill/clock.ts';
import { attempts } from '../backfill/remedy.ts';
import type { Retry, RetryObserver, Trouble } from '../backfill/retry.ts';
import type { Progress } from '../report/progress.ts';
import type { Terminal } from '../terminal.ts';

/** Who is told of what is tried again. */
export interface RetryAudience {
  readonly terminal: Pick<Terminal, 'verbosity' | 'notice' | 'info'>;
  readonly progress: Pick<Progress, 'troubled' | 'makeWay'>;
}

/** Tries again in real time. */
export function retryFor(audience: RetryAudience): Retry {
  return { clock: realClock, observer: observeRetries(audience) };
}

/**
 * Tells every new attempt with `--verbose`. What lasts is told anyway, once for all the work that fails at the same
 * time, and once more when all of it goes on.
 */
export function observeRetries({ terminal, progress }: RetryAudience): RetryObserver {
  let inTrouble = 0;
  let since = 0;
  return {
    retrying(error, waitMs) {
      if (terminal.verbosity === 'verbose') progress.makeWay();
      terminal.info(`${error.message}; trying again in ${waitMs} ms`);
    },
    troubled(trouble) {
      inTrouble += 1;
      if (inTrouble > 1) return;
      since = realClock.now() - trouble.forMs;
      const text = tellTrouble(trouble, new Date());
      progress.troubled(text);
      terminal.notice(text);
    },
    troubleOver(how) {
      inTrouble -= 1;
      if (inTrouble > 0) return;
      progress.troubled(undefined);
      // A run that ends tells of that itself.
      if (how === 'given up') return;
      terminal.notice(`going on after ${Math.ceil((realClock.now() - since) / 1_000)} s`);
    },
  };
}

/** Which failure, since when, and for how long it is tried yet. */
export function tellTrouble({ error, forMs, leftMs }: Trouble, now: Date): string {
  const at = (ms: number): string => new Date(now.getTime() + ms).toISOString().slice(11, 19);
  const until = leftMs === undefined ? `${attempts} times in all` : `until ${at(leftMs)} UTC`;
  return `${error.message}, since ${at(-forMs)} UTC; trying again ${until}`;
}
