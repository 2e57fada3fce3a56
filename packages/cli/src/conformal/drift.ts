import {
  type ConformalModel,
  conformalScores,
  driftAlarm,
  type Matrix,
  type Notice,
  rowRandomness,
  uniformityTest,
} from '@counterweight/core';
import type { DriftReport } from '../report/conformal/document.ts';
import type { ConformalRows } from './read-rows.ts';

/** Points of the path that are kept. */
const MOST_POINTS = 1000;

/**
 * Watches the rows in their order: smoothed p-values of the true labels' scores among the calibration rows' and those
 * before, and a martingale on them. With `level` as the chance of ever raising a false alarm.
 */
export function watchDrift(
  given: ConformalRows,
  model: ConformalModel,
  options: { readonly level: number; readonly seed: number },
): { readonly drift: DriftReport; readonly notices: readonly Notice[] } {
  const json = model.toJSON();
  const scores = trueScores(json['score'], given.probabilities, given.labels.codes, model);
  const reference = Float64Array.from(json['scores'] as number[]);
  const alarm = driftAlarm({ scores, reference, level: options.level, seed: options.seed });
  const rowAt = (place: number) => given.rows[place]!;
  const alarmAt = alarm.alarmAt < 0 ? null : rowAt(alarm.alarmAt);
  const drift: DriftReport = {
    source: given.source,
    rows: scores.length,
    level: options.level,
    alarmAt,
    largestLog: alarm.logMartingale.reduce((most, value) => Math.max(most, value), 0),
    path: thinned(alarm.logMartingale, alarm.alarmAt).map((place) => ({
      row: rowAt(place),
      log: alarm.logMartingale[place]!,
    })),
    uniformity: uniformityTest(alarm.pValues),
  };
  if (alarmAt === null) return { drift, notices: [] };
  const notice: Notice = {
    code: 'drift',
    severity: 'warning',
    message: `${given.source}: at data row ${alarmAt + 1} the rows could hardly be exchangeable with the calibration rows any more; the sets' error rate need not hold (false alarm rate ${options.level})`,
    numbers: { row: alarmAt, level: options.level },
  };
  return { drift, notices: [notice] };
}

/** Scores of the true labels by the model's own score; its random numbers u are those it hashes from the rows. */
function trueScores(json: unknown, probabilities: Matrix, codes: Int32Array, model: ConformalModel): Float64Array {
  const kind = (json as { kind: string }).kind;
  const score = conformalScores.find(({ name }) => name === kind)!.fromJSON(json);
  const seed = model.toJSON()['seed'] as number;
  const u = score.randomised ? rowRandomness(probabilities, seed) : new Float64Array(0);
  const width = probabilities.columns;
  const all = new Float64Array(probabilities.rows * width);
  score.scoreRows(probabilities.data, width, 0, probabilities.rows, u, all);
  return Float64Array.from(codes, (code, row) => all[row * width + code]!);
}

/** Places of the path to keep: evenly spread, the last one and that of the alarm among them. */
function thinned(path: Float64Array, alarm: number): number[] {
  const step = Math.max(1, Math.ceil(path.length / MOST_POINTS));
  const kept = new Set<number>();
  for (let place = 0; place < path.length; place += step) kept.add(place);
  if (path.length > 0) kept.add(path.length - 1);
  if (alarm >= 0) kept.add(alarm);
  return [...kept].sort((a, b) => a - b);
}
