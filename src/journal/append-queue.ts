import { explainRefusal } from './errors.ts';

/** As much of an open file as is needed to append to it (`FileHandle` has it). */
export interface AppendableFile {
  /** Writes the text whole at the file's end. */
  appendFile(text: string): Promise<void>;
  /** Waits until what was written would survive a loss of power (fdatasync). */
  datasync(): Promise<void>;
}

/** When an append counts as done: handed to the operating system, or safe on the disk. */
export type Durability = 'written' | 'durable';

/** Appends in the order of the calls, however many callers wait at a time. */
export interface AppendQueue {
  /**
   * Resolves once `text` is as durable as asked for.
   *
   * @throws JournalError naming the path. The file's end is unknown then, so every later append fails the same way
   */
  append(text: string, durability: Durability): Promise<void>;
}

/**
 * Takes turns at a file: texts that arrive while one turn is under way go out together in the next one,
 * with at most one sync for all of them (group commit).
 */
export function createAppendQueue(file: AppendableFile, path: string): AppendQueue {
  let texts: string[] = [];
  let wanted: Durability = 'written';
  let last = Promise.resolve();
  let upcoming: Promise<void> | undefined;

  const takeTurn = async (): Promise<void> => {
    const [text, durability] = [texts.join(''), wanted];
    texts = [];
    wanted = 'written';
    upcoming = undefined;
    await file.appendFile(text);
    if (durability === 'durable') await file.datasync();
  };
  // A failed turn is the last one: those chained to it reject with its error without being taken.
  const queueTurn = (): Promise<void> =>
    last.then(() =>
      explainRefusal({ kind: 'failed', what: `journal ${path} cannot be written` }, takeTurn),
    );

  return {
    append(text, durability) {
      texts.push(text);
      if (durability === 'durable') wanted = 'durable';
      last = upcoming ??= queueTurn();
      return last;
    },
  };
}
