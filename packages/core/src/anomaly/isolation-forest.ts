import { modelFields } from '../calibrate/model-fields.ts';
import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';
import { checkWhole } from '../resample/options.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { checkKnown } from './check-options.ts';
import type { AnomalyModel, Detector } from './detector.ts';
import { fittedModel } from './fitted-model.ts';
import { fittingRows } from './fitting-rows.ts';
import { sampleSize, treeProgress } from './isolation-sample.ts';
import { averagePathLength, drawRows, type IsolationTree, leafLengths, readIsolationTrees } from './isolation-trees.ts';

export interface IsolationForestOptions {
  /** Trees. Default 100. */
  readonly nEstimators?: number | undefined;
  /** Rows of each tree, drawn without replacement, or `all`. Default 256, or all rows where there are fewer. */
  readonly maxSamples?: number | 'all' | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

export const ISOLATION_FOREST = 'isolation-forest';

/**
 * Isolation forest: a row that few random cuts set apart from a sample is strange. The score is 2^(-E[h(x)] / c(ψ)), from 0 to 1,
 * where h is the path length in a tree of ψ rows and c the mean one (Liu, Ting and Zhou, ICDM 2008; ACM TKDD 6, 2012).
 *
 * Each tree is grown to depth ⌈log2 ψ⌉. A node cuts a column drawn among those that vary in it, at a place drawn evenly between its
 * least and largest value; a column that never varies is never cut. Scores do not depend on the columns' scale. Where every tree
 * sees all rows, they do not depend on the rows' order either.
 *
 * ```ts
 * const model = await isolationForest({ seed: 1 }).fit(X);
 * const strangeness = await model.score(X);
 * ```
 */
export function isolationForest(options: IsolationForestOptions = {}): Detector {
  checkKnown(ISOLATION_FOREST, options, ['nEstimators', 'maxSamples', 'seed']);
  checkWhole('nEstimators', options.nEstimators, 1);
  sampleSize(options.maxSamples, 2);
  const { nEstimators = 100, maxSamples, seed = 0 } = options;
  return Object.freeze({
    name: ISOLATION_FOREST,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, notices } = fittingRows(ISOLATION_FOREST, X, run);
      const sample = sampleSize(maxSamples, rows.rows);
      const order = Int32Array.from({ length: rows.rows }, (_, i) => i);
      const tell = treeProgress(ISOLATION_FOREST, nEstimators, run);
      const trees: IsolationTree[] = [];
      await withKernels(run, async (work) => {
        for (let t = 0; t < nEstimators; t++) {
          const stream = randomStream(seed, ISOLATION_FOREST, t);
          trees.push(growTree(rows, drawRows(order, sample.size, stream), stream));
          tell(t + 1);
          await work.breathe();
        }
      });
      return forestModel(trees, rows.columns, sample.size, [...notices, ...sample.notices]);
    },
  });
}

/** Grows a tree on the sample, whose order changes. */
function growTree({ data, columns }: Matrix, sample: Int32Array, stream: RandomStream): IsolationTree {
  const most = Math.ceil(Math.log2(sample.length));
  const room = 2 * sample.length - 1;
  const features = new Int32Array(room).fill(-1);
  const thresholds = new Float64Array(room);
  const left = new Int32Array(room).fill(-1);
  const sizes = new Int32Array(room);
  const begins = new Int32Array(room);
  const ends = new Int32Array(room);
  const depths = new Int32Array(room);
  const candidates = Int32Array.from({ length: columns }, (_, j) => j);
  ends[0] = sample.length;
  let count = 1;
  for (let node = 0; node < count; node++) {
    const begin = begins[node]!;
    const end = ends[node]!;
    const cut =
      end - begin > 1 && depths[node]! < most ? drawCut(data, columns, sample, begin, end, candidates, stream) : null;
    if (!cut) {
      sizes[node] = end - begin;
      continue;
    }
    const middle = partition(data, columns, sample, begin, end, cut);
    features[node] = cut.feature;
    thresholds[node] = cut.threshold;
    left[node] = count;
    begins[count] = begin;
    ends[count] = begins[count + 1] = middle;
    ends[count + 1] = end;
    depths[count] = depths[count + 1] = depths[node]! + 1;
    count += 2;
  }
  return {
    features: features.slice(0, count),
    thresholds: thresholds.slice(0, count),
    left: left.slice(0, count),
    sizes: sizes.slice(0, count),
  };
}

interface Cut {
  readonly feature: number;
  readonly threshold: number;
}

/** A column that varies among the rows, each as likely, and a place in [least, largest); null where none varies. */
function drawCut(
  data: Float64Array,
  columns: number,
  sample: Int32Array,
  begin: number,
  end: number,
  candidates: Int32Array,
  stream: RandomStream,
): Cut | null {
  for (let j = 0; j < columns; j++) candidates[j] = j;
  for (let tried = 0; tried < columns; tried++) {
    const place = tried + stream.integer(columns - tried);
    const feature = candidates[place]!;
    candidates[place] = candidates[tried]!;
    let least = Number.POSITIVE_INFINITY;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = begin; i < end; i++) {
      const value = data[sample[i]! * columns + feature]!;
      if (value < least) least = value;
      if (value > largest) largest = value;
    }
    if (least === largest) continue;
    const share = stream.uniform();
    const threshold = least * (1 - share) + largest * share; // the difference might overflow
    return { feature, threshold: threshold >= least && threshold < largest ? threshold : least };
  }
  return null;
}

/** Brings the rows that go left to the front; returns where the others begin. */
function partition(
  data: Float64Array,
  columns: number,
  sample: Int32Array,
  begin: number,
  end: number,
  { feature, threshold }: Cut,
): number {
  let middle = begin;
  for (let i = begin; i < end; i++) {
    const row = sample[i]!;
    if (data[row * columns + feature]! > threshold) continue;
    sample[i] = sample[middle]!;
    sample[middle++] = row;
  }
  return middle;
}

/** Rows scored by one task: what a tree needs stays in the nearest cache meanwhile. */
const BLOCK_ROWS = 512;

function forestModel(
  trees: readonly IsolationTree[],
  columns: number,
  sample: number,
  notices: readonly Notice[],
): AnomalyModel {
  const packed = packTrees(trees);
  const factor = -Math.LN2 / (trees.length * averagePathLength(sample));
  return fittedModel({
    name: ISOLATION_FOREST,
    columns,
    notices: Object.freeze([...notices]),
    score: ({ rows, data }, run) =>
      withKernels(run, async ({ memory, run: runTasks }) => {
        const x = memory.float64(data.length);
        const table = memory.int32(packed.roots.length);
        const nodes = memory.bytes(packed.nodes.length);
        const lengths = memory.float64(packed.lengths.length);
        const factors = memory.float64(1);
        const scores = memory.float64(rows);
        x.view().set(data);
        table.view().set(packed.roots);
        nodes.view().set(packed.nodes);
        lengths.view().set(packed.lengths);
        factors.view()[0] = factor;
        await runTasks('isolationScores', Math.ceil(rows / BLOCK_ROWS), [
          x.address,
          rows,
          columns,
          BLOCK_ROWS,
          table.address,
          trees.length,
          nodes.address,
          lengths.address,
          factors.address,
          scores.address,
        ]);
        return scores.view().slice();
      }),
    fields: () => ({
      sample,
      trees: trees.map(({ features, thresholds, left, sizes }) => ({
        features: Array.from(features),
        thresholds: Array.from(thresholds),
        left: Array.from(left),
        sizes: Array.from(sizes),
      })),
    }),
  });
}

/** The trees in the form of the kernel. */
function packTrees(trees: readonly IsolationTree[]) {
  const total = trees.reduce((sum, { left }) => sum + left.length, 0);
  const nodes = new ArrayBuffer(16 * total);
  const thresholds = new Float64Array(nodes);
  const words = new Int32Array(nodes);
  const lengths = new Float64Array(total);
  const roots = new Int32Array(2 * trees.length);
  let first = 0;
  for (const [t, tree] of trees.entries()) {
    const measured = leafLengths(tree);
    roots[2 * t] = first;
    roots[2 * t + 1] = measured.depth;
    lengths.set(measured.lengths, first);
    for (let node = 0; node < tree.left.length; node++) {
      const isLeaf = tree.left[node]! < 0;
      const place = first + node;
      thresholds[2 * place] = isLeaf ? Number.POSITIVE_INFINITY : tree.thresholds[node]!;
      words[4 * place + 2] = isLeaf ? 0 : tree.features[node]!;
      words[4 * place + 3] = isLeaf ? place : first + tree.left[node]!;
    }
    first += tree.left.length;
  }
  return { nodes: new Uint8Array(nodes), lengths, roots };
}

/** Throws `bad-model`. */
export function isolationForestFromJSON(json: unknown): AnomalyModel {
  const fields = modelFields(json, 'isolation forest');
  fields.oneOf('kind', ISOLATION_FOREST);
  const columns = fields.count('columns');
  fields.require('columns', columns > 0);
  const sample = fields.count('sample');
  fields.require('sample', sample >= 2);
  return forestModel(readIsolationTrees(fields, columns), columns, sample, fields.notices('notices'));
}
