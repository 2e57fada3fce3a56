import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';
import { type Neighbours, nearestNeighbours } from '../neighbors/nearest-neighbours.ts';
import { checkWhole, checkWord } from '../resample/options.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { checkKnown } from './check-options.ts';
import type { AnomalyModel, Detector } from './detector.ts';
import { fittedModel } from './fitted-model.ts';
import { fittingRows } from './fitting-rows.ts';
import { clampNeighbours, readNeighbourModel } from './neighbour-rows.ts';

/** Which of the k distances is the score: the largest, their mean or their median. */
export type DistanceSummary = 'largest' | 'mean' | 'median';

export interface KNearestOptions {
  /** Neighbours. Default 5. */
  readonly nNeighbors?: number | undefined;
  /** Default `largest`. */
  readonly method?: DistanceSummary | undefined;
}

/** A model that can also score the rows it was fitted to, each with itself left out. */
export interface NeighbourAnomalyModel extends AnomalyModel {
  /** One score for each row fitted to; a row is not its own neighbour. Throws `aborted`. */
  trainingScores(options?: RunOptions): Promise<Float64Array>;
}

export interface NeighbourDetector extends Detector {
  fit(X: NumericRows, options?: RunOptions): Promise<NeighbourAnomalyModel>;
}

export const K_NEAREST = 'k-nearest';

/**
 * Distance to the k nearest fitted rows: the largest (Ramaswamy, Rastogi and Shim, SIGMOD 2000), the mean (Angiulli and Pizzuti, PKDD 2002)
 * or the median. Euclidean, so the units of columns decide: bring them to one scale first. Exact.
 *
 * `score` takes any row as new: a fitted row finds itself at distance 0; `trainingScores` leaves it out. With fewer than k other rows
 * there is a notice `neighbours-clamped`. Throws `bad-option`.
 */
export function kNearest(options: KNearestOptions = {}): NeighbourDetector {
  checkKnown(K_NEAREST, options, ['nNeighbors', 'method']);
  checkWhole('nNeighbors', options.nNeighbors, 1);
  checkWord('method', options.method, ['largest', 'mean', 'median']);
  const { nNeighbors = 5, method = 'largest' } = options;
  return Object.freeze({
    name: K_NEAREST,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, notices } = fittingRows(K_NEAREST, X, run);
      const clamped = clampNeighbours(nNeighbors, rows.rows - 1, 'rows');
      const own: Matrix = { ...rows, data: rows.data.slice() };
      return kNearestModel(own, clamped.k, method, Object.freeze([...notices, ...clamped.notices]));
    },
  });
}

function kNearestModel(
  reference: Matrix,
  k: number,
  method: DistanceSummary,
  notices: readonly Notice[],
): NeighbourAnomalyModel {
  const model = fittedModel({
    name: K_NEAREST,
    columns: reference.columns,
    notices,
    score: async (queries, run) => summarise(await nearestNeighbours({ reference, queries, k }, run), method),
    fields: () => ({ k, method, rows: Array.from(reference.data) }),
  });
  return Object.freeze({
    ...model,
    trainingScores: async (run?: RunOptions) => summarise(await nearestNeighbours({ reference, k }, run), method),
  });
}

/** Distances ascend in each row. */
function summarise({ k, distances }: Neighbours, method: DistanceSummary): Float64Array {
  const scores = new Float64Array(distances.length / k);
  for (let i = 0; i < scores.length; i++) {
    const begin = i * k;
    if (method === 'largest') scores[i] = distances[begin + k - 1]!;
    else if (method === 'median') {
      scores[i] = (distances[begin + ((k - 1) >> 1)]! + distances[begin + (k >> 1)]!) / 2;
    } else {
      let sum = 0;
      for (let at = begin; at < begin + k; at++) sum += distances[at]!;
      scores[i] = sum / k;
    }
  }
  return scores;
}

/** Throws `bad-model`. */
export function kNearestFromJSON(json: unknown): NeighbourAnomalyModel {
  const { fields, rows, k } = readNeighbourModel(json, K_NEAREST);
  fields.require('k', k < rows.rows);
  return kNearestModel(rows, k, fields.oneOf('method', 'largest', 'mean', 'median'), fields.notices('notices'));
}
