import { modelFields } from '../calibrate/model-fields.ts';
import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';
import { checkWhole } from '../resample/options.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { checkKnown } from './check-options.ts';
import type { AnomalyModel, Detector } from './detector.ts';
import { fittedModel } from './fitted-model.ts';
import { fittingRows } from './fitting-rows.ts';
import { growHyperplaneTree, type HyperplaneTree } from './hyperplane-tree.ts';
import type { IsolationForestOptions } from './isolation-forest.ts';
import { sampleSize, treeProgress } from './isolation-sample.ts';
import { averagePathLength, drawRows, leafLengths, readChildren, readSizes } from './isolation-trees.ts';

export interface ExtendedIsolationForestOptions extends IsolationForestOptions {
  /**
   * Columns that a cut combines beyond the first: 0 cuts along the axes, columns - 1 (or `full`, the default) in any direction.
   */
  readonly extensionLevel?: number | 'full' | undefined;
}

export const EXTENDED_ISOLATION_FOREST = 'extended-isolation-forest';

/**
 * Extended isolation forest: cuts by hyperplanes with normal slopes through a point drawn evenly from the box around the node's rows, which
 * leaves none of the axis-parallel bands of low score that an isolation forest has (Hariri, Carrasco Kind and Brunner, IEEE TKDE 33,
 * 2021). The score is the isolation forest's, with c(2) = 1 and c(1) = 0; a cut may leave one side empty, as in the paper.
 *
 * Columns that do not vary among a node's rows have no part in its cut. Slopes mix columns, so their units decide: bring them to one
 * scale first. A level that the columns do not allow is lowered, with the notice `extension-clamped`. Throws `bad-option`.
 */
export function extendedIsolationForest(options: ExtendedIsolationForestOptions = {}): Detector {
  checkKnown(EXTENDED_ISOLATION_FOREST, options, ['nEstimators', 'maxSamples', 'extensionLevel', 'seed']);
  checkWhole('nEstimators', options.nEstimators, 1);
  sampleSize(options.maxSamples, 2);
  const { nEstimators = 100, maxSamples, extensionLevel = 'full', seed = 0 } = options;
  if (extensionLevel !== 'full') checkWhole('extensionLevel', extensionLevel, 0);
  return Object.freeze({
    name: EXTENDED_ISOLATION_FOREST,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, notices } = fittingRows(EXTENDED_ISOLATION_FOREST, X, run);
      const sample = sampleSize(maxSamples, rows.rows);
      const level = extensionOf(extensionLevel, rows.columns);
      const order = Int32Array.from({ length: rows.rows }, (_, i) => i);
      const tell = treeProgress(EXTENDED_ISOLATION_FOREST, nEstimators, run);
      const trees: HyperplaneTree[] = [];
      await withKernels(run, async (work) => {
        for (let t = 0; t < nEstimators; t++) {
          const stream = randomStream(seed, EXTENDED_ISOLATION_FOREST, t);
          trees.push(growOne(rows, order, sample.size, level.level, stream));
          tell(t + 1);
          await work.breathe();
        }
      });
      return forestModel(trees, rows.columns, sample.size, [...notices, ...sample.notices, ...level.notices]);
    },
  });
}

const growOne = (rows: Matrix, order: Int32Array, size: number, level: number, stream: RandomStream) =>
  growHyperplaneTree(rows, drawRows(order, size, stream), level, stream);

function extensionOf(asked: number | 'full', columns: number): { level: number; notices: Notice[] } {
  const most = columns - 1;
  if (asked === 'full' || asked <= most) return { level: asked === 'full' ? most : asked, notices: [] };
  const message = `cuts combine ${columns} columns, not ${asked + 1}: there are no more`;
  const numbers = Object.freeze({ asked, level: most });
  return {
    level: most,
    notices: [Object.freeze({ code: 'extension-clamped', severity: 'info', message, numbers })],
  };
}

/** Rows scored by one task. */
const BLOCK_ROWS = 256;

function forestModel(
  trees: readonly HyperplaneTree[],
  columns: number,
  sample: number,
  notices: readonly Notice[],
): AnomalyModel {
  const width = columns + (columns % 2);
  const packed = packTrees(trees, columns, width);
  const factor = -Math.LN2 / (trees.length * averagePathLength(sample));
  return fittedModel({
    name: EXTENDED_ISOLATION_FOREST,
    columns,
    notices: Object.freeze([...notices]),
    score: ({ rows, data }, run) =>
      withKernels(run, async ({ memory, run: runTasks }) => {
        const x = memory.float64(rows * width);
        const roots = memory.int32(packed.roots.length);
        const nodes = memory.bytes(packed.nodes.length);
        const normals = memory.float64(packed.normals.length);
        const lengths = memory.float64(packed.lengths.length);
        const factors = memory.float64(1);
        const scores = memory.float64(rows);
        x.view().set(widened(data, columns, width));
        roots.view().set(packed.roots);
        nodes.view().set(packed.nodes);
        normals.view().set(packed.normals);
        lengths.view().set(packed.lengths);
        factors.view()[0] = factor;
        await runTasks('hyperplaneScores', Math.ceil(rows / BLOCK_ROWS), [
          x.address,
          rows,
          width,
          BLOCK_ROWS,
          roots.address,
          trees.length,
          nodes.address,
          normals.address,
          lengths.address,
          factors.address,
          scores.address,
        ]);
        return scores.view().slice();
      }),
    fields: () => ({
      sample,
      trees: trees.map(({ intercepts, normals, left, sizes }) => ({
        intercepts: Array.from(intercepts),
        normals: Array.from(normals),
        left: Array.from(left),
        sizes: Array.from(sizes),
      })),
    }),
  });
}

/** The trees in the form of the kernel. */
function packTrees(trees: readonly HyperplaneTree[], columns: number, width: number) {
  const total = trees.reduce((sum, { left }) => sum + left.length, 0);
  const nodes = new ArrayBuffer(16 * total);
  const intercepts = new Float64Array(nodes);
  const words = new Int32Array(nodes);
  const lengths = new Float64Array(total);
  const inner = trees.reduce((sum, tree) => sum + tree.normals.length / columns, 0);
  // Leaves share one more, which is 0.
  const normals = new Float64Array((inner + 1) * width);
  const roots = new Int32Array(2 * trees.length);
  let first = 0;
  let cuts = 0;
  for (const [t, tree] of trees.entries()) {
    const measured = leafLengths(tree);
    roots[2 * t] = first;
    roots[2 * t + 1] = measured.depth;
    lengths.set(measured.lengths, first);
    normals.set(widened(tree.normals, columns, width), cuts * width);
    let cut = cuts;
    for (let node = 0; node < tree.left.length; node++) {
      const isLeaf = tree.left[node]! < 0;
      const place = first + node;
      intercepts[2 * place] = isLeaf ? Number.POSITIVE_INFINITY : tree.intercepts[node]!;
      words[4 * place + 2] = isLeaf ? place : first + tree.left[node]!;
      words[4 * place + 3] = isLeaf ? inner : cut++;
    }
    cuts = cut;
    first += tree.left.length;
  }
  return { nodes: new Uint8Array(nodes), lengths, normals, roots };
}

/** The lines with zeros on their right. */
function widened(data: Float64Array, columns: number, width: number): Float64Array {
  if (columns === width) return data;
  const wide = new Float64Array((data.length / columns) * width);
  for (let from = 0, to = 0; from < data.length; from += columns, to += width) {
    wide.set(data.subarray(from, from + columns), to);
  }
  return wide;
}

/** Throws `bad-model`. */
export function extendedIsolationForestFromJSON(json: unknown): AnomalyModel {
  const fields = modelFields(json, 'extended isolation forest');
  fields.oneOf('kind', EXTENDED_ISOLATION_FOREST);
  const columns = fields.count('columns');
  fields.require('columns', columns > 0);
  const sample = fields.count('sample');
  fields.require('sample', sample >= 2);
  const list = fields.list('trees');
  fields.require('trees', list.length > 0);
  const trees = list.map((one) => readTree(one, columns));
  return forestModel(trees, columns, sample, fields.notices('notices'));
}

function readTree(json: unknown, columns: number): HyperplaneTree {
  const tree = modelFields(json, 'isolation tree');
  const intercepts = tree.numbers('intercepts');
  const list = tree.list('left');
  if (list.length !== intercepts.length) {
    throw new CounterweightError('bad-model', 'isolation tree: field "left" is missing or wrong', { field: 'left' });
  }
  const left = readChildren(tree, intercepts.length, (node) => list[node] === -1);
  const cuts = left.filter((child) => child >= 0).length;
  return { intercepts, normals: tree.numbers('normals', cuts * columns), left, sizes: readSizes(tree, left) };
}
