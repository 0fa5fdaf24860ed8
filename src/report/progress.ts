import { Presets, SingleBar } from 'cli-progress';
import { formatCount } from './text.ts';

/** Shows how far a run has come. */
export interface Progress {
  /** All rows up to `id` have been looked at; `rows` of them were in scope, `toWrite` of those written or to be. */
  update(id: number, rows: number, toWrite: number): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream;
  /** the id that is reached at the end */
  readonly lastId: number;
  readonly style: 'bar' | 'lines' | 'none';
}

const millisecondsBetweenLines = 30_000;

/** A bar on a terminal, a line every 30 s elsewhere, or nothing. */
export function startProgress({ stream, lastId, style }: ProgressOptions): Progress {
  if (style === 'none' || lastId === 0) return { update: () => undefined, stop: () => undefined };
  return style === 'bar' ? startBar(stream, lastId) : startLines(stream, lastId);
}

function startBar(stream: NodeJS.WriteStream, lastId: number): Progress {
  const bar = new SingleBar(
    {
      stream,
      format: '{bar} {percentage} %  {rows} rows, {toWrite} to write, {eta_formatted} left',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      fps: 5,
    },
    Presets.shades_classic,
  );
  bar.start(lastId, 0, { rows: '0', toWrite: '0' });
  return {
    update(id, rows, toWrite) {
      bar.update(id, { rows: formatCount(rows), toWrite: formatCount(toWrite) });
    },
    stop() {
      bar.stop();
    },
  };
}

function startLines(stream: NodeJS.WriteStream, lastId: number): Progress {
  const startedAt = Date.now();
  let lastLineAt = startedAt;
  return {
    update(id, rows, toWrite) {
      const now = Date.now();
      if (now - lastLineAt < millisecondsBetweenLines) return;
      lastLineAt = now;
      const percent = Math.floor((100 * id) / lastId);
      const rate = Math.round(rows / ((now - startedAt) / 1000));
      stream.write(
        `${percent} %: ${formatCount(rows)} rows, ${formatCount(toWrite)} to write, ${formatCount(rate)} rows/s\n`,
      );
    },
    stop: () => undefined,
  };
}
