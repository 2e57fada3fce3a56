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
  /**
   * Bins of equal width a column: a number of them, or `sqrt` for the root of the number of rows, rounded up, the paper's rule of thumb. Default
   * `nested`: the mean over histograms of 5, 10, 20 and 40 bins. Few bins hide what lies between common values; of many the outer
   * ones hold few rows or none, and an empty bin tells less the more of them there are.
   */
  readonly bins?: number | 'sqrt' | 'nested' | undefined;
}

export const HBOS = 'hbos';

/** The bins of the finest of the nested histograms, and how many of them are one bin of each. */
const NESTED_BINS = 40;
const NESTED = [1, 2, 4, 8];

/** Edges, ascending, one more than bins; and the rows in each bin. */
interface Histogram {
  readonly edges: Float64Array;
  readonly counts: Int32Array;
}

/** One histogram a column, and the coarser ones made of it: so many neighbouring bins are one bin of each. */
interface Histograms {
  readonly finest: readonly Histogram[];
  readonly joined: readonly number[];
}

/**
 * Histogram-based outlier score: the sum over columns of log2(1 / height of the row's bin), the highest bin of a column having height 1
 * (Goldstein and Dengel, KI 2012). Columns are taken as independent. With nested histograms that is a mean over them.
 *
 * An empty bin, or a place outside the range, counts as one row beside c + 1 in the highest bin. A column with one value is one bin.
 * Units of the columns change nothing. Throws `bad-option`.
 */
export function hbos(options: HbosOptions = {}): Detector {
  checkKnown(HBOS, options, ['bins']);
  const { bins = 'nested' } = options;
  if (bins !== 'sqrt' && bins !== 'nested') checkWhole('bins', bins, 1);
  return Object.freeze({
    name: HBOS,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, notices } = fittingRows(HBOS, X, run);
      if (bins === 'nested') return hbosModel({ finest: histogramsOf(rows, NESTED_BINS), joined: NESTED }, notices);
      const count = bins === 'sqrt' ? Math.ceil(Math.sqrt(rows.rows)) : bins;
      return hbosModel({ finest: histogramsOf(rows, count), joined: [1] }, notices);
    },
  });
}

/** Rows looked at a column at a time: they stay in the cache until the last column. */
const CHUNK_ROWS = 512;

/** Calls `take` with each column of each chunk of rows: the cells from `first` on, `columns` apart, before `end`. */
function eachColumn({ columns, data }: Matrix, take: (column: number, first: number, end: number) => void): void {
  for (let begin = 0; begin < data.length; begin += CHUNK_ROWS * columns) {
    const end = Math.min(data.length, begin + CHUNK_ROWS * columns);
    for (let j = 0; j < columns; j++) take(j, begin + j, end);
  }
}

function histogramsOf(X: Matrix, bins: number): Histogram[] {
  const { rows, columns, data } = X;
  const least = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const largest = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  eachColumn(X, (j, first, end) => {
    let [low, high] = [least[j]!, largest[j]!];
    for (let at = first; at < end; at += columns) {
      const value = data[at]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    least[j] = low;
    largest[j] = high;
  });
  const histograms = Array.from(least, (low, j) =>
    low === largest[j]
      ? { edges: Float64Array.of(low, low), counts: Int32Array.of(rows) }
      : { edges: evenEdges(low, largest[j]!, bins), counts: new Int32Array(bins) },
  );
  const found = new Int32Array(CHUNK_ROWS);
  eachColumn(X, (j, first, end) => {
    if (least[j] === largest[j]) return;
    const { edges, counts } = histograms[j]!;
    writeBins(data, columns, first, end, edges, found);
    const count = Math.ceil((end - first) / columns);
    for (let i = 0; i < count; i++) counts[found[i]!]!++;
  });
  return histograms;
}

function evenEdges(least: number, largest: number, bins: number): Float64Array {
  const width = (largest - least) / bins;
  const edges = Float64Array.from({ length: bins + 1 }, (_, k) =>
    width < Number.POSITIVE_INFINITY ? least + k * width : least * (1 - k / bins) + largest * (k / bins),
  );
  edges[bins] = largest;
  return edges;
}

/** Writes the bins of a column's cells, the last one closed on both sides; one past the last for cells outside. */
function writeBins(
  data: Float64Array,
  columns: number,
  first: number,
  end: number,
  edges: Float64Array,
  into: Int32Array,
) {
  const last = edges.length - 2;
  const low = edges[0]!;
  const high = edges[last + 1]!;
  const perUnit = (last + 1) / (high - low);
  const scale = Number.isFinite(perUnit) ? perUnit : 0;
  for (let at = first, i = 0; at < end; at += columns, i++) {
    const value = data[at]!;
    if (!(value >= low && value <= high)) {
      into[i] = last + 1;
      continue;
    }
    // A guess, exact but for rounding where bins are even.
    let bin = Math.min(last, ((value - low) * scale) | 0);
    while (edges[bin]! > value) bin--;
    while (bin < last && edges[bin + 1]! <= value) bin++;
    into[i] = bin;
  }
}

/** Mean over the histograms of how strange each of the finest bins is, and last what lies outside. */
function strangenessOf({ counts }: Histogram, joined: readonly number[]): Float64Array {
  const table = new Float64Array(counts.length + 1);
  for (const width of joined) {
    const heights = new Int32Array(Math.ceil(counts.length / width));
    counts.forEach((count, bin) => {
      heights[Math.floor(bin / width)]! += count;
    });
    const highest = heights.reduce((a, b) => Math.max(a, b));
    for (let bin = 0; bin < table.length; bin++) {
      const height = bin < counts.length ? heights[Math.floor(bin / width)]! : 0;
      table[bin]! += Math.log2(height > 0 ? highest / height : highest + 1) / joined.length;
    }
  }
  return table;
}

function hbosModel({ finest, joined }: Histograms, notices: readonly Notice[]): AnomalyModel {
  const columns = finest.length;
  const strangeness = finest.map((histogram) => strangenessOf(histogram, joined));
  return fittedModel({
    name: HBOS,
    columns,
    notices,
    score: (X) => {
      const scores = new Float64Array(X.rows);
      const found = new Int32Array(CHUNK_ROWS);
      eachColumn(X, (j, first, end) => {
        writeBins(X.data, columns, first, end, finest[j]!.edges, found);
        const table = strangeness[j]!;
        const row = (first - j) / columns;
        const count = Math.ceil((end - first) / columns);
        for (let i = 0; i < count; i++) scores[row + i]! += table[found[i]!]!;
      });
      return scores;
    },
    fields: () => ({
      joined: [...joined],
      histograms: finest.map(({ edges, counts }) => ({ edges: Array.from(edges), counts: Array.from(counts) })),
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
  const joined = Array.from(fields.numbers('joined'));
  fields.require('joined', joined.length > 0 && joined.every((width) => Number.isSafeInteger(width) && width >= 1));
  const finest = list.map((one) => {
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
  return hbosModel({ finest, joined }, fields.notices('notices'));
}
