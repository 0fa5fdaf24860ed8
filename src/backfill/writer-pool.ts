/** Runs jobs, a bounded number at a time. */
export interface WriterPool {
  /**
   * Resolves once a writer is free.
   * @throws what an earlier job threw; no further job may be started then
   */
  free(): Promise<void>;
  /** Starts `job`; call it after `free` only. */
  start(job: () => Promise<void>): void;
  /**
   * Waits for every job that was started.
   * @throws the first failure among them, after all have ended
   */
  drain(): Promise<void>;
}

/** A pool of `writers` jobs at a time. */
export function createWriterPool(writers: number): WriterPool {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  const rethrow = (): void => {
    if (failure !== undefined) throw failure.error;
  };

  return {
    async free() {
      while (running.size >= writers) await Promise.race(running);
      rethrow();
    },
    start(job) {
      const started = job()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(started));
      running.add(started);
    },
    async drain() {
      await Promise.all(running);
      rethrow();
    },
  };
}
