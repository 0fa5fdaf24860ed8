import { Chalk } from 'chalk';
import type { BackfillReport } from '../../src/report/report.ts';

/** A dry run's report; a test states only what matters to it. */
export function makeReport(differences: Partial<BackfillReport> = {}): BackfillReport {
  return {
    schema: 'glance-store-backfill/report@1',
    version: '1.2.3',
    command: 'backfill',
    dryRun: true,
    matching: 'corrected',
    startedAt: '2026-11-22T16:20:00.000Z',
    finishedAt: '2026-11-22T16:20:01.900Z',
    seconds: 1.9,
    rowsPerSecond: 1_800,
    database: { dialect: 'mysql', server: 'MariaDB 10.11.19', name: 'glance' },
    rows: {
      examined: 3_421,
      current: 1_120,
      assigned: 2_041,
      replaced: 60,
      skipped: 0,
      unmatched: 200,
      ambiguous: 0,
      unreadable: 0,
      conflicted: 0,
      contradicting: 0,
    },
    costs: {
      recomputedOnGet: { before: 2_301, after: 200 },
      absentFromImageList: { before: 2_241, after: 200 },
      searchedByScrubber: { before: 2_241, after: 200 },
    },
    stores: [
      {
        id: 'fast',
        type: 'file',
        urlPrefix: 'file:///images',
        error: null,
        current: 1_120,
        assigned: 2_041,
        replaced: 60,
      },
    ],
    replacements: [],
    unmatched: [
      {
        shape: 'rbd://<fsid>/old/<id>/snap',
        reason: 'pool "old" is not configured',
        nearestStore: 'ceph',
        remedy: '--map rbd://11111111-2222-3333-4444-555555555555/old=ceph',
        count: 200,
        example: { locationId: 17, imageId: 'i-17' },
      },
    ],
    ambiguous: [],
    unreadable: [],
    contradicting: [],
    deviationsFromGlance: [],
    refusals: [],
    labels: null,
    journal: null,
    stoppedBy: null,
    stoppedAt: null,
    exitCode: 0,
    ...differences,
  };
}

/** No colours: text as it lands in a file. */
export const plain = new Chalk({ level: 0 });
