import type { KernelArray } from '../runtime/kernel-runtime.ts';
import type { Work } from '../runtime/work.ts';
import { CHUNK, type LoadedRows, type TrainingRows } from './logistic-data.ts';

const RESIDUAL = 0;
const CURVATURE_PRODUCT = 1;
const CURVATURE = 2;
/** Partial sums of one pass may take this much memory; beyond it blocks of rows grow. */
const PARTIAL_BYTES = 33554432;
/** Multiply-adds a task should have at least, so that handing out tasks costs little. */
const TASK_WORK = 262144;

/**
 * The objective of logistic regression on loaded rows, as scikit-learn states it times C:
 *
 *   F(w, b) = 1/2 |w|^2 + C sum_i s_i loss_i      (without the first term for C = infinity, where C counts as 1)
 *
 * Vectors are `scores × width`: a row a class (one row for two classes), columns, then the intercept, then padding that
 * stays 0.
 */
export interface LogisticProblem {
  readonly scores: number;
  readonly width: number;
  /** Columns + 1; the intercept is the last of them. */
  readonly used: number;
  readonly penalised: boolean;
  /** The sum of all rows' weights, C included. */
  readonly totalWeight: number;
  /** F and its gradient; also sets the point at which the functions below work. */
  evaluate(at: Float64Array): Promise<{ value: number; gradient: Float64Array }>;
  /** The Hessian times a vector. */
  product(vector: Float64Array): Promise<Float64Array>;
  /** The Hessian's diagonal; 1 in the padding. */
  diagonal(): Promise<Float64Array>;
  /** Sums the Hessian into memory; `factorise` then works on it as often as asked. */
  hessian(): Promise<void>;
  /**
   * Cholesky of the Hessian plus `ridge` times its own diagonal. False if that is not positive definite. Directions that
   * change no probability (the same added to all classes) are pinned, which does not move the optimum.
   */
  factorise(ridge: number): boolean;
  /** Solves with the last factor. */
  solve(vector: Float64Array): Float64Array;
  /**
   * A stand-in for the Hessian that is cheap to solve with, for preconditioning: one Gram matrix of the rows for all
   * classes, scaled by each class's share. Undefined where columns are too many for it to pay.
   */
  standIn(): Promise<StandIn | undefined>;
}

export interface StandIn {
  /** Solves for all classes at once, `scores × width`; with several classes the result sums to 0 over them. */
  solve(vector: Float64Array): Float64Array;
}

export function logisticProblem(work: Work, rows: LoadedRows, training: TrainingRows, C: number): LogisticProblem {
  const { memory } = work;
  const scores = training.present.length === 2 ? 1 : training.present.length;
  const penalised = C !== Number.POSITIVE_INFINITY;
  const padded = rows.chunks * CHUNK;
  const weights = memory.float64(padded, 'zero');
  const labels = memory.int32(padded, 'zero');
  labels.view().set(training.labels);
  const totalWeight = setWeights(weights, training.weights, penalised ? C : 1);
  const probabilities = memory.float64(padded * scores);
  const input = { work, rows, scores, weights, labels, probabilities, columns: rows.columns, penalised };
  const { width, columns } = rows;
  return {
    scores,
    width,
    used: columns + 1,
    penalised,
    totalWeight,
    ...gradientParts(input),
    ...hessianParts(input),
    standIn: () => standInOf(input, classWeights(training, scores)),
  };
}

function gradientParts(input: ProblemInput) {
  const { rows, scores, columns, penalised } = input;
  const { width } = rows;
  const pass = rowPass(input);

  /** Calls back for every penalised coefficient. */
  const forPenalised = (visit: (at: number) => void) => {
    for (let k = 0; penalised && k < scores; k++) {
      for (let j = k * width; j < k * width + columns; j++) visit(j);
    }
  };

  const evaluate = async (at: Float64Array) => {
    const sums = await pass(RESIDUAL, at);
    const gradient = sums.subarray(1);
    let squares = 0;
    forPenalised((j) => {
      gradient[j]! += at[j]!;
      squares += at[j]! * at[j]!;
    });
    return { value: sums[0]! + squares / 2, gradient };
  };

  const product = async (vector: Float64Array) => {
    const result = (await pass(CURVATURE_PRODUCT, vector)).subarray(1);
    forPenalised((j) => {
      result[j]! += vector[j]!;
    });
    return result;
  };

  const diagonal = async () => {
    const result = (await pass(CURVATURE, new Float64Array(scores * width))).subarray(1);
    forPenalised((j) => {
      result[j]! += 1;
    });
    for (let k = 0; k < scores; k++) result.fill(1, k * width + columns + 1, (k + 1) * width);
    return result;
  };

  return { evaluate, product, diagonal };
}

/** One pass over the rows: the loss, then `scores × width` sums, of what `mode` says. */
function rowPass(input: ProblemInput) {
  const { work, rows, scores, weights, labels, probabilities } = input;
  const { memory } = work;
  const { width, chunks } = rows;
  const dense = rows.kind === 'dense';
  const byFeature = !dense && scores > 1;
  // With several classes on sparse rows, coefficients lie feature by feature, padded to an even number of classes.
  const lanes = byFeature ? scores + (scores % 2) : scores;
  const length = lanes * width + 1;
  const perChunk = CHUNK * scores * (dense ? width : 3 * rows.stored);
  const blockChunks = chunksPerBlock(chunks, perChunk, length * 8);
  const blocks = Math.ceil(chunks / blockChunks);
  const point = memory.float64(length - 1, 'zero');
  const partials = memory.float64(blocks * length);
  const total = memory.float64(length);
  const scratch = memory.float64(work.threads * lanes * CHUNK * (dense ? 3 : 1), 'zero');
  const arrays = [point, weights, labels, probabilities, partials, scratch].map(({ address }) => address);
  const shape = [...rows.addresses, width, scores, chunks, blockChunks];
  const kernel = dense ? 'logisticDense' : byFeature ? 'logisticSparseClasses' : 'logisticSparse';

  return async (mode: number, vector: Float64Array): Promise<Float64Array> => {
    if (byFeature) putByFeature(point.view(), vector, { scores, lanes, width });
    else point.view().set(vector);
    await work.run(kernel, blocks, [mode, ...shape, ...arrays]);
    memory.call('sumBlocks', total.address, partials.address, blocks, length);
    return byFeature ? takeByFeature(total.view(), { scores, lanes, width }) : total.view().slice();
  };
}

interface FeatureLayout {
  readonly scores: number;
  readonly lanes: number;
  readonly width: number;
}

function putByFeature(target: Float64Array, vector: Float64Array, { scores, lanes, width }: FeatureLayout): void {
  for (let k = 0; k < scores; k++) {
    for (let j = 0; j < width; j++) target[j * lanes + k] = vector[k * width + j]!;
  }
}

function takeByFeature(sums: Float64Array, { scores, lanes, width }: FeatureLayout): Float64Array {
  const taken = new Float64Array(1 + scores * width);
  taken[0] = sums[0]!;
  for (let k = 0; k < scores; k++) {
    for (let j = 0; j < width; j++) taken[1 + k * width + j] = sums[1 + j * lanes + k]!;
  }
  return taken;
}

interface ProblemInput {
  readonly work: Work;
  readonly rows: LoadedRows;
  readonly scores: number;
  readonly weights: KernelArray<Float64Array>;
  readonly labels: KernelArray<Int32Array>;
  readonly probabilities: KernelArray<Float64Array>;
  readonly columns: number;
  readonly penalised: boolean;
}

function hessianParts({ work, rows, scores, weights, probabilities, columns, penalised }: ProblemInput) {
  const { memory } = work;
  const { width, chunks } = rows;
  const used = columns + 1;
  const size = scores * used;
  const pairs = (scores * (scores + 1)) / 2;
  const dense = rows.kind === 'dense';
  const length = pairs * width * width;
  const perChunk = CHUNK * (dense ? (width * width) / 2 : 2 * rows.stored * rows.stored);
  const blockChunks = chunksPerBlock(chunks, perChunk, length * 8);
  const blocks = Math.ceil(chunks / blockChunks);
  const groups = dense ? Math.ceil(width / 32) : 1;
  let made:
    | {
        partials: number;
        sums: number;
        factor: KernelArray<Float64Array>;
        side: KernelArray<Float64Array>;
        scratch: number;
      }
    | undefined;

  const buffers = () => {
    made ??= {
      partials: memory.float64(blocks * length).address,
      sums: memory.float64(length).address,
      factor: memory.float64(size * size),
      side: memory.float64(size),
      scratch: memory.float64(work.threads * CHUNK * (dense ? 33 : 1)).address,
    };
    return made;
  };

  const hessian = async () => {
    const { partials, sums, scratch } = buffers();
    await work.run(dense ? 'hessianDense' : 'hessianSparse', blocks * pairs * groups, [
      ...rows.addresses,
      width,
      scores,
      chunks,
      blockChunks,
      weights.address,
      probabilities.address,
      partials,
      scratch,
    ]);
    memory.call('sumBlocks', sums, partials, blocks, length);
  };

  const factorise = (ridge: number, penalty = penalised ? 1 : 0): boolean => {
    const { sums, factor } = buffers();
    memory.call('assembleHessian', factor.address, sums, scores, width, used);
    const a = factor.view();
    let largest = 0;
    for (let i = 0; i < size; i++) largest = Math.max(largest, a[i * size + i]!);
    for (let j = 0; j < used; j++) {
      const intercept = j === columns;
      if (scores > 1 && (intercept || !penalised)) pinShift(a, size, used, scores, j);
      for (let k = 0; k < scores; k++) {
        const at = (k * used + j) * (size + 1);
        if (!intercept) a[at]! += penalty;
        a[at]! += ridge * (a[at]! || largest || 1);
      }
    }
    return memory.call('cholesky', factor.address, size, 1e-13) < 0;
  };

  const solve = (vector: Float64Array): Float64Array => {
    const { factor, side } = buffers();
    const b = side.view();
    for (let k = 0; k < scores; k++) b.set(vector.subarray(k * width, k * width + used), k * used);
    memory.call('choleskySolve', factor.address, size, side.address);
    const result = new Float64Array(scores * width);
    for (let k = 0; k < scores; k++) result.set(b.subarray(k * used, (k + 1) * used), k * width);
    return result;
  };

  return { hessian, factorise, solve };
}

/** Fewer columns are hardly collinear; more cost more to factorise than the iterations that it saves. */
const STAND_IN_COLUMNS = { least: 64, most: 1536 };
/**
 * The stand-in saves passes over the rows and costs a solve each; where a pass is not this many times dearer than a
 * solve, the diagonal is better (measured on tables of 200 to 100,000 rows with 10 to 760 columns and 2 to 48 classes: at 6 up
 * to 18 times faster than at 16 and never slower, at 4 wide tables with few rows become three times slower).
 */
const PASS_PER_SOLVE = 6;

/**
 * Where all rows had their class's share as probability, the Hessian's block of class k would be share (1 - share) G, plus
 * the penalty, with G the weighted Gram matrix. One G serves every class; it is what one-hot columns need, which sum to
 * the intercept's column and leave the diagonal a poor guide.
 */
async function standInOf(input: ProblemInput, shares: Float64Array): Promise<StandIn | undefined> {
  const { work, rows, scores, columns, penalised } = input;
  const { width } = rows;
  const pass = rows.chunks * CHUNK * scores * (rows.kind === 'dense' ? 3 * width : 8 * rows.stored);
  if (
    columns < STAND_IN_COLUMNS.least ||
    columns > STAND_IN_COLUMNS.most ||
    pass < PASS_PER_SOLVE * 2 * scores * width * width
  )
    return undefined;
  const { memory } = work;
  const half = memory.float64(rows.chunks * CHUNK);
  half.view().fill(0.5);
  const gram = hessianParts({ ...input, scores: 1, probabilities: half });
  const curvatures = shares.map((share) => Math.max(share * (1 - share), 1e-6));
  const mean = curvatures.reduce((sum, curvature) => sum + curvature, 0) / curvatures.length;
  await gram.hessian();
  // The kernel gives G / 4; a penalty of 1 beside `mean` G is one of 1 / (4 mean) beside it.
  const penalty = penalised ? 1 / (4 * mean) : 0;
  for (let ridge = 1e-10; !gram.factorise(ridge, penalty); ridge *= 1e3) if (ridge > 1) return undefined;
  const scales = curvatures.map((curvature) => 4 * curvature);

  const solve = (vector: Float64Array): Float64Array => {
    const result = new Float64Array(vector.length);
    const share = new Float64Array(width);
    let total = 0;
    for (let k = 0; scores > 1 && k < scores; k++) {
      total += 1 / scales[k]!;
      for (let j = 0; j < width; j++) share[j]! += vector[k * width + j]! / scales[k]!;
    }
    for (let k = 0; k < scores; k++) {
      const part = vector.slice(k * width, (k + 1) * width);
      if (scores > 1) for (let j = 0; j < width; j++) part[j]! -= share[j]! / total;
      const solved = gram.solve(part);
      for (let j = 0; j < width; j++) result[k * width + j] = solved[j]! / scales[k]!;
    }
    return result;
  };
  return { solve };
}

/** Share of the weight of each class that has a score; of the second class where there is one score. */
function classWeights({ labels, weights, present }: TrainingRows, scores: number): Float64Array {
  const shares = new Float64Array(present.length);
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    shares[labels[i]!]! += weights[i]!;
    total += weights[i]!;
  }
  const normalised = shares.map((share) => share / total);
  return scores === 1 ? normalised.slice(1, 2) : normalised;
}

/** Adds curvature along "the same change of column j in all classes", which the likelihood does not see. */
function pinShift(a: Float64Array, size: number, used: number, scores: number, j: number): void {
  let mean = 0;
  for (let k = 0; k < scores; k++) mean += a[(k * used + j) * (size + 1)]! / scores;
  for (let p = 0; p < scores; p++) {
    for (let q = 0; q <= p; q++) a[(p * used + j) * size + q * used + j]! += mean;
  }
}

/** Depends on the data's shape alone, never on threads, since it decides the order of sums. */
function chunksPerBlock(chunks: number, workPerChunk: number, bytesPerBlock: number): number {
  const forWork = Math.ceil(TASK_WORK / workPerChunk);
  const blocksAllowed = Math.max(1, Math.floor(PARTIAL_BYTES / bytesPerBlock));
  return Math.max(1, Math.min(chunks, forWork), Math.ceil(chunks / blocksAllowed));
}

function setWeights(target: KernelArray<Float64Array>, weights: Float64Array, factor: number): number {
  const view = target.view();
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += view[i] = weights[i]! * factor;
  return total;
}
