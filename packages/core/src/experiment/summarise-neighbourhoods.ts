import type { NumericRows } from '../data/dataset.ts';
import { type Labels, selectNumericRows, subsetLabels } from '../data/index.ts';
import {
  crossClassDuplicates,
  findNeighbourhoods,
  labelNoiseSuspects,
  levelledSample,
  neighbourhoodTypes,
  proportionalSample,
  smallDisjuncts,
} from '../measure/index.ts';
import { nearestNeighbours } from '../neighbors/index.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { describeNeighbourhoods } from './describe-neighbourhoods.ts';
import type { NeighbourhoodSummary } from './neighbourhood-summary.ts';

/** Multiplications of the search: about half a second on one core. */
const MOST_PRODUCTS = 6e9;
/** Cells among which neighbours are sought. */
const MOST_CELLS = 4e6;
const FEWEST_QUERIES = 500;

/**
 * What stands around the rows of each class, in a second or so however large the set: at most 4 million cells are taken, by
 * a sample in which classes keep their shares, and around as many of its rows as the time allows, rare classes first.
 * `rows` of the result says how many rows neighbours were sought among, `lookedAt` around how many.
 *
 * `inputRow` names the rows in the lists of the result (by default as in `X`). Throws as `findNeighbourhoods`.
 */
export async function summariseNeighbourhoods(
  data: { readonly X: NumericRows; readonly y: Labels; readonly inputRow?: Int32Array | undefined },
  request: { readonly k?: number | undefined; readonly seed?: number | undefined } = {},
  options?: RunOptions,
): Promise<NeighbourhoodSummary> {
  const { columns } = data.X;
  const seed = request.seed ?? 0;
  const find = nearestNeighbours;
  const kept = proportionalSample(data.y, Math.max(100, Math.floor(MOST_CELLS / Math.max(1, columns))), seed);
  const whole = kept.length === data.X.rows;
  const X = whole ? data.X : selectNumericRows(data.X, kept);
  const y = whole ? data.y : subsetLabels(data.y, kept);
  const inputRow = data.inputRow ? kept.map((row) => data.inputRow![row]!) : kept;
  const queries = Math.max(FEWEST_QUERIES, Math.floor(MOST_PRODUCTS / (X.rows * Math.max(1, columns))));
  const around = await findNeighbourhoods(
    { X, y },
    { find, k: request.k, rows: levelledSample(y, queries, seed) },
    options,
  );
  const found = {
    k: around.k,
    rows: around.rows,
    types: await neighbourhoodTypes({ X, y }, around, { find }, options),
    smallDisjuncts: smallDisjuncts(y, around),
    noiseSuspects: labelNoiseSuspects({ X, y }, around),
    duplicates: await crossClassDuplicates({ X, y }, around, {}, options),
  };
  return describeNeighbourhoods({ found, y, inputRow, features: columns });
}
