import { describe, expect, it } from 'vitest';
import type { BoostingLoss } from '../../../src/learn/index.ts';
import { planLoss } from '../../../src/learn/trees/boosting-loss.ts';
import { boostingScores } from '../../../src/learn/trees/boosting-scores.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { withKernels } from '../../../src/runtime/work.ts';

/** 60, 25 and 15 rows of three classes, or 80 and 20 of two. */
function training(classes: 2 | 3) {
  const sizes = classes === 2 ? [80, 20] : [60, 25, 15];
  const labels = Int32Array.from(sizes.flatMap((size, k) => Array<number>(size).fill(k)));
  const present = sizes.map((_, k) => k);
  return { kept: undefined, count: 100, present, labels, weights: new Float64Array(100).fill(1) };
}

const shares = (classes: 2 | 3) => (classes === 2 ? [0.8, 0.2] : [0.6, 0.25, 0.15]);

/** -log softmax of the scores as the loss moves them, at the true class. */
function lossAt(z: readonly number[], truth: number, loss: BoostingLoss, classes: 2 | 3): number {
  const name = typeof loss === 'string' ? loss : loss.name;
  const tau = name === 'logit-adjusted' ? ((loss as { tau?: number }).tau ?? 1) : 0;
  // n^(-1/4), scaled so that the rarest class gets 0.5.
  const roots = shares(classes).map((share) => (100 * share) ** -0.25);
  const margin = name === 'margin' ? (0.5 * roots[truth]!) / Math.max(...roots) : 0;
  const moved = z.map((score, k) => score + tau * Math.log(shares(classes)[k]!) - (k === truth ? margin : 0));
  const most = Math.max(...moved);
  return most + Math.log(moved.reduce((sum, score) => sum + Math.exp(score - most), 0)) - moved[truth]!;
}

/** Gradients and Hessians of an output at scores of one's own, as the kernels find them. */
function found(loss: BoostingLoss, classes: 2 | 3, scores: readonly (readonly number[])[]) {
  const rows = training(classes);
  const outputs = classes === 2 ? 1 : classes;
  return withKernels(undefined, async (work) => {
    const names = rows.present.map((k) => `c${k}`);
    const state = boostingScores(work, rows, planLoss(loss, rows, names));
    const records = work.memory.float64(2 * (rows.count + 1));
    for (let k = 0; k < outputs; k++) {
      const own = new Float64Array(work.memory.bytes(8).view().buffer, state.address(k), rows.count);
      scores.forEach((z, i) => {
        own[i] = classes === 2 ? z[1]! - z[0]! : z[k]!;
      });
    }
    await state.beginRound();
    const results: Float64Array[] = [];
    for (let k = 0; k < outputs; k++) {
      await state.gradients(k, records);
      results.push(records.view().slice(0, 2 * rows.count));
    }
    return { results, initial: [...state.initial] };
  });
}

const losses: readonly BoostingLoss[] = [
  'log-loss',
  { name: 'logit-adjusted' },
  { name: 'logit-adjusted', tau: 1.5 },
  { name: 'margin' },
];

describe('gradients of losses', () => {
  it.each(losses.flatMap((loss) => ([2, 3] as const).map((classes) => [loss, classes] as const)))(
    'of %o with %i classes are those of finite differences',
    async (loss, classes) => {
      const stream = randomStream(3, 'scores');
      const scores = Array.from({ length: 100 }, () => Array.from({ length: classes }, () => 3 * stream.normal()));
      const { labels } = training(classes);
      const { results } = await found(loss, classes, scores);
      // Of two classes the one score is that of the second, the other stays at 0.
      const outputs = classes === 2 ? [1] : [0, 1, 2];
      // Friedman's (2001) factor of one class's Hessian among several.
      const factor = classes === 2 ? 1 : classes / (classes - 1);
      for (let i = 0; i < 100; i++) {
        for (const [at, k] of outputs.entries()) {
          const moved = (by: number) => {
            const z = scores[i]!.map((score, c) => (c === k ? score + by : score));
            return lossAt(z, labels[i]!, loss, classes);
          };
          const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
          const bend = (moved(1e-3) - 2 * moved(0) + moved(-1e-3)) / 1e-6;
          expect(results[at]![2 * i]).toBeCloseTo(slope, 7);
          expect(results[at]![2 * i + 1]).toBeCloseTo(factor * bend, 5);
        }
      }
    },
  );

  it.each(losses.filter((loss) => typeof loss === 'string' || loss.name !== 'margin'))(
    'of %o sum to 0 at the start: no constant is better',
    async (loss) => {
      for (const classes of [2, 3] as const) {
        const { initial } = await found(loss, classes, []);
        const start = classes === 2 ? [0, initial[0]!] : initial;
        const { results } = await found(
          loss,
          classes,
          Array.from({ length: 100 }, () => start),
        );
        for (const records of results) {
          const sum = records.reduce((all, value, at) => (at % 2 === 0 ? all + value : all), 0);
          expect(sum).toBeCloseTo(0, 9);
        }
      }
    },
  );
});
