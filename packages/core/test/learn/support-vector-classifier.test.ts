import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { couplePairs } from '../../src/learn/svm/couple-pairs.ts';
import { fitSigmoid } from '../../src/learn/svm/fit-sigmoid.ts';
import { linearSvm, linearSvmFromJSON, rbfSvm, rbfSvmFromJSON } from '../../src/learn/svm/index.ts';
import { numpyRandom } from '../../src/runtime/numpy-random.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { largestGap, overlapping, toSparse } from './helpers.ts';

interface Case {
  number: number;
  shape: { rows: number; columns: number; classes: number; apart: number };
  options: { C?: number; kernel?: 'linear'; gamma?: 'auto' | number; class_weight?: 'balanced' | object };
  weighted: boolean;
  support: number[];
  problems: { support: number[]; coefficients: number[]; intercept: number }[];
  decisions?: number[];
}
const { cases } = JSON.parse(readFileSync(new URL('../fixtures/svm.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

/** Two classes in turn. */
const labels = (rows: number) => ({ classes: ['a', 'b'], codes: Int32Array.from({ length: rows }, (_, i) => i % 2) });

/** As the script that made the fixture draws them. */
function drawn({ number, shape: { rows, columns, classes, apart } }: Case) {
  const stream = numpyRandom(number);
  const codes = Int32Array.from(stream.randints(0, classes, rows));
  const cells = stream.uniforms(rows * columns).map((u, i) => u * 2 + codes[Math.floor(i / columns)]! * apart);
  return { X: matrix(cells, rows, columns), y: { codes, classes: Array.from({ length: classes }, (_, k) => k) } };
}

describe('very heavy rows', () => {
  const drawn = overlapping(60, 2, 2, 3, 0);
  const weighted = (weight: (i: number) => number) => ({
    ...drawn,
    weights: Float64Array.from({ length: 60 }, (_, i) => weight(i)),
  });

  it.each([
    ['1e20', () => 1e20],
    ['1e30', () => 1e30],
    ['1e99', () => 1e99],
    ['of every size', (i: number) => 10 ** ((i % 30) * 9 - 171)],
  ])('give finite probabilities and a note where the machine stopped (%s)', async (size, weight) => {
    for (const make of [linearSvm, rbfSvm]) {
      const model = await make({ maxIter: 20_000, folds: 2 }).fit(weighted(weight));
      if (size !== 'of every size') expect(model.notices.map(({ code }) => code)).toContain('not-converged');
      expect((await model.predictProba(drawn.X)).data.every((share) => share >= 0 && share <= 1)).toBe(true);
    }
  });

  it('leave the sigmoid to the ratios of the weights', async () => {
    const scores = Float64Array.of(-2, -1, -0.5, 0.3, 0.4, 2);
    const labels = Uint8Array.of(0, 0, 1, 0, 1, 1);
    const at = (size: number) =>
      fitSigmoid({ scores, labels, weights: Float64Array.of(1, 2, 1, 3, 1, 1).map((w) => size * w) });
    const [much, most] = await Promise.all([at(1e12), at(1e90)]);
    expect(most!.slope / much!.slope).toBeCloseTo(1, 9);
    expect(most!.intercept).toBeCloseTo(much!.intercept, 9);
    // Below that bound rows count as rows: fewer of them are surer of less.
    expect((await at(1))!.slope).toBeLessThan(much!.slope);
    const apart = await fitSigmoid({
      scores,
      labels: Uint8Array.of(0, 0, 0, 1, 1, 1),
      weights: new Float64Array(6).fill(1e60),
    });
    expect(apart!.slope).toBeGreaterThan(1);
    expect(apart!.slope).toBeLessThan(1e3);
  });
});

describe('linearSvm and rbfSvm', () => {
  const fitting = cases.filter(({ weighted, shape, options }) => {
    return !weighted && shape.rows < 1000 && typeof options.class_weight !== 'object';
  });
  it.each(fitting)('are the machines of scikit-learn, case $number', async (each) => {
    const { X, y } = drawn(each);
    const { C, gamma, kernel, class_weight: classWeight } = each.options;
    const shared = { C, tolerance: 1e-9, ...(classWeight === 'balanced' && ({ classWeight } as const)) };
    const model = await (kernel === 'linear' ? linearSvm(shared) : rbfSvm({ ...shared, gamma })).fit({ X, y });
    expect([...model.support]).toEqual(each.support);
    for (const [p, { coefficients, intercept }] of each.problems.entries()) {
      expect(largestGap(model.pairs[p]!.coefficients, coefficients)).toBeLessThan(1e-3);
      expect(Math.abs(model.pairs[p]!.intercept - intercept)).toBeLessThan(1e-4);
    }
    if (!each.decisions) return;
    const { data } = await model.decisionFunction(matrix(X.data.slice(0, 10 * X.columns), 10, X.columns));
    expect(largestGap(data, each.decisions)).toBeLessThan(1e-4);
  });

  it('does not take the decision values of its own rows for those of new ones', async () => {
    // Labels without any meaning: a narrow kernel fits its own rows without error, and knows nothing.
    const stream = randomStream(3, 'noise');
    const X = matrix(
      Float64Array.from({ length: 400 }, () => stream.normal()),
      200,
      2,
    );
    const y = { codes: Int32Array.from({ length: 200 }, () => (stream.uniform() < 0.3 ? 1 : 0)), classes: ['a', 'b'] };
    const model = await rbfSvm({ gamma: 1000, C: 100 }).fit({ X, y });
    const decisions = await model.decisionFunction(X);
    for (let i = 0; i < 200; i++) expect(decisions.data[i]! > 0).toBe(y.codes[i] === 1);
    const fresh = matrix(
      Float64Array.from({ length: 2000 }, () => stream.normal()),
      1000,
      2,
    );
    const p = (await model.predictProba(fresh)).data.filter((_value, i) => i % 2);
    expect(p.reduce((a, b) => a + b) / 1000).toBeCloseTo(0.3, 1);
    // By the machine's own rows, all of them beyond the margin, few new rows would be judged positive at all.
    expect(p.filter((value) => value > 0.6).length).toBeLessThan(50);
  });

  it('gives support vectors as rows of the data, of copies the first, and slopes of the linear machine', async () => {
    const X = matrix(Float64Array.of(9, 9, 0, 0, 0, 0, 2, 0, 5, 5, 2, 0, -5, -5), 7, 2);
    const y = { codes: Int32Array.of(1, 0, 0, 1, 1, 1, 0), classes: ['a', 'b'] };
    const weights = Float64Array.of(0, 1, 1, 1, 1, 1, 1);
    const model = await linearSvm({ C: 100, tolerance: 1e-9 }).fit({ X, y, weights });
    expect([...model.support]).toEqual([1, 3]);
    expect(largestGap(model.coefficients!.data, [1, 0])).toBeLessThan(1e-8);
    expect(model.pairs[0]!.intercept).toBeCloseTo(-1, 8);
    expect((await rbfSvm().fit({ X, y, weights })).coefficients).toBeUndefined();
  });

  it('moves the margin by class weights, but keeps the probabilities those of the rows', async () => {
    const { X, y } = overlapping(300, 3, 2, 12);
    const rare = y.codes.map((code, i) => (code === 1 && i % 4 ? 0 : code));
    const data = { X, y: { ...y, codes: rare } };
    const share = rare.reduce((a, b) => a + b) / 300;
    const means = [];
    for (const classWeight of [undefined, 'balanced', new Map([['c1', 5]])] as const) {
      const model = await rbfSvm({ classWeight }).fit(data);
      const decisions = await model.decisionFunction(X);
      means.push(decisions.data.reduce((a, b) => a + b) / 300);
      const p = await model.predictProba(X);
      const mean = p.data.reduce((sum, value, i) => sum + (i % 2 ? value / 300 : 0), 0);
      expect(Math.abs(mean - share)).toBeLessThan(0.05);
    }
    expect(means[1]).toBeGreaterThan(means[0]! + 0.2);
    expect(means[2]).toBeGreaterThan(means[0]! + 0.2);
  });

  it('says so where nothing can be held out and where nothing is ranked', async () => {
    const X = matrix(Float64Array.of(0, 1, 2, 3, 9), 5, 1);
    const model = await rbfSvm().fit({ X, y: { codes: Int32Array.of(0, 0, 0, 0, 1), classes: ['a', 'b'] } });
    expect(model.notices).toMatchObject([{ code: 'not-cross-fitted' }]);
    const flat = await rbfSvm().fit({
      X: matrix(new Float64Array(6), 6, 1),
      y: { codes: Int32Array.of(0, 0, 0, 0, 0, 1), classes: ['a', 'b'] },
    });
    expect(flat.notices.map(({ code }) => code)).toEqual(['not-cross-fitted', 'no-ranking']);
    expect((await flat.predictProba(X)).data[1]).toBeCloseTo(1 / 6, 12);
    const { X: rows, y } = overlapping(60, 2, 2, 3);
    const stopped = await rbfSvm({ maxIter: 3 }).fit({ X: rows, y });
    expect(stopped.notices).toMatchObject([{ code: 'not-converged', numbers: { iterations: 3 } }]);
  });

  it('refuses wrong options and broken models', async () => {
    for (const options of [{ C: 0 }, { gamma: -1 }, { folds: 1 }, { tolerance: 0 }, { kernel: 'poly' }]) {
      expect(() => rbfSvm(options as object)).toThrow(Object.keys(options)[0]!);
    }
    expect(() => linearSvm({ gamma: 1 } as object)).toThrow('no option "gamma"');
    const { X, y } = overlapping(60, 2, 3, 7);
    const json = (await rbfSvm().fit({ X, y })).toJSON();
    const pairs = json['pairs'] as Record<string, unknown>[];
    for (const [field, value] of [
      ['gamma', 0],
      ['means', [1]],
      ['vectors', [1]],
      ['pairs', pairs.slice(1)],
    ] as const) {
      expect(() => rbfSvmFromJSON({ ...json, [field]: value })).toThrow(`"${field}"`);
    }
    const broken = (change: object) => ({ ...json, pairs: [{ ...pairs[0], ...change }, ...pairs.slice(1)] });
    expect(() => rbfSvmFromJSON(broken({ places: [9999], coefficients: [1] }))).toThrow('"places"');
    expect(() => rbfSvmFromJSON(broken({ coefficients: [1] }))).toThrow('"coefficients"');
    expect(() => rbfSvmFromJSON(broken({ sigmoid: { slope: 1 } }))).toThrow('"intercept"');
    expect(() => linearSvmFromJSON(json)).toThrow('"kind"');
    const holes = matrix(X.data.slice().fill(Number.NaN, 7, 8), 60, 2);
    await expect(rbfSvm().fit({ X: holes, y })).rejects.toMatchObject({ code: 'not-finite' });
    await expect(rbfSvm().fit({ X: toSparse(holes), y })).rejects.toMatchObject({ code: 'not-finite' });
  });

  it('speaks of the size of the values, not of missing ones, where decision values are no numbers', async () => {
    const ranked = Float64Array.from({ length: 40 }, (_, i) => (i % 2 ? 1 : -1) + Math.sin(i) / 4);
    const model = await linearSvm().fit({ X: matrix(ranked, 40, 1), y: labels(40) });
    const far = matrix(Float64Array.of(0, 1.7e308), 2, 1);
    await expect(model.predictProba(far)).rejects.toThrow(/^row 1: its values.*so large/);
  });

  it('gives every row the shares of the classes where the machine ranks nothing, however far the rows lie', async () => {
    const cells = Float64Array.from({ length: 120 }, (_, i) => (Math.sin(i * 12.9898) > 0 ? 1.7e308 : -1.7e308));
    const X = matrix(cells, 60, 2);
    const model = await rbfSvm().fit({ X, y: labels(60) });
    expect(model.notices.map(({ code }) => code)).toContain('no-ranking');
    for (const p of (await model.predictProba(X)).data) expect(p).toBeCloseTo(0.5, 2);
  });
});

describe('fitSigmoid', () => {
  it('keeps the share of the positive class, and stays finite where the scores separate the classes', async () => {
    const scores = Float64Array.of(-3, -2, -1, -0.5, 1, 2);
    const labels = Uint8Array.of(0, 0, 0, 0, 1, 1);
    const { slope, intercept } = (await fitSigmoid({ scores, labels, weights: new Float64Array(6).fill(1) }))!;
    const mean = scores.reduce((sum, f) => sum + 1 / (1 + Math.exp(-slope * f - intercept)) / 6, 0);
    expect(mean).toBeCloseTo(2 / 6, 8);
    expect(slope).toBeGreaterThan(0.5);
    expect(slope).toBeLessThan(5);
  });

  it('knows nothing where larger scores go with the other class', async () => {
    const labels = Uint8Array.of(1, 1, 0, 0);
    const weights = new Float64Array(4).fill(1);
    expect(await fitSigmoid({ scores: Float64Array.of(1, 2, 3, 4), labels, weights })).toBeUndefined();
    expect(await fitSigmoid({ scores: Float64Array.of(2, 2, 2, 2), labels, weights })).toBeUndefined();
  });
});

describe('couplePairs', () => {
  it('gives back probabilities that the pairs fit to', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 7 }), (shares) => {
        const n = shares.length;
        const total = shares.reduce((a, b) => a + b);
        const pairwise = Float64Array.from({ length: n * n }, (_, at) => {
          const [i, j] = [Math.floor(at / n), at % n];
          return i === j ? 0 : shares[i]! / (shares[i]! + shares[j]!);
        });
        const out = new Float64Array(n + 1);
        couplePairs(pairwise, n, out, 1);
        expect(
          largestGap(
            out.subarray(1),
            shares.map((share) => share / total),
          ),
        ).toBeLessThan(1e-10);
      }),
    );
  });

  it('minimises the disagreement of Wu, Lin and Weng where the pairs do not fit together', () => {
    const stream = randomStream(5, 'pairs');
    const n = 4;
    const r = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        r[i * n + j] = stream.uniform();
        r[j * n + i] = 1 - r[i * n + j]!;
      }
    }
    const p = new Float64Array(n);
    couplePairs(r, n, p, 0);
    const loss = (q: Float64Array) => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) if (i !== j) sum += (r[j * n + i]! * q[i]! - r[i * n + j]! * q[j]!) ** 2;
      }
      return sum;
    };
    expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
    for (let trial = 0; trial < 50; trial++) {
      const q = p.map((value) => Math.max(0, value + 0.01 * stream.normal()));
      const total = q.reduce((a, b) => a + b);
      expect(loss(q.map((value) => value / total))).toBeGreaterThanOrEqual(loss(p));
    }
  });
});

describe('many classes', () => {
  it('hear a signal while rows are predicted, and rows of a later part as in a batch of their own', async () => {
    const model = await linearSvm({ folds: 2 }).fit(overlapping(160, 3, 40, 3));
    const { X } = overlapping(6000, 3, 40, 4);
    await expect(model.predictProba(X, { signal: AbortSignal.timeout(40) })).rejects.toMatchObject({ code: 'aborted' });
    const { data } = await model.predictProba(X);
    const last = matrix(X.data.slice(3 * 5990), 10, 3);
    expect((await model.predictProba(last)).data).toEqual(data.slice(40 * 5990));
  });
});
