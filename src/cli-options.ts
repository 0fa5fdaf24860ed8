import { type Command, Option } from 'commander';
import {
  gather,
  gatherId,
  gatherInclude,
  gatherLoadLimit,
  parseBatchSize,
  parseCount,
  parseDuration,
  parsePercent,
  parsePlace,
  parseWriters,
} from './cli-values.ts';
import type { GivenPath } from './conf/search-paths.ts';
import { includes, usualMaxContradictions } from './options.ts';

/** Declares the options of `stores`. */
export function addStoresOptions(command: Command): Command {
  addCommonOptions(command);
  command
    .option('--show-secrets', 'print credentials in URL prefixes')
    .option('--compare-with <file>', 'show where this glance-api.conf differs (repeatable)', gather)
    .option('--detailed-exitcode', 'tell by exit code 4 that something is wrong');
  return addMatchingOptions(command);
}

/** Declares the options of `backfill`. */
export function addBackfillOptions(command: Command): Command {
  addCommonOptions(command);
  command
    .option('--dry-run', 'take the same decisions and write nothing')
    .option('--image <id>', 'only this image (repeatable)', gather)
    .option('--only-missing', 'leave stores that are not enabled as they are')
    .option('--include <what>', `also ${includes.join(' or ')} rows (repeatable)`, gatherInclude)
    .option(
      '--max-contradictions <percent>',
      `labelled rows that may name another store than their URL lies in (default: ${usualMaxContradictions})`,
      parsePercent,
    );
  addPaceOptions(command);
  command
    .option('--max-count <rows>', 'stop after so many rows written', parseCount)
    .option('--journal <place>', 'file or directory of the journal, or none', parsePlace)
    .option(
      '--keep-journals <n>',
      'after a good run delete all but the newest n journals',
      parseCount,
    )
    .option('--report-file <file>', 'also write the report to this .json or .html file')
    .option('--rows-file <file>', 'write each row that is not current, as NDJSON')
    .option('--metrics-file <file>', 'write metrics for Prometheus to this .prom file')
    .option('--detailed-exitcode', 'tell by exit code 3 or 4 what is left to do')
    .addOption(
      new Option('--progress <how>', 'show progress').choices(['auto', 'none']).default('auto'),
    );
  return addMatchingOptions(command);
}

/** Declares the options of `explain`. */
export function addExplainOptions(command: Command): Command {
  addCommonOptions(command);
  command
    .option('--image <id>', "this image's locations (repeatable)", gather)
    .option('--location <id>', 'this row of image_locations (repeatable)', gatherId)
    .option('--url <url>', 'this URL, which need not be in the database')
    .option('--meta-data <text>', 'with --url: its meta_data (default: {})');
  return addMatchingOptions(command);
}

/** Declares the options of `undo`. */
export function addUndoOptions(command: Command): Command {
  command
    .option('--dry-run', 'take the same decisions and write nothing')
    .option('--journal <place>', "file or directory of the undo's own journal, or none", parsePlace)
    .option('--detailed-exitcode', 'tell by exit code 4 that rows were left alone');
  addPaceOptions(command);
  return addCommonOptions(command);
}

/** How hard a command that writes may work. */
function addPaceOptions(command: Command): void {
  command
    .option('--batch-size <rows>', 'rows a transaction (default: adaptive)', parseBatchSize)
    .option('--writers <number>', 'connections that write (default: 2, on Galera 1)', parseWriters)
    .option('--max-rate <rows>', 'rows written per second, on average', parseCount)
    .option(
      '--max-load <name=number>',
      'pause while this MySQL status variable is higher, such as Threads_running=25 (repeatable)',
      gatherLoadLimit,
    )
    .option('--run-time <time>', 'stop after this time, such as 90s, 15m or 2h', parseDuration);
}

function addCommonOptions(command: Command): Command {
  // One list for both options: which file overrides which goes by the order of the command line.
  const given: GivenPath[] = [];
  const givePath = (kind: GivenPath['kind']) => (path: string) => {
    given.push({ kind, path });
    return given;
  };
  return command
    .option(
      '--config-file <file>',
      'glance-api.conf (repeatable, later ones win)',
      givePath('file'),
    )
    .option('--config-dir <dir>', 'directory of *.conf files (repeatable)', givePath('directory'))
    .addOption(
      new Option('-f, --format <format>', 'of the result')
        .choices(['table', 'json'])
        .default('table'),
    )
    .addOption(
      new Option(
        '-q, --quiet',
        'no progress, no warnings; one line for a run that wrote',
      ).conflicts('verbose'),
    )
    .option('-v, --verbose', 'tell what is being done');
}

function addMatchingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--matching <rule>', 'how a URL is matched')
        .choices(['corrected', 'glance'])
        .default('corrected'),
    )
    .option('--map <prefix=store>', 'URLs below this prefix lie in this store', gather)
    .option('--map-file <file>', 'JSON object {prefix: store}')
    .option(
      '--rbd-fsid <store=fsid>',
      'fsid of the cluster of this rbd store, or "unreachable"',
      gather,
    );
}
