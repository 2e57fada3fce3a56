import type {
  ClassEvaluation,
  ConformalDocument,
  RiskReport,
  SetEvaluation,
  ShareEstimate,
} from '../report/conformal/document.ts';
import { guaranteeSentence, judgedByText, riskSentence } from '../report/conformal/words.ts';
import { terminalFormat as format } from '../report/format.ts';
import { safeText } from '../report/safe-text.ts';
import { fitText, lineWidths, padText, type Style, terminalStyle, textWidth, wrapText } from './ansi.ts';
import { noticeLines } from './notice-lines.ts';

export interface ConformalSummaryOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
  readonly files?: readonly { readonly label: string; readonly path: string }[];
}

const MOST_CLASSES = 10;
const MOST_NOTICES = 6;

/** What the sets promise, what they do, and what was done. Ends with a newline. */
export function renderConformal(document: ConformalDocument, options: ConformalSummaryOptions): string {
  const { width, room } = lineWidths(options.width, 100);
  const style = terminalStyle(options.colour);
  const { evaluation, newRows } = document;
  const blocks = [
    headLines(document, width, style),
    evaluation ? evaluationLines(document, evaluation, { width, room }, style) : [],
    newRows ? laterLines(document, newRows, width, style) : [],
    document.risk ? riskLines(document.risk, width) : [],
    document.applied ? appliedLines(document.applied, width) : [],
    noticeLines(document.notices, width, style, MOST_NOTICES),
    (options.files ?? []).map(({ label, path }) => `${style.dim(padText(label, 6))} ${safeText(path)}`),
  ];
  const shown = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function headLines({ settings, calibration }: ConformalDocument, width: number, style: Style): string[] {
  const { predictor, method, alpha } = settings;
  const from = `Sets by ${predictor} with the score ${method}, from ${format.count(calibration.rows)} calibration rows.`;
  return [
    ...wrapText(from, width).map(style.bold),
    ...wrapText(guaranteeSentence(settings), width),
    ...(calibration.expected && !settings.smoothed && !settings.exactCoverage
      ? wrapText(
          `Coverage of these sets in the long run: ${format.percent(calibration.expected.mean)} on average over calibration sets, 95 % of them between ${format.percent(calibration.expected.low)} and ${format.percent(calibration.expected.high)}.`,
          width,
        )
      : []),
    ...(calibration.rows < calibration.rowsNeeded
      ? wrapText(
          `alpha ${alpha} needs ${format.count(calibration.rowsNeeded)} rows: every label is in every set.`,
          width,
        ).map(style.warn)
      : []),
  ];
}

function evaluationLines(
  document: ConformalDocument,
  evaluation: SetEvaluation,
  { width, room }: { readonly width: number; readonly room: number },
  style: Style,
): string[] {
  const how =
    evaluation.design === 'folds'
      ? `On ${safeText(evaluation.source)}, each of ${evaluation.folds} folds judged by the others`
      : `On ${safeText(evaluation.source)}, by the model as it was read`;
  return [
    ...wrapText(`${how}:`, width),
    ...figureLines(document, evaluation, width),
    '',
    ...classLines(document, evaluation, room, style),
  ];
}

function figureLines({ settings }: ConformalDocument, evaluation: SetEvaluation, width: number): string[] {
  const { coverage, meanSize, singletonRate, emptyRate, macroCoverage, coverageGap, expected } = evaluation;
  const range = expected ? ` (expected ${format.percent(expected.low)} to ${format.percent(expected.high)})` : '';
  return [
    `coverage ${shareText(coverage)}, asked ${format.percent(1 - settings.alpha)}${range}`,
    `labels a set ${format.number(meanSize, 2)}; one label ${format.percent(singletonRate)}, none ${format.percent(emptyRate)}`,
    `mean of class coverages ${format.percent(macroCoverage)}, mean distance from what was asked ${format.percent(coverageGap)}`,
  ].flatMap((line) => wrapText(line, width - 2).map((part) => `  ${part}`));
}

const shareText = ({ value, low, high }: ShareEstimate) =>
  value === null ? 'not defined' : `${format.percent(value)} [${format.percent(low)}, ${format.percent(high)}]`;

function classLines(
  { calibration }: ConformalDocument,
  evaluation: SetEvaluation,
  width: number,
  style: Style,
): string[] {
  const byClass = new Map(calibration.classes.map((one) => [one.class, one]));
  const empty = evaluation.perClass.filter(({ rows }) => rows === 0).length;
  const rarest = evaluation.perClass.filter(({ rows }) => rows > 0).sort((a, b) => a.rows - b.rows);
  const shown = rarest.slice(0, MOST_CLASSES);
  const heads = ['class', 'rows', 'coverage', 'size', 'judged by'];
  const cells = shown.map((one: ClassEvaluation) => [
    fitText(String(one.class), 24),
    format.count(byClass.get(one.class)?.rows ?? 0),
    shareText(one),
    one.meanSize === null ? '' : format.number(one.meanSize, 2),
    judgedByText(byClass.get(one.class)?.judgedBy ?? 'all-rows'),
  ]);
  const right = [false, true, true, true, false];
  const widths = heads.map((head, i) => Math.max(textWidth(head), ...cells.map((line) => textWidth(line[i]!))));
  const line = (texts: readonly string[]) =>
    fitText(
      texts
        .map((text, i) => padText(text, widths[i]!, right[i] ? 'right' : 'left'))
        .join('  ')
        .trimEnd(),
      width,
    );
  const left = rarest.length - shown.length;
  return [
    style.dim(line(heads)),
    ...cells.map(line),
    ...(left > 0 ? [style.dim(`… ${format.count(left)} more frequent ${left === 1 ? 'class' : 'classes'}`)] : []),
    ...(empty > 0
      ? [style.dim(`${format.count(empty)} ${empty === 1 ? 'class has' : 'classes have'} no rows to judge by`)]
      : []),
  ];
}

function laterLines(document: ConformalDocument, newRows: SetEvaluation, width: number, style: Style): string[] {
  const { drift } = document;
  const verdict = drift
    ? drift.alarmAt === null
      ? `no drift alarm in ${format.count(drift.rows)} rows (largest martingale ${martingaleText(drift.largestLog)}, alarm at ${format.count(1 / drift.level)})`
      : `DRIFT at data row ${format.count(drift.alarmAt + 1)}: the rows are no longer like the calibration rows (martingale up to ${martingaleText(drift.largestLog)}, alarm at ${format.count(1 / drift.level)})`
    : '';
  return [
    ...wrapText(`On ${safeText(newRows.source)}, by all calibration rows:`, width),
    ...figureLines(document, newRows, width),
    ...wrapText(verdict, width - 2).map((text) => `  ${drift?.alarmAt === null ? text : style.warn(text)}`),
  ];
}

/** A martingale can leave the range of what anyone reads. */
const martingaleText = (log: number): string =>
  log > 13.8 ? `10^${format.count(Math.floor(log / Math.LN10))}` : format.number(Math.exp(log), 1);

const riskLines = (risk: RiskReport, width: number): string[] => wrapText(riskSentence(risk, format), width);

function appliedLines(
  { rows, rowsWithoutSet, out }: NonNullable<ConformalDocument['applied']>,
  width: number,
): string[] {
  const lacking =
    rowsWithoutSet === 0 ? '' : `, ${format.count(rowsWithoutSet)} of them without a set for want of a score`;
  return wrapText(`${format.count(rows)} rows with their sets${lacking}: ${safeText(out)}`, width);
}
