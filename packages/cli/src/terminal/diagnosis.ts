import type { ColumnSummary, Diagnosis } from '@counterweight/core';
import { terminalFormat as format } from '../report/format.ts';
import { safeText } from '../report/safe-text.ts';
import { fitText, padText, type Style, terminalStyle, textWidth, wrapText } from './ansi.ts';

export interface DiagnosisOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
}

const mostColumns = 40;
const mostClasses = 20;

/** A diagnosis as text: classes, columns, notices. Ends with a newline. */
export function renderDiagnosis({ data, notices }: Diagnosis, options: DiagnosisOptions): string {
  const width = Math.max(40, Math.min(options.width, 120));
  const style = terminalStyle(options.colour);
  const head = `${safeText(data.source)}: ${format.count(data.rows)} rows, ${format.count(data.columns.length)} columns beside the target ${safeText(data.target)}, imbalance ratio ${format.number(data.imbalanceRatio, 1)}, ${format.count(data.duplicateRows)} duplicate rows`;
  const blocks = [
    wrapText(head, width).map(style.bold),
    classLines(data.classes, data.positive),
    columnLines(data.columns, width, style),
    notices.flatMap(({ severity, message }) => {
      const [first = '', ...rest] = wrapText(safeText(message), width - 3);
      return [
        `${severity === 'warning' ? style.warn('!') : style.dim('-')}  ${first}`,
        ...rest.map((line) => `   ${line}`),
      ];
    }),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function classLines(classes: Diagnosis['data']['classes'], positive: Diagnosis['data']['positive']): string[] {
  const sorted = [...classes].sort((a, b) => b.rows - a.rows);
  const shown = sorted.length <= mostClasses ? sorted : [...sorted.slice(0, mostClasses - 5), ...sorted.slice(-5)];
  const table = shown.map(({ label, rows, share }) => [
    fitText(String(label), 30) + (label === positive ? ' (positive)' : ''),
    format.count(rows),
    format.percent(share),
  ]);
  const lines = aligned([['class', 'rows', 'share'], ...table]);
  if (shown.length < sorted.length) {
    lines.splice(mostClasses - 4, 0, `… ${format.count(sorted.length - shown.length)} classes in between`);
  }
  return lines;
}

function columnLines(columns: readonly ColumnSummary[], width: number, style: Style): string[] {
  const shown = columns.slice(0, mostColumns);
  const table = shown.map(({ name, type, missing, distinct, aloneAuc, used, reason }) => [
    fitText(name, 28),
    type,
    missing === 0 ? '' : format.count(missing),
    format.count(distinct),
    aloneAuc === null ? '' : format.number(aloneAuc),
    used ? '' : `not used: ${reason}`,
  ]);
  const lines = aligned([['column', 'type', 'missing', 'distinct', 'AUC alone', ''], ...table], [2, 3, 4]).map(
    (line) => (textWidth(line) > width ? fitText(line, width) : line),
  );
  if (columns.length > shown.length) {
    lines.push(style.dim(`… ${format.count(columns.length - shown.length)} more columns (--json lists all)`));
  }
  return lines;
}

/** Columns of cells padded to their widest; the first is the head. Those named in `right` are set flush right. */
function aligned(rows: readonly (readonly string[])[], right: readonly number[] = [1, 2]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => textWidth(row[c]!))));
  return rows.map((row) =>
    row
      .map((cell, c) => padText(cell, widths[c]!, right.includes(c) ? 'right' : 'left'))
      .join('  ')
      .trimEnd(),
  );
}
