import { describe, expect, it } from 'vitest';
import { blackBoxShares, saerensShares } from '../../src/calibrate/index.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twenty } from './twenty-points.ts';

const pairs = (scores: Float64Array) => {
  const cells = Float64Array.from({ length: 2 * scores.length }, (_, i) =>
    i % 2 === 1 ? scores[i >> 1]! : 1 - scores[i >> 1]!,
  );
  return matrix(cells, scores.length, 2);
};

const code = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

/** Gaussian classes in the plane; `model` gives the true posterior under the shares (.5, .3, .2). */
function gaussians(rows: number, shares: readonly number[], seed: number): { truth: Int32Array; p: Matrix } {
  const random = randomStream(seed, 'shift');
  const centres = [
    [0, 0],
    [2, 0],
    [0, 2],
  ] as const;
  const seen = [0.5, 0.3, 0.2];
  const truth = new Int32Array(rows);
  const cells = new Float64Array(rows * 3);
  for (let row = 0; row < rows; row++) {
    const draw = random.uniform();
    const label = draw < shares[0]! ? 0 : draw < shares[0]! + shares[1]! ? 1 : 2;
    truth[row] = label;
    const [x, y] = [centres[label]![0] + random.normal(), centres[label]![1] + random.normal()];
    const joint = centres.map(([a, b], c) => seen[c]! * Math.exp(-((x - a) ** 2 + (y - b) ** 2) / 2));
    const total = joint.reduce((sum, value) => sum + value, 0);
    joint.forEach((value, c) => {
      cells[3 * row + c] = value / total;
    });
  }
  return { truth, p: matrix(cells, rows, 3) };
}

describe('saerensShares', () => {
  it('is exact on twenty points', () => {
    const even = saerensShares({ probabilities: pairs(twenty.scores), seenShares: Float64Array.of(1, 1) });
    expect(even.converged).toBe(true);
    // The root of the likelihood's derivative in 40 digits. EM stopped at steps of 1e-12 ends 2e-12 and 7e-12 short of it.
    expect(even.shares[0]).toBeCloseTo(0.557115342625634, 14);
    expect(even.shares[1]).toBeCloseTo(0.442884657374366, 14);
    const skewed = saerensShares({ probabilities: pairs(twenty.scores), seenShares: Float64Array.of(0.7, 0.3) });
    expect(skewed.shares[0]).toBeCloseTo(0.060370160535636, 14);
    expect(skewed.shares[1]).toBeCloseTo(0.939629839464364, 14);
    expect(even.iterations).toBeLessThan(20);
  });

  it('meets the conditions of a maximum on the simplex, also at its edges', () => {
    const random = randomStream(2, 'em');
    let atEdge = 0;
    for (let set = 0; set < 100; set++) {
      const { p } = gaussians(12, [0.2, 0.2, 0.6], set);
      const seenShares = Float64Array.from({ length: 3 }, () => 0.1 + random.uniform());
      const { shares } = saerensShares({ probabilities: p, seenShares });
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 14);
      // The gradient is 1 where a share is positive and at most 1 where it is 0.
      const gradient = new Float64Array(3);
      for (let row = 0; row < p.rows; row++) {
        const ratios = Array.from(shares, (_, c) => p.data[3 * row + c]! / seenShares[c]!);
        const mass = ratios.reduce((sum, ratio, c) => sum + ratio * shares[c]!, 0);
        ratios.forEach((ratio, c) => {
          gradient[c] = gradient[c]! + ratio / mass / p.rows;
        });
      }
      shares.forEach((share, c) => {
        if (share < 1e-9) atEdge++;
        expect(gradient[c]).toBeLessThan(1 + 1e-6);
        expect(share * (1 - gradient[c]!)).toBeCloseTo(0, 12);
      });
    }
    expect(atEdge).toBeGreaterThan(10);
  });

  it('finds the shares from which the rows were drawn', () => {
    const { p, truth } = gaussians(20_000, [0.1, 0.2, 0.7], 5);
    const { shares, correction } = saerensShares({ probabilities: p, seenShares: Float64Array.of(5, 3, 2) });
    [0.1, 0.2, 0.7].forEach((share, c) => {
      expect(Math.abs(shares[c]! - share)).toBeLessThan(0.015);
    });
    const mean = correction.apply(p).data.reduce((sum, value, i) => sum + (i % 3 === 2 ? value / p.rows : 0), 0);
    expect(mean).toBeCloseTo(shares[2]!, 9);
    expect(truth.filter((label) => label === 2).length / p.rows).toBeCloseTo(shares[2]!, 1);
  });

  it('takes weights as repetition, leaves uninformative rows alone, and a class of share 0 out', () => {
    const weights = twenty.scores.map((_, i) => i % 3);
    const repeated = Float64Array.from([...twenty.scores].flatMap((s, i) => Array<number>(i % 3).fill(s)));
    const seenShares = Float64Array.of(0.6, 0.4);
    const weighted = saerensShares({ probabilities: pairs(twenty.scores), seenShares, weights }).shares;
    const copies = saerensShares({ probabilities: pairs(repeated), seenShares }).shares;
    expect(weighted[1]).toBeCloseTo(copies[1]!, 13);
    const blank = matrix(Float64Array.of(0.6, 0.4, 0.6, 0.4), 2, 2);
    expect([...saerensShares({ probabilities: blank, seenShares }).shares]).toEqual([0.6, 0.4]);
    const absent = saerensShares({
      probabilities: gaussians(50, [0.5, 0.5, 0], 1).p,
      seenShares: Float64Array.of(1, 1, 0),
    });
    expect(absent.shares[2]).toBe(0);
    expect(absent.shares[0]! + absent.shares[1]!).toBeCloseTo(1, 14);
  });

  it('refuses bad input', () => {
    const probabilities = pairs(twenty.scores);
    const seenShares = Float64Array.of(1, 1);
    expect(code(() => saerensShares({ probabilities, seenShares: Float64Array.of(1) }))).toBe('shape-mismatch');
    expect(code(() => saerensShares({ probabilities, seenShares: Float64Array.of(1, -1) }))).toBe('bad-shares');
    expect(code(() => saerensShares({ probabilities, seenShares, tolerance: 0 }))).toBe('bad-option');
    expect(code(() => saerensShares({ probabilities, seenShares, weights: new Float64Array(20) }))).toBe(
      'too-few-rows',
    );
    expect(code(() => saerensShares({ probabilities: matrix(Float64Array.of(2, -1), 1, 2), seenShares }))).toBe(
      'bad-scores',
    );
  });
});

describe('blackBoxShares', () => {
  it.each(['soft', 'hard'] as const)('finds the shares from which the rows were drawn (%s)', (predictions) => {
    const known = gaussians(20_000, [0.5, 0.3, 0.2], 7);
    const fresh = gaussians(20_000, [0.1, 0.2, 0.7], 8);
    const found = blackBoxShares({
      validation: { probabilities: known.p, truth: known.truth },
      target: fresh.p,
      predictions,
    });
    [0.1, 0.2, 0.7].forEach((share, c) => {
      expect(Math.abs(found.shares[c]! - share)).toBeLessThan(0.02);
    });
    expect(found.notices).toEqual([]);
  });

  it('solves C w = μ exactly: sensitivity 3/4 and specificity 2/3 with half the predictions positive', () => {
    const one = [0, 1];
    const zero = [1, 0];
    const validation = {
      probabilities: matrix(Float64Array.from([one, one, one, zero, one, zero, zero].flat()), 7, 2),
      truth: Int32Array.of(1, 1, 1, 1, 0, 0, 0),
    };
    const target = matrix(Float64Array.from([one, zero].flat()), 2, 2);
    const found = blackBoxShares({ validation, target, predictions: 'hard' });
    // Rogan and Gladen (1978): (1/2 + 2/3 - 1) / (3/4 + 2/3 - 1).
    expect(found.shares[1]).toBeCloseTo(0.4, 14);
    expect(found.ratios[1]).toBeCloseTo(0.4 / (4 / 7), 14);
  });

  it('clips with a notice, keeps an absent class at 0, and refuses predictions that say nothing', () => {
    const known = gaussians(500, [0.5, 0.5, 0], 9);
    const target = matrix(Float64Array.of(0, 1, 0), 1, 3);
    const found = blackBoxShares({ validation: { probabilities: known.p, truth: known.truth }, target });
    expect(found.notices.map((notice) => notice.code)).toEqual(['clipped-share', 'class-absent']);
    expect([...found.shares]).toEqual([0, 1, 0]);
    const flat = {
      probabilities: pairs(new Float64Array(10).fill(0.3)),
      truth: Int32Array.from({ length: 10 }, (_, i) => i % 2),
    };
    expect(code(() => blackBoxShares({ validation: flat, target: flat.probabilities }))).toBe('not-identifiable');
    expect(code(() => blackBoxShares({ validation: flat, target }))).toBe('shape-mismatch');
    const none = matrix(new Float64Array(0), 0, 2);
    expect(code(() => blackBoxShares({ validation: flat, target: none }))).toBe('too-few-rows');
  });
});
