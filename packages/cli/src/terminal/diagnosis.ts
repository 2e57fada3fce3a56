import type { ColumnSummary, Diagnosis } from '@counterweight/core';
import { terminalFormat as format } from '../report/format.ts';
import { safeText } from '../report/safe-text.ts';
import { aligned } from './aligned.ts';
import { fitText, lineWidths, type Style, terminalStyle, textWidth, wrapText } from './ansi.ts';
import { adviceLines, difficultyLines, imbalanceLines } from './difficulty.ts';

export interface DiagnosisOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
  /** Files that were written. */
  readonly files?: readonly string[] | undefined;
}

const mostColumns = 40;
const mostClasses = 20;

/** A diagnosis as text: classes, columns, imbalance, difficulty, notices, and last what to do. Ends with a newline. */
export function renderDiagnosis(diagnosis: Diagnosis, options: DiagnosisOptions): string {
  const { data, difficulty, advice, notices } = diagnosis;
  const { width, room } = lineWidths(options.width, 120);
  const style = terminalStyle(options.colour);
  const head = `${safeText(data.source)}: ${format.count(data.rows)} rows, ${format.count(data.columns.length)} columns beside the target ${safeText(data.target)}, imbalance ratio ${format.number(data.imbalanceRatio, 1)}, ${format.count(data.duplicateRows)} duplicate rows`;
  const blocks = [
    wrapText(head, width).map(style.bold),
    classLines(data.classes, data.positive),
    columnLines(data.columns, room, style),
    imbalanceLines(diagnosis, width),
    difficulty ? difficultyLines(data, difficulty, width, room) : [],
    notices.flatMap(({ severity, message }) => {
      const [first = '', ...rest] = wrapText(safeText(message), width - 3);
      return [
        `${severity === 'warning' ? style.warn('!') : style.dim('-')}  ${first}`,
        ...rest.map((line) => `   ${line}`),
      ];
    }),
    adviceLines(advice, width, style),
    (options.files ?? []).map((path) => `written: ${safeText(path)}`),
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
