import type { CommonOptions } from '../options.ts';
import type { Paint } from '../report/text.ts';
import type { Terminal } from '../terminal.ts';

/** Prints a command's result as `--format` asks for: its report as JSON, or what `render` makes of it. */
export function printResult<Report>(
  terminal: Terminal,
  { format }: Pick<CommonOptions, 'format'>,
  report: Report,
  render: (report: Report, paint: Paint, width: number) => string,
): Promise<void> {
  return terminal.result(
    format === 'json'
      ? `${JSON.stringify(report, null, 2)}\n`
      : render(report, terminal.paint, terminal.width),
  );
}
