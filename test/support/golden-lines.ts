import type { GoldenCase, GoldenLine } from './golden.ts';

/** Why Zed is followed and not the newest release, which is broken half-way there. */
export type ZedReason = 'S3 credentials stripped' | 'reference None' | 'Swift version 1 refused';

/** A line of the release that is followed; `reason` where that is not the newest one. */
export interface FollowedLine {
  readonly line: GoldenLine;
  /** of the line, counted from 1 */
  readonly number: number;
  readonly release: 'zed' | 'master';
  readonly reason: ZedReason | undefined;
}

/** Each of a case's lines once, as the release has it that is followed there. */
export function followedLines(golden: GoldenCase): FollowedLine[] {
  return golden.zed.lines.map((line, index) => {
    const newest = golden.master.lines[index];
    const number = index + 1;
    const reason = findZedReason(golden, line, newest);
    return reason === undefined && newest !== undefined
      ? { line: newest, number, release: 'master', reason }
      : { line, number, release: 'zed', reason };
  });
}

function findZedReason(
  { name }: GoldenCase,
  { url, store }: GoldenLine,
  newest: GoldenLine | undefined,
): ZedReason | undefined {
  if (newest === undefined) return 'Swift version 1 refused';
  if (/^s3/.test(url) && newest.urlAfter !== undefined) return 'S3 credentials stripped';
  const isReference = name === 'swift-config-ref' && url.startsWith('swift+config://');
  return isReference && store !== newest.store ? 'reference None' : undefined;
}
