import { described } from '../data/described.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { AnomalyModel, Detector } from './detector.ts';

/** Throws `bad-scores` unless they are a Float64Array. */
export function requireScoreList(what: string, scores: unknown): asserts scores is Float64Array {
  if (ArrayBuffer.isView(scores) && 'findIndex' in scores) return;
  throw new CounterweightError('bad-scores', `${what} must be a Float64Array, one a row, got ${described(scores)}`);
}

/** Throws `bad-option` unless it has a `fit`. */
export function requireDetector(option: string, detector: unknown): asserts detector is Detector {
  if (typeof (detector as Partial<Detector> | null | undefined)?.fit === 'function') return;
  const message = `${option} must be a detector, such as isolationForest(), got ${described(detector)}`;
  throw new CounterweightError('bad-option', message);
}

/** Throws `bad-option` unless it has a `score`. */
export function requireAnomalyModel(model: unknown): asserts model is AnomalyModel {
  if (typeof (model as Partial<AnomalyModel> | null | undefined)?.score === 'function') return;
  const message = `model must be what a detector's fit gave, got ${described(model)}`;
  throw new CounterweightError('bad-option', message);
}
