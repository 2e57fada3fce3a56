import type { CalibrateReport, EstimateReport, MeasuredReport } from '../report/calibrate/calibrate-report.ts';
import { decimalsFor, terminalFormat as format } from '../report/format.ts';
import { cutText, safeText } from '../report/safe-text.ts';
import { fitText, padText, type Style, terminalStyle, textWidth, wrapText } from './ansi.ts';
import { fileLines } from './file-lines.ts';
import { noticeLines } from './notice-lines.ts';

export interface CalibrationOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
  readonly files?: readonly { readonly label: string; readonly path: string }[];
}

const mostNotices = 5;
const mostClasses = 6;

/** What `calibrate` found, as text: verdict, before and after, methods, widths, notices, files. Ends with a newline. */
export function renderCalibration(report: CalibrateReport, options: CalibrationOptions): string {
  const width = Math.max(40, Math.min(options.width, 110));
  const style = terminalStyle(options.colour);
  const blocks = [
    wrapText(safeText(calibrationVerdict(report)), width).map(style.bold),
    measureLines(report, style),
    methodLines(report, style),
    widthLines(report, style),
    noticeLines(report.notices, width, style, mostNotices),
    fileLines(options.files ?? [], style),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** The answer in one or two sentences. */
export function calibrationVerdict({ data, before, methods, choice, validation }: CalibrateReport): string {
  const after = methods.find(({ name }) => name === choice.chosen)!;
  const how =
    choice.by === 'best'
      ? `${choice.chosen} has the least log loss of ${methods.length} methods`
      : `${choice.chosen} was fitted`;
  const rows = `${format.count(data.rows)} rows of ${cutText(data.source, 40)}`;
  const decimals = decimalsFor([before?.brierScore.value, after.brierScore.value]);
  const change = before
    ? `Out of fold the Brier score goes from ${format.number(before.brierScore.value, decimals)} to ${format.number(after.brierScore.value, decimals)}`
    : `Out of fold the Brier score is ${format.number(after.brierScore.value, decimals)}`;
  return `${how} on ${rows}. ${change}; ${checkSentence(before, after, validation.level)}`;
}

function checkSentence(before: MeasuredReport | null, after: MeasuredReport, level: number): string {
  const percent = `${Math.round(level * 100)} %`;
  if (before?.check.passes && after.check.passes) return `both pass the calibration check at ${percent}.`;
  if (before?.check.passes)
    return `the scores passed the calibration check at ${percent}, the calibrated probabilities fail it.`;
  if (before) {
    return after.check.passes
      ? `the scores failed the calibration check at ${percent}, the calibrated probabilities pass it.`
      : `scores and calibrated probabilities both fail the calibration check at ${percent}.`;
  }
  return `the calibrated probabilities ${after.check.passes ? 'pass' : 'fail'} the calibration check at ${percent}.`;
}

/** Rows of the table before and after: label and what to take of a report. */
const overallRows = [
  ['Brier score', 'brierScore'],
  ['log loss', 'logLoss'],
] as const;
const classRows = [
  ['slope (1)', 'slope'],
  ['intercept (0)', 'intercept'],
  ['in the large (0)', 'inTheLarge'],
  ['ICI (0)', 'ici'],
  ['ECE, 10 bins of equal rows (0)', 'ece'],
  ['CORP miscalibration (0)', 'miscalibration'],
] as const;

function measureLines(report: CalibrateReport, style: Style): string[] {
  const { before, methods, choice, data } = report;
  const after = methods.find(({ name }) => name === choice.chosen)!;
  const multi = data.positive === null && data.classes.length > 2;
  const lines: string[][] = overallRows.map(([label, key]) => line(label, before?.[key], after[key]));
  const rarest = [...after.classes.keys()].sort(
    (a, b) => rowsOf(report, after.classes[a]!.class) - rowsOf(report, after.classes[b]!.class),
  );
  const shown = rarest.slice(0, multi ? Math.min(3, mostClasses) : 1);
  if (multi) {
    lines.push(line('ECE, 10 bins of equal rows, mean of classes (0)', before?.ece, after.ece));
    for (const i of shown) {
      const name = fitText(String(after.classes[i]!.class), 16);
      for (const [label, key] of classRows.filter(
        ([, key]) => key === 'slope' || key === 'inTheLarge' || key === 'ici',
      )) {
        lines.push(line(`${name}: ${label}`, before?.classes[i]?.[key], after.classes[i]?.[key]));
      }
    }
  } else {
    for (const [label, key] of classRows) lines.push(line(label, before?.classes[0]?.[key], after.classes[0]?.[key]));
  }
  const head = ['', before ? 'before' : '', 'after, out of fold'];
  const table = aligned([head, ...lines].map((cells) => (before ? cells : [cells[0]!, cells[2]!])));
  return [style.dim(table[0]!), ...table.slice(1)];
}

const rowsOf = ({ data }: CalibrateReport, label: string | number): number =>
  data.classes.find((one) => one.label === label)?.rows ?? 0;

function line(label: string, before: EstimateReport | undefined, after: EstimateReport | undefined): string[] {
  // Values around 0 or 1 by nature need no more places the nearer they come.
  const decimals = /slope|intercept|large/.test(label) ? 3 : decimalsFor([before?.value, after?.value]);
  return [label, before ? estimateText(before, decimals) : '', after ? estimateText(after, decimals) : ''];
}

function estimateText(estimate: EstimateReport, decimals: number): string {
  if (estimate.value === null) return '-';
  return `${format.number(estimate.value, decimals)} ${format.interval(estimate, decimals)}`.trim();
}

/** The methods in the order of their log loss, where several were tried. */
function methodLines({ methods, choice, before }: CalibrateReport, style: Style): string[] {
  if (methods.length < 2) return [];
  const loss = (value: number | null) => value ?? Number.POSITIVE_INFINITY;
  const ranked = [...methods].sort((a, b) => loss(a.logLoss.value) - loss(b.logLoss.value));
  const [logs, briers] = [
    methods.map(({ logLoss }) => logLoss.value),
    methods.map(({ brierScore }) => brierScore.value),
  ];
  const rows = ranked.map((method) => [
    `${method.name === choice.chosen ? '>' : ' '} ${method.name}`,
    format.number(method.logLoss.value, decimalsFor(logs)),
    method.name === choice.best ? 'best' : estimateText(method.logLossBehindBest, decimalsFor(logs) + 1),
    estimateText(method.brierScore, decimalsFor(briers)),
    format.number(method.ece.value, 4),
    format.number(method.miscalibration.value, 5),
    method.check.passes ? 'pass' : 'fail',
  ]);
  const raw = before
    ? [
        [
          '  (as they are)',
          format.number(before.logLoss.value, decimalsFor(logs)),
          '',
          estimateText(before.brierScore, decimalsFor(briers)),
          format.number(before.ece.value, 4),
          format.number(before.miscalibration.value, 5),
          before.check.passes ? 'pass' : 'fail',
        ],
      ]
    : [];
  const table = aligned([
    ['  method', 'log loss', 'behind the best', 'Brier score', 'ECE', 'CORP', 'check'],
    ...rows,
    ...raw,
  ]);
  return [style.dim(table[0]!), ...table.slice(1).map((text) => (text.startsWith('>') ? style.bold(text) : text))];
}

function widthLines({ widths }: CalibrateReport, style: Style): string[] {
  if (!widths) return [];
  const classes = [...widths.classes].sort((a, b) => a.rows - b.rows).slice(0, mostClasses);
  const rows = [
    ...classes.map((one) => [fitText(String(one.class), 24), one] as const),
    ['all rows', widths.overall] as const,
  ].map(([label, one]) => [
    label,
    format.count(one.rows),
    format.number(one.median, 4),
    format.number(one.mean, 4),
    format.number(one.p90, 4),
    format.number(one.max, 4),
  ]);
  const table = aligned([['width p1 - p0', 'rows', 'median', 'mean', '90th percentile', 'largest'], ...rows]);
  return [style.dim(table[0]!), ...table.slice(1)];
}

/** Columns padded to their widest, the first to the left; the first row is the head. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => textWidth(row[c]!))));
  return rows.map((row) =>
    row
      .map((text, c) => padText(text, widths[c]!, c === 0 ? 'left' : 'right'))
      .join('  ')
      .trimEnd(),
  );
}
