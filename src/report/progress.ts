import { Format, Presets, SingleBar } from 'cli-progress';
import { formatCount } from './text.ts';

/** Shows how far a run has come. */
export interface Progress {
  /** All rows up to `id` have been looked at; `rows` of them were in scope, `rewrites` of those get a new text. */
  update(id: number, rows: number, rewrites: number): void;
  /** The run waits, for this reason; to be told anew when the reason changes. */
  paused(reason: string): void;
  /** The run goes on after `ms`. */
  resumed(ms: number): void;
  /**
   * The database has failed for a while, in these words; undefined when it no longer does. A bar shows it, and leaves
   * the line to the words.
   */
  troubled(text: string | undefined): void;
  /** Something else is about to be said, in lines of its own. */
  makeWay(): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream;
  /** the id, or any other count, that is reached at the end */
  readonly lastId: number;
  readonly style: 'bar' | 'lines' | 'none';
  /** what the rewrites are: a dry run writes none */
  readonly rewrites: 'written' | 'to write' | 'restored' | 'to restore';
}

const nothing = (): void => undefined;
export const noProgress: Progress = {
  update: nothing,
  paused: nothing,
  resumed: nothing,
  troubled: nothing,
  makeWay: nothing,
  stop: nothing,
};

const millisecondsBetweenLines = 30_000;

/** A bar on a terminal, a line every 30 s elsewhere, or nothing. */
export function startProgress(options: ProgressOptions): Progress {
  const { style, lastId } = options;
  if (style === 'none' || lastId === 0) return noProgress;
  return style === 'bar' ? startBar(options) : startLines(options);
}

function startBar({ stream, lastId, rewrites }: ProgressOptions): Progress {
  const makeWay = (): void => {
    stream.write(emptyLine + wrapLines);
  };
  const bar = new SingleBar(
    {
      stream,
      format: `{bar} {percentage} %  {pause}{trouble}{rows} rows, {count} ${rewrites}, {eta_formatted} left`,
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      fps: 5,
      // Nothing is known before the first rows.
      formatTime: (seconds, ...how) => (seconds > 0 ? Format.TimeFormat(seconds, ...how) : '…'),
    },
    Presets.shades_classic,
  );
  // Wrapped, it would leave a line behind each time it is drawn.
  bar.on('redraw-pre', () => stream.write(cutLines));
  bar.start(lastId, 0, { rows: '0', count: '0', pause: '', trouble: '' });
  return {
    update(id, rows, count) {
      bar.update(id, { rows: formatCount(rows), count: formatCount(count) });
    },
    paused(reason) {
      bar.update({ pause: `${pauseText(reason)}; ` });
    },
    resumed() {
      bar.update({ pause: '' });
    },
    troubled(text) {
      bar.update({ trouble: text === undefined ? '' : 'trying again; ' });
      makeWay();
    },
    makeWay,
    stop() {
      bar.stop();
    },
  };
}

/** Takes the bar away; it comes back on the next line. */
const emptyLine = '\r\u001b[K';

/** The bar has the terminal cut long lines; a message has to be read to its end. */
const cutLines = '\u001b[?7l';
const wrapLines = '\u001b[?7h';

function startLines({ stream, lastId, rewrites }: ProgressOptions): Progress {
  const startedAt = Date.now();
  let lastLineAt = startedAt;
  return {
    update(id, rows, count) {
      const now = Date.now();
      if (now - lastLineAt < millisecondsBetweenLines) return;
      lastLineAt = now;
      const percent = Math.floor((100 * id) / lastId);
      const rate = Math.round(rows / ((now - startedAt) / 1000));
      stream.write(
        `${percent} %: ${formatCount(rows)} rows, ${formatCount(count)} ${rewrites}, ${formatCount(rate)} rows/s\n`,
      );
    },
    ...pauseLines((line) => stream.write(`${line}\n`)),
  };
}

/** Tells the begin and the end of each pause, a line each. */
export function pauseLines(say: (line: string) => void): Omit<Progress, 'update'> {
  let isPaused = false;
  return {
    paused(reason) {
      if (!isPaused) say(pauseText(reason));
      isPaused = true;
    },
    resumed(ms) {
      say(`going on after a pause of ${Math.ceil(ms / 1000)} s`);
      isPaused = false;
    },
    troubled: nothing,
    makeWay: nothing,
    stop: nothing,
  };
}

function pauseText(reason: string): string {
  return `paused: ${reason}`;
}
