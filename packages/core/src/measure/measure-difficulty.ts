import { classCounts } from '../data/label-views.ts';
import { subsetLabels } from '../data/labels.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { borderlineFraction, intraInterRatio, localSetCardinality } from './border-measures.ts';
import type { ClassMeasure } from './class-measure.ts';
import { classPairs } from './class-pairs.ts';
import { proportionalSample } from './class-sample.ts';
import { coveringSpheres } from './covering-spheres.ts';
import { checkDifficultyInput, type DifficultyInput } from './difficulty-input.ts';
import { checkedLimit, type DifficultyOptions, samplingNotice } from './difficulty-options.ts';
import { type Dimensionality, dimensionalityOf, principalComponents } from './dimensionality.ts';
import { directionalFisherRatio } from './directional-fisher-ratio.ts';
import { collectiveFeatureEfficiency, featureEfficiency } from './feature-efficiency.ts';
import { fisherRatio } from './fisher-ratio.ts';
import { pairGeometry } from './geometry.ts';
import { type Linearity, linearity } from './linearity.ts';
import { nearestNeighbourNonlinearity } from './nearest-neighbour-nonlinearity.ts';
import type { NeighbourDisagreement } from './neighbour-disagreement.ts';
import { type NeighbourhoodDifficulty, neighbourhoodDifficulty } from './neighbourhood-difficulty.ts';
import { overlapVolume } from './overlap-volume.ts';
import { unscaledColumns } from './unscaled-columns.ts';

export interface Difficulty {
  /** Rows that each group of measures was taken on; null where F1v is left out. F1, F2 and F3 see the rows of `all`. */
  readonly rows: {
    readonly all: number;
    readonly neighbourhood: number;
    readonly border: number;
    readonly f1v: number | null;
    readonly f4: number;
    readonly linearity: number;
    readonly dimensionality: number;
  };
  readonly neighbourhood: NeighbourhoodDifficulty;
  /** f1v is null where there are too many columns. */
  readonly overlap: {
    readonly f1: ClassMeasure;
    readonly f1v: ClassMeasure | null;
    readonly f2: ClassMeasure;
    readonly f3: ClassMeasure;
    readonly f4: ClassMeasure;
  };
  readonly border: {
    readonly n1: ClassMeasure;
    readonly n2: ClassMeasure;
    readonly n3: ClassMeasure;
    readonly n4: ClassMeasure;
    readonly t1: ClassMeasure;
    readonly lsc: ClassMeasure;
  };
  readonly linearity: Linearity;
  readonly dimensionality: Dimensionality;
  readonly notices: readonly Notice[];
}

const MOST_PAIR_ROWS = 4000;
/** Cells held densely at once (0.8 GB). */
const MOST_CELLS = 1e8;
/** Multiplications for what goes over all pairs of rows: about a second. */
const MOST_PRODUCTS = 1e9;
/** The same for what goes over all pairs of columns, without a pause in between. */
const MOST_COLUMN_PRODUCTS = 2e8;
/** Cells that the linear classifier goes over in each of its some hundred steps. */
const MOST_LINEAR_CELLS = 5e5;
const MOST_LINEAR_ROWS = 20000;
/** Fewer rows in a sample than this for each column would make F1v a matter of chance. */
const ROWS_A_COLUMN = 5;
/** Columns up to which the measures that are cubic in columns are taken. */
const MOST_COLUMNS = 1000;

/**
 * Every measure of difficulty at once, overall and per class. The rows of a large set are sampled by the seed, each time with
 * the notice `difficulty-sampled`: neighbourhoods of at most 20,000 rows are taken, exact among all rows, with rare classes
 * whole; measures of all pairs of rows (N1, N2, N4, T1, LSC) see 4,000 rows, fewer with many columns; F1, F2, F3 see all.
 *
 * Throws `shape-mismatch`, `one-class`, `not-finite`, `out-of-range`, `bad-sparse`, `bad-option`, `aborted`, and what `find` throws.
 */
export async function measureDifficulty(
  input: DifficultyInput,
  request: DifficultyOptions,
  options?: RunOptions,
): Promise<Difficulty> {
  checkDifficultyInput(input);
  const seed = request.seed ?? 0;
  const notices: Notice[] = [];
  const drawn = (data: DifficultyInput, limit: number) =>
    proportionalSample(data.y, Math.max(2, Math.floor(limit)), seed);
  const sampled = (data: DifficultyInput, limit: number, what: string): DifficultyInput => {
    throwIfAborted(options?.signal);
    const rows = drawn(data, limit);
    if (rows.length === data.X.rows) return data;
    notices.push(samplingNotice(what, rows.length, data.X.rows));
    return { X: selectNumericRows(data.X, rows), y: subsetLabels(data.y, rows) };
  };
  const columns = Math.max(1, input.X.columns);
  const data = sampled(input, MOST_CELLS / columns, 'all measures');
  const origin = data === input ? null : drawn(input, MOST_CELLS / columns);
  notices.push(...unscaledColumns(data));
  const neighbourhood = await neighbourhoodDifficulty(data, request, origin, notices, options);
  const mostPairRows = checkedLimit(request.mostPairRows ?? MOST_PAIR_ROWS, 'mostPairRows');
  const perColumn = Math.min(mostPairRows, Math.sqrt(MOST_PRODUCTS / columns));
  const pairData = sampled(data, perColumn, 'N1, N2, N4, T1 and LSC');
  const border = await borderDifficulty(pairData, neighbourhood.disagreement, { ...request, seed }, options);
  const { overlap, f1vRows, f4Rows } = overlapDifficulty(data, sampled, seed, notices);
  const linearData = sampled(data, linearRows(data), 'L1, L2 and L3');
  const linear = await linearity(linearData, { seed }, options);
  // With more columns than that the products of rows are taken, of as few rows.
  const most = columns > MOST_COLUMNS / 2 ? MOST_COLUMNS / 2 : MOST_COLUMN_PRODUCTS / columns ** 2;
  const componentData = sampled(data, most, 'T3 and T4');
  const components = principalComponents(componentData);
  return Object.freeze({
    rows: Object.freeze({
      all: data.X.rows,
      neighbourhood: neighbourhood.rows.length,
      border: pairData.X.rows,
      f1v: f1vRows,
      f4: f4Rows,
      linearity: linearData.X.rows,
      dimensionality: componentData.X.rows,
    }),
    neighbourhood,
    overlap,
    border,
    linearity: linear,
    dimensionality: dimensionalityOf(components, Array.from(classCounts(input.y)), input.X.columns),
    notices: Object.freeze(notices),
  });
}

async function borderDifficulty(
  data: DifficultyInput,
  disagreement: NeighbourDisagreement,
  request: DifficultyOptions,
  options: RunOptions | undefined,
): Promise<Difficulty['border']> {
  const geometry = await pairGeometry(data, options);
  return Object.freeze({
    n1: borderlineFraction(data.y, geometry),
    n2: intraInterRatio(data.y, geometry),
    n3: disagreement.nearestNeighbourError,
    n4: await nearestNeighbourNonlinearity(data, request, options),
    t1: await coveringSpheres(data, geometry, {}, options),
    lsc: localSetCardinality(data.y, geometry),
  });
}

function overlapDifficulty(
  data: DifficultyInput,
  sampled: (data: DifficultyInput, limit: number, what: string) => DifficultyInput,
  seed: number,
  notices: Notice[],
): { overlap: Difficulty['overlap']; f1vRows: number | null; f4Rows: number } {
  const { columns } = data.X;
  const { pairs, complete } = classPairs(data.y, seed);
  if (!complete) {
    notices.push({
      code: 'difficulty-pairs-sampled',
      severity: 'info',
      message: `with so many classes F1v, F2, F3, F4, L1, L2 and L3 are means over ${pairs.length} pairs of classes drawn by the seed`,
      numbers: { pairs: pairs.length },
    });
  }
  const products = MOST_COLUMN_PRODUCTS / columns ** 2;
  // With hardly more rows than columns some direction always separates the classes, which would say nothing of the whole.
  const tellsOfAll = data.X.rows <= products || products >= ROWS_A_COLUMN * columns;
  const f1vData = columns <= MOST_COLUMNS && tellsOfAll ? sampled(data, products, 'F1v') : null;
  if (!f1vData) {
    notices.push({
      code: 'difficulty-left-out',
      severity: 'info',
      message: `F1v is left out: for ${columns} columns it would take too long on enough rows to mean anything`,
      numbers: { columns },
    });
  }
  const f4Data = sampled(data, products, 'F4');
  const overlap = Object.freeze({
    f1: fisherRatio(data),
    f1v: f1vData && directionalFisherRatio(f1vData, { seed }),
    f2: overlapVolume(data, { seed }),
    f3: featureEfficiency(data, { seed }),
    f4: collectiveFeatureEfficiency(f4Data, { seed }),
  });
  return { overlap, f1vRows: f1vData?.X.rows ?? null, f4Rows: f4Data.X.rows };
}

/** Every row takes part in as many pairs as its class. */
function linearRows({ X, y }: DifficultyInput): number {
  const { pairs } = classPairs(y, 0);
  const present = Array.from(classCounts(y)).filter((count) => count > 0).length;
  const times = (2 * pairs.length) / present;
  return Math.min(MOST_LINEAR_ROWS, MOST_LINEAR_CELLS / (Math.max(1, X.columns) * times));
}
