import {
  type Estimate,
  evaluationMetricInfo,
  type ModelEvaluation,
  type ThresholdEvaluation,
} from '@counterweight/core';
import { digitsFor } from '../report/evaluate/digits.ts';
import type {
  BinaryEvaluationReport,
  ClassEvaluationReport,
  EvaluationReport,
} from '../report/evaluate/evaluation-report.ts';
import { terminalFormat as format } from '../report/format.ts';
import { cutText, safeText } from '../report/safe-text.ts';
import { fitText, lineWidths, padText, type Style, terminalStyle, textWidth, wrapText } from './ansi.ts';
import { noticeLines } from './notice-lines.ts';

export interface EvaluationSummaryOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
  /** What was written where. */
  readonly files: readonly { readonly label: string; readonly path: string }[];
}

const mostModels = 4;
const nothing: Estimate = { value: null, low: null, high: null };

/** An evaluation as text: what was evaluated, ranking, probabilities, decisions, comparisons, notices. Ends with a newline. */
export function renderEvaluation(report: EvaluationReport, options: EvaluationSummaryOptions): string {
  const { width, room } = lineWidths(options.width, 120);
  const style = terminalStyle(options.colour);
  const blocks = [
    ...(report.kind === 'binary' ? binaryBlocks(report, width, room, style) : classBlocks(report, room, style)),
    noticeLines(report.notices, width, style),
    options.files.map(({ label, path }) => `${style.dim(label)}  ${safeText(path)}`),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function binaryBlocks(report: BinaryEvaluationReport, width: number, room: number, style: Style): string[][] {
  const models = report.models.slice(0, mostModels);
  return [
    headLines(report, width, style),
    rankingLines(models, room, style),
    probabilityLines(models, room, style),
    ...models.map((model) => decisionLines(report, model, models.length > 1, width, room, style)),
    comparisonLines(report, room, style),
  ];
}

const mostClasses = 20;

function classBlocks(
  { source, data, metrics, decisions, intervals }: ClassEvaluationReport,
  width: number,
  style: Style,
) {
  const head = `${cutText(source, 60)}: ${format.count(data.rows)} rows of ${data.classes.length} classes${data.weights === 'none' ? '' : ', weighted'}`;
  const first = decisions[0]!;
  const overall = [
    'accuracy',
    'balancedAccuracy',
    'f1',
    'geometricMean',
    'matthewsCorrcoef',
    'cohenKappa',
    'expectedCost',
  ];
  const present = overall.filter((name) => decisions.some((one) => one.metrics[name]));
  const sorted = [...first.classes].sort((a, b) => a.support - b.support);
  const cell = (one: Estimate) => `${format.number(one.value, 2)} ${format.interval(one, 2)}`.trim();
  return [
    [...wrapText(head, width).map(style.bold), style.dim(`${levelText(intervals.level)} intervals in brackets`)],
    aligned(
      [
        ['over all classes', ''],
        ...Object.entries(metrics).map(([name, one]) => [
          evaluationMetricInfo(name).label,
          `${format.number(one.value, digitsFor([one.value]))} ${format.interval(one, digitsFor([one.value]))}`.trim(),
        ]),
      ],
      width,
      style,
    ),
    aligned(
      [
        ['decisions', ...decisions.map(({ name }) => name.replace('-', ' '))],
        ...present.map((name) => [
          name === 'f1' ? 'F1 (macro)' : evaluationMetricInfo(name).label,
          ...decisions.map((one) => cell(one.metrics[name] ?? nothing)),
        ]),
      ],
      width,
      style,
    ),
    aligned(
      [
        ['class', 'rows', 'precision', 'recall', 'F1'],
        ...sorted
          .slice(0, mostClasses)
          .map((one) => [
            fitText(String(one.class), 30),
            format.count(one.support),
            cell(one.precision),
            cell(one.recall),
            cell(one.f1),
          ]),
        ...(sorted.length > mostClasses ? [[`… ${sorted.length - mostClasses} more (--json lists all)`]] : []),
      ],
      width,
      style,
    ),
  ];
}

const levelText = (level: number) => `${Number((100 * level).toPrecision(4))} %`;

/** Rows of cells in columns, the first row being the head. */
function aligned(rows: readonly (readonly string[])[], width: number, style: Style): string[] {
  const widths = rows[0]!.map((_, c) =>
    Math.max(...rows.map((row) => (row.length === 1 ? 0 : textWidth(row[c] ?? '')))),
  );
  return rows.map((row, i) => {
    const line = fitText(
      row
        .map((text, c) => padText(text, widths[c]!))
        .join('  ')
        .trimEnd(),
      width,
    );
    return i === 0 ? style.dim(line) : line;
  });
}

function headLines(
  { source, positive, negative, data, models, intervals }: BinaryEvaluationReport,
  width: number,
  style: Style,
) {
  const shown = models.length > mostModels ? `; the first ${mostModels} of ${models.length} models are shown` : '';
  const head = `${cutText(source, 60)}: ${format.count(data.rows)} rows, ${format.count(data.positives)} ${cutText(String(positive), 30)} (${format.percent(data.prevalence)}) against ${format.count(data.negatives)} ${cutText(String(negative), 30)}${data.weights === 'none' ? '' : ', weighted'}${shown}`;
  return [...wrapText(head, width).map(style.bold), style.dim(`${levelText(intervals.level)} intervals in brackets`)];
}

/** One line a metric, one column a model. */
function metricTable(
  title: string,
  models: readonly ModelEvaluation[],
  rows: readonly { readonly label: string; readonly of: (model: ModelEvaluation) => Estimate }[],
  width: number,
  style: Style,
): string[] {
  const labels = rows.map(({ label }) => label);
  const labelWidth = Math.max(textWidth(title), ...labels.map(textWidth));
  const cells = rows.map(({ of }) => {
    const estimates = models.map(of);
    const decimals = digitsFor(estimates.map(({ value }) => value));
    return estimates.map((one) => `${format.number(one.value, decimals)} ${format.interval(one, decimals)}`.trim());
  });
  const most = Math.max(12, Math.floor((width - labelWidth) / models.length) - 2);
  const heads = models.map(({ name }) => fitText(name, most));
  const widths = heads.map((head, m) => Math.max(textWidth(head), ...cells.map((line) => textWidth(line[m]!))));
  const line = (label: string, values: readonly string[]) =>
    [padText(label, labelWidth), ...values.map((value, m) => padText(value, widths[m]!))].join('  ').trimEnd();
  const table = [style.dim(line(title, heads)), ...cells.map((values, i) => line(labels[i]!, values))];
  return table.map((text) => (textWidth(text) > width ? fitText(text, width) : text));
}

function rankingLines(models: readonly ModelEvaluation[], width: number, style: Style): string[] {
  const of = (name: string) => (model: ModelEvaluation) => model.ranking[name] ?? nothing;
  const deLong = models.some((model) => model.deLong.low !== null);
  return metricTable(
    'ranking',
    models,
    [
      deLong ? { label: 'ROC-AUC (DeLong)', of: (model) => model.deLong } : { label: 'ROC-AUC', of: of('rocAuc') },
      ...[
        'averagePrecision',
        'precisionRecallAuc',
        'precisionRecallGainAuc',
        'partialRocAuc',
        'kolmogorovSmirnov',
        'hMeasure',
      ].map((name) => ({ label: evaluationMetricInfo(name).label.replace(/ \(.*/, ''), of: of(name) })),
    ],
    width,
    style,
  );
}

function probabilityLines(models: readonly ModelEvaluation[], width: number, style: Style): string[] {
  if (models.every(({ probabilities }) => probabilities === null)) return [];
  const names = [
    'brierScore',
    'd2BrierScore',
    'logLoss',
    'calibrationSlope',
    'calibrationInTheLarge',
    'ici',
    'expectedCalibrationError',
  ];
  return metricTable(
    'probabilities',
    models,
    names.map((name) => ({
      label: evaluationMetricInfo(name).label,
      of: ({ probabilities }: ModelEvaluation) => probabilities?.metrics[name] ?? nothing,
    })),
    width,
    style,
  );
}

const pointLabels: Readonly<Record<ThresholdEvaluation['name'], string>> = {
  half: 'at 0.5',
  given: 'as given',
  cost: 'from costs',
  tuned: 'tuned here',
};

function decisionLines(
  report: BinaryEvaluationReport,
  { name, decisions }: ModelEvaluation,
  several: boolean,
  width: number,
  room: number,
  style: Style,
): string[] {
  const names = ['precision', 'recall', report.costs ? 'expectedCost' : 'f1'];
  const head = [
    several ? fitText(name, 12) : 'decisions',
    'threshold',
    ...names.map((key) => evaluationMetricInfo(key).label.replace(' correlation', '').replace(' a row', '')),
  ];
  const rows = decisions.map((decision) => [
    pointLabels[decision.name],
    decision.threshold === null ? 'flag none' : format.probability(decision.threshold),
    ...names.map((key) => {
      const estimate = decision.metrics[key] ?? nothing;
      const decimals = key === 'expectedCost' ? digitsFor([estimate.value]) : 2;
      return `${format.number(estimate.value, decimals)} ${format.interval(estimate, decimals)}`.trim();
    }),
  ]);
  const widths = head.map((cell, c) => Math.max(textWidth(cell), ...rows.map((row) => textWidth(row[c]!))));
  const line = (cells: readonly string[]) =>
    fitText(
      cells
        .map((cell, c) => padText(cell, widths[c]!))
        .join('  ')
        .trimEnd(),
      room,
    );
  const tuned = decisions.find((decision) => decision.tuned !== null)?.tuned;
  const corrected =
    tuned && tuned.crossFitted !== null
      ? wrapText(
          `Tuned for ${evaluationMetricInfo(tuned.metric).label} on these very rows, so that looks better than it will be: ${format.number(tuned.apparent, digitsFor([tuned.apparent]))} here, about ${format.number(tuned.crossFitted, digitsFor([tuned.apparent]))} on new rows.`,
          width,
        )
      : [];
  return [style.dim(line(head)), ...rows.map(line), ...corrected.map(style.dim)];
}

const mostPairs = 6;

function comparisonLines({ comparisons }: BinaryEvaluationReport, width: number, style: Style): string[] {
  if (comparisons.length === 0) return [];
  const lines = comparisons.slice(0, mostPairs).flatMap(({ first, second, differences, deLong }) => {
    const part = (label: string, one: (typeof differences)[string] | null | undefined) => {
      if (!one || one.value === null) return [];
      const decimals = Math.max(3, digitsFor([one.value]));
      const p = one.adjustedPValue === null ? '' : `, p ${pText(one.adjustedPValue)}`;
      return [`   ${padText(label, 18)} ${format.signed(one.value, decimals)} ${format.interval(one, decimals)}${p}`];
    };
    return [
      `${fitText(first, 30)} less ${fitText(second, 30)}`,
      ...part('ROC-AUC (DeLong)', deLong),
      ...part('average precision', differences['averagePrecision']),
      ...part('Brier score', differences['brierScore']),
    ].map((line) => fitText(line, width));
  });
  const left = comparisons.length - mostPairs;
  return [
    style.dim(comparisons.length > 1 ? 'comparisons (p by Holm over the pairs)' : 'comparison'),
    ...lines,
    ...(left > 0 ? [style.dim(`… ${format.count(left)} more pairs (--json lists all)`)] : []),
  ];
}

const pText = (p: number) => (p < 0.001 ? '< 0.001' : `= ${format.pValue(p)}`);
