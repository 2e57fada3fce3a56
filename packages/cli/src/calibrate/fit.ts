import {
  type CalibratorComparison,
  type Classes,
  CounterweightError,
  compareCalibrators,
  defaultReplicates,
  type Notice,
  type PriorCorrection,
  positiveClass,
  priorCorrection,
  type RunOptions,
  rocAucInterval,
} from '@counterweight/core';
import type { CalibrateReport } from '../report/calibrate/calibrate-report.ts';
import { version } from '../version.ts';
import type { SavedCalibrator } from './calibrator-file.ts';
import {
  classShares,
  describeMap,
  describeMeasures,
  describeReliability,
  describeWidths,
  estimate,
} from './describe.ts';
import { type FitRows, readFitRows } from './fit-rows.ts';
import { calibratorsOf, seenShares } from './methods.ts';
import { commandOf, type FitRequest } from './request.ts';
import { sharesOf } from './shares.ts';

export interface Fitted {
  readonly saved: SavedCalibrator;
  readonly report: CalibrateReport;
}

/** Reads the calibration rows, compares the methods out of fold, fits the chosen one and says what it found. */
export async function fitCalibrator(
  request: FitRequest,
  run: RunOptions & { readonly signal: AbortSignal; readonly threads: number },
): Promise<Fitted> {
  const rows = await readFitRows(request, run);
  const candidates = calibratorsOf(request, rows);
  const shift = shiftOf(request, rows);
  const several = candidates.length > 1;
  const replicates = request.replicates ?? defaultReplicates(rows.scores.rows, rows.labels.classes.length);
  const comparison = await compareCalibrators(
    {
      scores: rows.scores,
      y: rows.labels,
      weights: rows.weights,
      calibrators: candidates,
      choose: request.choose,
      probabilities: rows.input === 'probabilities',
      shift,
      folds: request.folds,
      seed: request.seed,
      replicates,
      level: 0.95,
    },
    run,
  );
  const { calibration, chosen } = comparison;
  const { columns, input, labels } = rows;
  const positive = labels.classes.length === 2 ? (rows.positive ?? labels.classes[positiveClass(labels)]!) : null;
  return {
    saved: { method: chosen, target: request.target, classes: labels.classes, positive, columns, input, calibration },
    report: reportOf(request, rows, comparison, shift, replicates, several),
  };
}

/** From the shares of the data to those of `--prior`. Throws `bad-option` for a class without rows. */
function shiftOf({ prior, binary }: FitRequest, { labels, weights }: FitRows): PriorCorrection | undefined {
  if (prior === undefined) return undefined;
  const shares = classShares(labels, weights);
  const lacking = shares.find(({ share }) => !(share > 0));
  if (lacking) {
    throw new CounterweightError(
      'bad-option',
      `--prior needs calibration rows of every class, and ${lacking.label} has none`,
      { class: lacking.label },
    );
  }
  return priorCorrection({
    trueShares: sharesOf('--prior', prior, labels.classes, binary),
    seenShares: Float64Array.from(shares, ({ share }) => share),
  });
}

/** Scores that run the wrong way beyond chance: ascending methods can only level them. */
function reversedNotice({ scores, labels, columns }: FitRows): Notice[] {
  if (scores.columns !== 1) return [];
  const { value, high } = rocAucInterval({ scores: scores.data, truth: labels.codes, positive: 1 });
  if (!(high < 0.5)) return [];
  return [
    {
      code: 'reversed-scores',
      severity: 'warning',
      message: `Higher values of ${columns[0]} go with lower chances of ${labels.classes[1]} (ROC-AUC ${value.toFixed(3)}); methods that keep the order of the scores, Venn-Abers among them, can only level them. Do the scores speak of the other class (--positive)?`,
      numbers: { rocAuc: value },
    },
  ];
}

function reportOf(
  request: FitRequest,
  rows: FitRows,
  comparison: CalibratorComparison,
  shift: PriorCorrection | undefined,
  replicates: number,
  several: boolean,
): CalibrateReport {
  const { labels, scores } = rows;
  const { classes }: { classes: Classes } = labels;
  const { before, methods, chosen, best, folds } = comparison;
  return {
    format: 'counterweight-calibration',
    formatVersion: 1,
    versions: { counterweight: version },
    data: {
      source: rows.source,
      target: request.target,
      positive: rows.positive,
      scores: rows.columns,
      input: rows.input,
      weights: request.weights ?? null,
      rows: scores.rows,
      classes: classShares(labels, rows.weights),
    },
    validation: { folds, replicates, level: 0.95 },
    prior: shift ? [...shift.trueShares] : null,
    trainedOn: request.trainedOn === undefined ? null : [...seenShares(request, classes)],
    before: before && describeMeasures(before.measures, classes),
    methods: methods.map(({ name, measures, logLossBehindBest }) => ({
      name,
      ...describeMeasures(measures, classes),
      logLossBehindBest: estimate(logLossBehindBest),
    })),
    choice: { chosen, best, by: several && request.choose === undefined ? 'best' : 'named' },
    reliability: describeReliability(comparison, labels),
    widths: describeWidths(methods.find(({ name }) => name === chosen)!.widths, labels),
    map: describeMap(comparison.calibration, scores),
    notices: [...rows.notices, ...reversedNotice(rows), ...comparison.notices],
    saved: null,
    applied: null,
    reproduce: { command: commandOf(request), seed: request.seed },
  };
}
