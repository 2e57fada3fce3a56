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
  const gamma = name === 'focal' ? (loss as { gamma: number }).gamma : 0;
  const moved = z.map((score, k) => score + tau * Math.log(shares(classes)[k]!) - (k === truth ? margin : 0));
  const most = Math.max(...moved);
  const crossEntropy = most + Math.log(moved.reduce((sum, score) => sum + Math.exp(score - most), 0)) - moved[truth]!;
  return (-Math.expm1(-crossEntropy)) ** gamma * crossEntropy;
}

/** Softmax shares. */
function softmax(z: readonly number[]): number[] {
  const e = z.map((score) => Math.exp(score - Math.max(...z)));
  const total = e.reduce((sum, value) => sum + value, 0);
  return e.map((value) => value / total);
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
  { name: 'focal', gamma: 2 },
  { name: 'focal', gamma: 1 },
  { name: 'focal', gamma: 0.5 },
  { name: 'focal', gamma: 0 },
];

const gammaOf = (loss: BoostingLoss) => (typeof loss === 'object' && 'gamma' in loss ? loss.gamma! : 0);

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
          // Focal losses curve downwards in places; there Hessians are what the loss would have without its slope.
          const p = softmax(scores[i]!);
          const focus = gammaOf(loss) > 0 ? (1 - p[labels[i]!]!) ** gammaOf(loss) : 0;
          expect(results[at]![2 * i + 1]).toBeCloseTo(factor * Math.max(bend, focus * p[k]! * (1 - p[k]!)), 5);
        }
      }
    },
  );

  it('of the focal loss are those of a worked example, and finite at scores that no data reaches', async () => {
    // The fourth row of scores, of class 2: gradients of a mean over four rows.
    const rows = Array.from({ length: 100 }, () => [1.5, -0.2, 0.4]);
    const row = training(3).labels.indexOf(2);
    const { results: worked } = await found({ name: 'focal', gamma: 2 }, 3, rows);
    [0.18616384, 0.03400907, -0.22017291].forEach((slope, k) => {
      expect(worked[k]![2 * row]! / 4).toBeCloseTo(slope, 7);
    });
    const far = Array.from(
      { length: 100 },
      (_, i) =>
        [
          [900, -900, 0],
          [-700, 40, 40],
          [30, -30, 0],
          [0, 0, 745],
        ][i % 4]!,
    );
    for (const gamma of [0, 0.5, 2, 100]) {
      const { results } = await found({ name: 'focal', gamma }, 3, far);
      for (const records of results) {
        expect(records.every(Number.isFinite)).toBe(true);
        expect(records.every((value, at) => at % 2 === 0 || value >= 0)).toBe(true);
      }
    }
  });

  it.each(losses.slice(0, 3))('of %o sum to 0 at the start: no constant is better', async (loss) => {
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
  });
});
