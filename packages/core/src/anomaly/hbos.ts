import { modelFields } from '../calibrate/model-fields.ts';
import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';
import { checkWhole } from '../resample/options.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { checkKnown } from './check-options.ts';
import type { AnomalyModel, Detector } from './detector.ts';
import { fittedModel } from './fitted-model.ts';
import { fittingRows } from './fitting-rows.ts';

export interface HbosOptions {
  /** Bins of equal width a column. Default `sqrt`: the root of the number of rows, rounded up, the paper's rule of thumb. */
  readonly bins?: number | 'sqrt' | undefined;
}

export const HBOS = 'hbos';

/** Edges, ascending, one more than bins; and the rows in each bin. */
interface Histogram {
  readonly edges: Float64Array;
  readonly counts: Int32Array;
}

/**
 * Histogram-based outlier score: the sum over columns of log2(1 / height of the row's bin), the highest bin of a column having height 1
 * (Goldstein and Dengel, KI 2012). Columns are taken as independent.
 *
 * An empty bin, or a place outside the range, counts as one row beside c + 1 in the highest bin. A column with one value is one bin.
 * Units of the columns change nothing. Throws `bad-option`.
 */
export function hbos(options: HbosOptions = {}): Detector {
  checkKnown(HBOS, options, ['bins']);
  const { bins = 'sqrt' } = options;
  if (bins !== 'sqrt') checkWhole('bins', bins, 1);
  return Object.freeze({
    name: HBOS,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, notices } = fittingRows(HBOS, X, run);
      const count = bins === 'sqrt' ? Math.ceil(Math.sqrt(rows.rows)) : bins;
      const histograms = Array.from({ length: rows.columns }, (_, j) => histogramOf(rows, j, count));
      return hbosModel(histograms, notices);
    },
  });
}

function histogramOf({ rows, columns, data }: Matrix, j: number, bins: number): Histogram {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let at = j; at < data.length; at += columns) {
    least = Math.min(least, data[at]!);
    largest = Math.max(largest, data[at]!);
  }
  if (least === largest) return { edges: Float64Array.of(least, least), counts: Int32Array.of(rows) };
  const width = (largest - least) / bins;
  const edges = Float64Array.from({ length: bins + 1 }, (_, k) =>
    width < Number.POSITIVE_INFINITY ? least + k * width : least * (1 - k / bins) + largest * (k / bins),
  );
  edges[bins] = largest;
  const counts = new Int32Array(bins);
  for (let at = j; at < data.length; at += columns) counts[binOf(edges, data[at]!)]!++;
  return { edges, counts };
}

/** The bin of a value, the last one closed on both sides; -1 outside. */
function binOf(edges: Float64Array, value: number): number {
  const last = edges.length - 1;
  if (value < edges[0]! || value > edges[last]!) return -1;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}

function hbosModel(histograms: readonly Histogram[], notices: readonly Notice[]): AnomalyModel {
  const columns = histograms.length;
  const highest = histograms.map(({ counts }) => counts.reduce((a, b) => Math.max(a, b)));
  const strangeness = histograms.map(({ counts }, j) =>
    Float64Array.from(counts, (count) => Math.log2(count > 0 ? highest[j]! / count : highest[j]! + 1)),
  );
  const outside = highest.map((most) => Math.log2(most + 1));
  return fittedModel({
    name: HBOS,
    columns,
    notices,
    score: ({ rows, data }) => {
      const scores = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const bin = binOf(histograms[j]!.edges, data[i * columns + j]!);
          scores[i]! += bin < 0 ? outside[j]! : strangeness[j]![bin]!;
        }
      }
      return scores;
    },
    fields: () => ({
      histograms: histograms.map(({ edges, counts }) => ({ edges: Array.from(edges), counts: Array.from(counts) })),
    }),
  });
}

/** Throws `bad-model`. */
export function hbosFromJSON(json: unknown): AnomalyModel {
  const fields = modelFields(json, 'hbos');
  fields.oneOf('kind', HBOS);
  const list = fields.list('histograms');
  fields.require('columns', fields.count('columns') > 0);
  fields.require('histograms', list.length === fields.count('columns'));
  const histograms = list.map((one) => {
    const parts = modelFields(one, 'hbos');
    const counts = Int32Array.from(parts.numbers('counts'));
    parts.require('counts', counts.some((count) => count > 0) && counts.every((count) => count >= 0));
    const edges = parts.numbers('edges', counts.length + 1);
    parts.require(
      'edges',
      edges.every((edge, k) => k === 0 || edges[k - 1]! <= edge),
    );
    return { edges, counts };
  });
  return hbosModel(histograms, fields.notices('notices'));
}
