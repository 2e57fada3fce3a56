import { requireOptions } from '../../data/check-option-names.ts';
import { counted } from '../../data/quoted.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { RandomStream } from '../../runtime/random.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { denseRows } from '../dense-rows.ts';
import { checkWhole } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import { findNeighbours } from '../under/find-neighbours.ts';
import { type ClassTask, type OverProblem, overSampler, type PlainOverOptions } from './over-sampler.ts';
import { repeated, shareByWeight } from './share-by-weight.ts';
import { emptyBlock, type SyntheticBlock } from './synthetic-block.ts';

export interface ProwsynOptions extends PlainOverOptions {
  /** Rows of the class nearest to a row of another class that belong to its layer. Default 5. */
  readonly nNeighbors?: number | undefined;
  /** Layers into which the class is parted. Default 5. */
  readonly levels?: number | undefined;
  /** How fast the weight of the layers falls: layer l weighs exp(-theta (l - 1)). At least 0, default 1. */
  readonly theta?: number | undefined;
}

const name = 'prowsyn';

/**
 * ProWSyn: the class is parted into layers by how near its rows are to the other classes, and the layers near the border get
 * more of the new rows.
 *
 * The first layer holds, of every row of another class, its `nNeighbors` nearest rows of the class; the second the nearest of
 * what is left; the last all the rest. Layer l gets its share of the new rows by exp(-theta (l - 1)), whatever its size;
 * a new row lies between a row of the layer, each used as often, and another of it (in a layer of one row: of the class).
 * Layers that stay empty get nothing. A class of fewer rows than `nNeighbors` is one layer, with the notice `k-clamped`.
 *
 * Barua, Islam and Murase, "ProWSyn: proximity weighted synthetic oversampling technique for imbalanced data set learning",
 * PAKDD 2013. Output as that of `smote`; throws what it throws.
 */
export function prowsyn(options: ProwsynOptions = {}): Resampler {
  requireOptions(name, options);
  const { nNeighbors = 5, levels = 5, theta = 1 } = options;
  checkWhole('nNeighbors', nNeighbors, 1);
  checkWhole('levels', levels, 1);
  if (!(typeof theta === 'number' && theta >= 0 && theta < Number.POSITIVE_INFINITY)) {
    throw new CounterweightError('bad-option', `theta must be a number of at least 0, got ${String(theta)}`);
  }
  return overSampler({
    name,
    options,
    known: ['nNeighbors', 'levels', 'theta'],
    kNeighbors: 1,
    hasPeer: false,
    begin: async (problem) => async (task) => {
      const layers = await layersOf(problem, task, nNeighbors, levels);
      const stream = classStream(problem.seed, name, task.rows);
      const weights = layers.map((layer, level) => (layer.length > 0 ? Math.exp(-theta * level) : 0));
      const shares = shareByWeight(task.target.count, weights, stream);
      const block = emptyBlock(task.target.count);
      let at = 0;
      for (const [level, layer] of layers.entries()) {
        drawBetween(block, at, shares[level]!, layer, layer.length > 1 ? layer : task.rows, stream);
        at += shares[level]!;
      }
      return block;
    },
  });
}

/** The rows of each layer, ascending. */
async function layersOf(problem: OverProblem, { target, rows }: ClassTask, nNeighbors: number, levels: number) {
  const { X, y } = problem.data;
  const others = denseRows(
    X,
    Int32Array.from(y.codes.keys()).filter((row) => y.codes[row] !== target.code),
  );
  requireNeighbours(problem, target, nNeighbors);
  const layers: Int32Array[] = [];
  let left = rows;
  for (let level = 1; level < levels && left.length > 0; level++) {
    const k = Math.min(nNeighbors, left.length);
    const { indices } = await findNeighbours(problem, denseRows(X, left), others, k);
    const nearest = new Uint8Array(left.length);
    for (const position of indices) nearest[position] = 1;
    layers.push(left.filter((_, position) => nearest[position] === 1));
    left = left.filter((_, position) => nearest[position] === 0);
  }
  layers.push(left);
  return layers;
}

/** A class of fewer rows than `nNeighbors` is one layer, with the notice `k-clamped`; throws `too-few-rows` where told to. */
function requireNeighbours(
  { notices, onTooFew }: OverProblem,
  { label, rows }: ClassTask['target'],
  asked: number,
): void {
  if (rows >= asked) return;
  const has = `class ${quoted(label)} has ${counted(rows, 'row')}`;
  if (onTooFew === 'error') {
    const message = `${has}, nNeighbors asks for ${asked}: lower nNeighbors or set onTooFew to "clamp-k"`;
    throw new CounterweightError('too-few-rows', message, { class: label, rows, needed: asked });
  }
  notices.push({
    code: 'k-clamped',
    severity: 'warning',
    message: `${has}, nNeighbors asks for ${asked}: all of it is one layer`,
    class: label,
    numbers: { rows, asked, used: rows },
  });
}

/** `count` rows from `start` on between the bases, each used as often, and other rows of `ends`, drawn alike. */
function drawBetween(
  { base, neighbour, gap }: SyntheticBlock,
  start: number,
  count: number,
  bases: Int32Array,
  ends: Int32Array,
  stream: RandomStream,
): void {
  if (count === 0) return;
  const chosen = repeated(shareByWeight(count, new Uint8Array(bases.length).fill(1), stream));
  for (let i = 0; i < count; i++) {
    const from = bases[chosen[i]!]!;
    const to = ends[stream.integer(ends.length - 1)]!;
    base[start + i] = from;
    // The last row stands in for the base, which is not its own neighbour.
    neighbour[start + i] = to === from ? ends[ends.length - 1]! : to;
    gap[start + i] = stream.uniform();
  }
}
