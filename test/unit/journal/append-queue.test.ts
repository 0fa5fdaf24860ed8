import { open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type AppendableFile, createAppendQueue } from '../../../src/journal/append-queue.ts';
import { JournalError } from '../../../src/journal/errors.ts';

/** A file whose calls take a while, and which notes them. */
function slowFile(): AppendableFile & { readonly calls: string[] } {
  const calls: string[] = [];
  const take = async (call: string): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    calls.push(call);
  };
  return { calls, appendFile: (text) => take(text), datasync: () => take('sync') };
}

describe('appending to a file', () => {
  it('resolves a durable append only after the sync', async () => {
    const file = slowFile();
    await createAppendQueue(file, 'j').append('plan;', 'durable');
    expect(file.calls).toEqual(['plan;', 'sync']);
  });

  it('does not wait for the disk where that is not asked for', async () => {
    const file = slowFile();
    await createAppendQueue(file, 'j').append('outcome;', 'written');
    expect(file.calls).toEqual(['outcome;']);
  });

  it('lets one sync serve all who come while another is under way', async () => {
    const file = slowFile();
    const queue = createAppendQueue(file, 'j');
    const first = queue.append('1;', 'durable');
    await Promise.resolve();
    await Promise.resolve();
    const others = ['2;', '3;', '4;'].map((text) => queue.append(text, 'durable'));
    await first;
    expect(file.calls).toEqual(['1;', 'sync']);
    await Promise.all(others);
    expect(file.calls).toEqual(['1;', 'sync', '2;3;4;', 'sync']);
  });

  it('syncs when one of those who share a turn asks for it', async () => {
    const file = slowFile();
    const queue = createAppendQueue(file, 'j');
    await Promise.all([
      queue.append('1;', 'written'),
      queue.append('2;', 'durable'),
      queue.append('3;', 'written'),
    ]);
    expect(file.calls).toEqual(['1;2;3;', 'sync']);
    await queue.append('4;', 'written');
    expect(file.calls.at(-1)).toBe('4;');
  });

  it('names the file when the disk is full, and takes nothing more', async () => {
    const file = await open('/dev/full', 'a');
    try {
      const queue = createAppendQueue(file, '/var/lib/run.ndjson');
      const message =
        'journal /var/lib/run.ndjson cannot be written: no space left on device (ENOSPC)';
      const failure = await queue.append('1;', 'durable').catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(JournalError);
      expect(failure).toMatchObject({ kind: 'failed', message });
      await expect(queue.append('2;', 'written')).rejects.toBe(failure);
    } finally {
      await file.close();
    }
  });

  it('writes nothing behind a line that a failure left half written', async () => {
    const file = slowFile();
    const full = Object.assign(new Error('write'), { code: 'ENOSPC', errno: -28 });
    const broken = { ...file, datasync: () => Promise.reject(full) };
    const queue = createAppendQueue(broken, 'j');
    const turns = [queue.append('1;', 'durable')];
    await Promise.resolve();
    await Promise.resolve();
    turns.push(queue.append('2;', 'durable'), queue.append('3;', 'written'));
    const settled = await Promise.allSettled(turns);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(file.calls).toEqual(['1;']);
  });
});
