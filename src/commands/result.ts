import type { CommonOptions } from '../options.ts';
import { type Paint, renderJson } from '../report/text.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Prints a command's result as `--format` asks for: its report as JSON, or what `render` makes of it.
 *
 * @param renderLine what is printed with `--quiet` instead of a table, which may be nothing. JSON is printed all the
 *   same: whoever asks for it has a program that waits for it.
 */
export async function printResult<Report>(
  terminal: Terminal,
  { format }: Pick<CommonOptions, 'format'>,
  report: Report,
  render: (report: Report, paint: Paint, width: number) => string,
  renderLine?: (report: Report) => string,
): Promise<void> {
  const isQuiet = terminal.verbosity === 'quiet';
  const renderText = isQuiet && renderLine !== undefined ? renderLine : render;
  const text =
    format === 'json' ? renderJson(report) : renderText(report, terminal.paint, terminal.width);
  if (text !== '') await terminal.result(text);
}
