import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { matrix } from '../../src/data/matrix.ts';
import { logisticModelFromJSON, logisticRegression } from '../../src/learn/index.ts';
import { createKernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { largestGap, overlapping, toSparse } from './helpers.ts';

interface Golden {
  name: string;
  rows: number;
  columns: number;
  C: number | null;
  x: number[];
  y: number[];
  weights: number[] | null;
  classes: number[];
  sparse: boolean;
  coefficients: number[];
  intercepts: number[];
  probabilities: number[];
}

const golden = JSON.parse(readFileSync(new URL('../fixtures/logistic.json', import.meta.url), 'utf8')) as Golden[];

describe('logisticRegression', () => {
  it.each(golden.map((g) => [g.name, g] as const))('finds the optimum of scikit-learn: %s', async (_, g) => {
    const X = matrix(Float64Array.from(g.x), g.rows, g.columns);
    const y = { codes: Int32Array.from(g.y), classes: g.classes };
    const weights = g.weights ? Float64Array.from(g.weights) : undefined;
    for (const rows of g.sparse ? [X, toSparse(X)] : [X]) {
      const model = await logisticRegression({ C: g.C ?? Number.POSITIVE_INFINITY }).fit({ X: rows, y, weights });
      expect(model.notices).toEqual([]);
      expect(largestGap(model.coefficients.data, g.coefficients)).toBeLessThan(1e-7);
      expect(largestGap(model.intercepts, g.intercepts)).toBeLessThan(1e-6); // up to thousands where badly scaled
      const first = matrix(X.data.slice(0, 3 * g.columns), 3, g.columns);
      expect(largestGap((await model.predictProba(first)).data, g.probabilities)).toBeLessThan(1e-7);
    }
  });

  it('reaches the same optimum by conjugate gradients as by Cholesky', async () => {
    // Padding with empty columns pushes the number of unknowns over the limit without changing the optimum.
    for (const classes of [2, 3]) {
      const small = overlapping(400, 12, classes, 5);
      const X = toSparse(small.X);
      const wide = { ...X, columns: 2000 };
      const direct = await logisticRegression().fit(small);
      const iterative = await logisticRegression().fit({ ...small, X: wide });
      const rows = classes === 2 ? 1 : classes;
      for (let k = 0; k < rows; k++) {
        const coefficients = iterative.coefficients.data.subarray(k * 2000, k * 2000 + 12);
        expect(largestGap(coefficients, direct.coefficients.data.subarray(k * 12, k * 12 + 12))).toBeLessThan(1e-7);
      }
      expect(largestGap(iterative.intercepts, direct.intercepts)).toBeLessThan(1e-7);
    }
  });

  it('gives sparse rows the optimum of dense ones, whatever the share of zeros', async () => {
    for (const zeros of [0.1, 0.6, 0.9]) {
      for (const classes of [2, 3]) {
        const data = overlapping(500, 9, classes, 6, zeros);
        const weights = Float64Array.from({ length: 500 }, (_, i) => i % 3);
        const dense = await logisticRegression().fit({ ...data, weights });
        const sparse = await logisticRegression().fit({ ...data, weights, X: toSparse(data.X) });
        expect(largestGap(sparse.coefficients.data, dense.coefficients.data)).toBeLessThan(1e-7);
      }
    }
  });

  it.each([3, 4, 7, 8, 9, 11])('does so for %i classes, whole tiles of classes or not', async (classes) => {
    const data = overlapping(400, 6, classes, classes, 0.8);
    const dense = await logisticRegression().fit(data);
    const sparse = await logisticRegression().fit({ ...data, X: toSparse(data.X) });
    expect(largestGap(sparse.coefficients.data, dense.coefficients.data)).toBeLessThan(1e-7);
    expect(largestGap(sparse.intercepts, dense.intercepts)).toBeLessThan(1e-7);
  });

  it('leaves a gradient of zero, also where coefficients are many', async () => {
    const data = overlapping(300, 1700, 2, 8);
    const model = await logisticRegression({ C: 0.5 }).fit(data);
    const p = await model.predictProba(data.X);
    const gradient = Float64Array.from(model.coefficients.data);
    let intercept = 0;
    for (let i = 0; i < 300; i++) {
      const residual = 0.5 * (p.data[2 * i + 1]! - data.y.codes[i]!);
      intercept += residual;
      for (let j = 0; j < 1700; j++) gradient[j]! += residual * data.X.data[i * 1700 + j]!;
    }
    expect(Math.abs(intercept)).toBeLessThan(1e-6);
    expect(gradient.reduce((largest, g) => Math.max(largest, Math.abs(g)), 0)).toBeLessThan(1e-6);
  });

  it('does so on many rows of one-hot columns and several classes, whose columns sum to the intercept', async () => {
    const [rows, classes, levels] = [4000, 4, 45];
    const stream = randomStream(5, 'one-hot');
    const columns = 3 * levels;
    const data = new Float64Array(rows * columns);
    const codes = new Int32Array(rows);
    for (let i = 0; i < rows; i++) {
      for (let block = 0; block < 3; block++) data[i * columns + block * levels + stream.integer(levels)] = 1;
      codes[i] = stream.uniform() < 0.8 ? 0 : 1 + stream.integer(classes - 1);
    }
    const X = matrix(data, rows, columns);
    const y = { codes, classes: ['a', 'b', 'c', 'd'] };
    for (const part of [X, toSparse(X)]) {
      const model = await logisticRegression().fit({ X: part, y });
      const p = await model.predictProba(X);
      const gradient = Float64Array.from(model.coefficients.data);
      for (let i = 0; i < rows; i++) {
        for (let k = 0; k < classes; k++) {
          const residual = p.data[classes * i + k]! - (codes[i] === k ? 1 : 0);
          for (let j = 0; j < columns; j++) gradient[k * columns + j]! += residual * data[i * columns + j]!;
        }
      }
      expect(gradient.reduce((largest, g) => Math.max(largest, Math.abs(g)), 0)).toBeLessThan(1e-5);
    }
  });

  it('starts from a given model and ends at the same optimum', async () => {
    for (const classes of [2, 4]) {
      const data = overlapping(500, 6, classes, 9);
      const cold = await logisticRegression().fit(data);
      const warm = await logisticRegression({ warmStart: cold }).fit(data);
      expect(warm.iterations).toBeLessThanOrEqual(1);
      expect(largestGap(warm.coefficients.data, cold.coefficients.data)).toBeLessThan(1e-7);
      const other = await logisticRegression({ C: 0.01, warmStart: cold }).fit(data);
      const straight = await logisticRegression({ C: 0.01 }).fit(data);
      expect(largestGap(other.coefficients.data, straight.coefficients.data)).toBeLessThan(1e-7);
    }
    const data = overlapping(50, 3, 2);
    const model = await logisticRegression().fit(overlapping(50, 4, 2));
    await expect(logisticRegression({ warmStart: model }).fit(data)).rejects.toMatchObject({ code: 'bad-option' });
  });

  it('gives absent classes probability 0 and says so', async () => {
    const data = overlapping(200, 4, 2, 3);
    const classes = ['a', 'c0', 'c1', 'z'];
    const codes = data.y.codes.map((code) => code + 1);
    const model = await logisticRegression().fit({ X: data.X, y: { codes, classes } });
    const two = await logisticRegression().fit(data);
    expect(model.notices.map(({ code, class: label }) => [code, label])).toEqual([
      ['class-absent', 'a'],
      ['class-absent', 'z'],
    ]);
    expect([model.coefficients.rows, model.coefficients.columns]).toEqual([4, 4]);
    const p = await model.predictProba(data.X);
    const q = await two.predictProba(data.X);
    for (let i = 0; i < 200; i++) {
      expect(p.data[4 * i]).toBe(0);
      expect(p.data[4 * i + 3]).toBe(0);
      expect(p.data[4 * i + 2]).toBeCloseTo(q.data[2 * i + 1]!, 12);
    }
  });

  it('fits collinear columns without a penalty, and says where there is no optimum', async () => {
    const data = overlapping(300, 2, 2, 4);
    const twice = new Float64Array(300 * 4);
    for (let i = 0; i < 300; i++) {
      const [a, b] = [data.X.data[2 * i]!, data.X.data[2 * i + 1]!];
      twice.set([a, b, a + b, 7], 4 * i);
    }
    const free = logisticRegression({ C: Number.POSITIVE_INFINITY });
    const model = await free.fit({ ...data, X: matrix(twice, 300, 4) });
    const plain = await free.fit(data);
    const p = await model.predictProba(matrix(twice, 300, 4));
    expect(largestGap(p.data, (await plain.predictProba(data.X)).data)).toBeLessThan(1e-6);

    const line = matrix(Float64Array.from([1, 2, 3, 4, 5, 6]), 6, 1);
    const separable = { X: line, y: { codes: Int32Array.from([0, 0, 0, 1, 1, 1]), classes: [0, 1] } };
    await expect(free.fit(separable)).rejects.toMatchObject({ code: 'no-optimum' });
    // Quasi-complete separation: only the row of the tie holds the slope back, and it does not.
    const quasi = matrix(Float64Array.from([1, 2, 3, 3, 5, 6]), 6, 1);
    await expect(free.fit({ ...separable, X: quasi })).rejects.toMatchObject({ code: 'no-optimum' });
    await expect(free.fit({ ...overlapping(30, 25, 3, 2) })).rejects.toMatchObject({ code: 'no-optimum' });
  });

  it('tells when it stopped early', async () => {
    const model = await logisticRegression({ maxIterations: 1 }).fit(overlapping(200, 4, 2));
    expect(model.converged).toBe(false);
    expect(model.notices).toHaveLength(1);
    expect(model.notices[0]).toMatchObject({ code: 'not-converged', numbers: { gradientNorm: model.gradientNorm } });
    expect(model.gradientNorm).toBeGreaterThan(1e-8);
  });

  it('bounds the distance from the optimum by the gradient norm it states', async () => {
    const data = overlapping(200, 4, 2);
    const optimum = await logisticRegression().fit(data);
    for (const maxIterations of [2, 3, 4]) {
      const early = await logisticRegression({ maxIterations }).fit(data);
      const gap = early.coefficients.data.reduce((sum, w, j) => sum + (w - optimum.coefficients.data[j]!) ** 2, 0);
      expect(Math.sqrt(gap)).toBeLessThan(1.1 * early.gradientNorm + 1e-12);
    }
  });

  it('refuses bad data, naming where it is', async () => {
    const data = overlapping(20, 3, 2);
    const spoilt = (value: number) => {
      const cells = data.X.data.slice();
      cells[7 * 3 + 2] = value;
      return matrix(cells, 20, 3);
    };
    const fit = (part: Partial<Dataset>) => logisticRegression().fit({ ...data, ...part });
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const X of [spoilt(value), toSparse(spoilt(value))]) {
        await expect(fit({ X })).rejects.toMatchObject({ code: 'not-finite', details: { row: 7, column: '2' } });
      }
    }
    const model = await fit({});
    const place = { code: 'not-finite', details: { row: 7, column: '2' } };
    await expect(model.predictProba(spoilt(Number.NaN))).rejects.toMatchObject(place);
    await expect(model.predictProba(toSparse(spoilt(Number.NaN)))).rejects.toMatchObject(place);
    await expect(model.predictProba(matrix(new Float64Array(4), 1, 4))).rejects.toMatchObject({
      code: 'column-mismatch',
    });
    const alike = { codes: new Int32Array(20), classes: data.y.classes };
    await expect(fit({ y: alike })).rejects.toMatchObject({ code: 'one-class' });
    const oneLeft = Float64Array.from(data.y.codes, (code) => code);
    await expect(fit({ weights: oneLeft })).rejects.toMatchObject({ code: 'one-class' });
    await expect(fit({ weights: new Float64Array(20) })).rejects.toMatchObject({ code: 'no-rows' });
    await expect(fit({ weights: new Float64Array(20).fill(-1) })).rejects.toMatchObject({ code: 'bad-weights' });
    await expect(fit({ weights: new Float64Array(19) })).rejects.toMatchObject({ code: 'shape-mismatch' });
    const wild = { kind: 'csr', rows: 20, columns: 3, offsets: new Int32Array(21).fill(1, 1) } as const;
    const X = { ...wild, indices: Int32Array.of(9), values: Float64Array.of(1) };
    await expect(fit({ X })).rejects.toMatchObject({ code: 'bad-sparse' });
    expect(() => logisticRegression({ C: 0 })).toThrow('C must be');
    for (const C of ['3', 1n, Symbol('C')]) {
      expect(() => logisticRegression({ C: C as unknown as number })).toThrow(`C must be a positive number`);
    }
    expect(() => logisticRegression({ tolerance: Number.NaN })).toThrow('tolerance must');
    expect(() => logisticRegression({ maxIterations: 0 })).toThrow('maxIterations must');
  });

  it('ignores rows of weight 0 exactly, whatever they hold', async () => {
    const data = overlapping(300, 5, 3, 6);
    const kept = 200;
    const cells = data.X.data.slice();
    cells.fill(Number.NaN, kept * 5);
    const weights = new Float64Array(300).fill(1, 0, kept);
    const all = await logisticRegression().fit({ X: matrix(cells, 300, 5), y: data.y, weights });
    const few = await logisticRegression().fit({
      X: matrix(cells.slice(0, kept * 5), kept, 5),
      y: { codes: data.y.codes.slice(0, kept), classes: data.y.classes },
    });
    expect(all.coefficients.data).toEqual(few.coefficients.data);
  });

  it('stops when asked to', async () => {
    const controller = new AbortController();
    const fit = logisticRegression().fit(overlapping(3000, 10, 3), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(fit).rejects.toMatchObject({ code: 'aborted' });
  });

  it('keeps extreme predictors finite and rows summing to 1', async () => {
    const model = await logisticRegression().fit(overlapping(200, 2, 3));
    const p = await model.predictProba(matrix(Float64Array.from([1e6, -1e6, 1e300, 1e300, 0, 0]), 3, 2));
    for (let i = 0; i < 3; i++) {
      const row = p.data.subarray(3 * i, 3 * i + 3);
      expect(row.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
  });
});

describe('logisticModelFromJSON', () => {
  it('refuses what is no model', async () => {
    const model = await logisticRegression().fit(overlapping(60, 3, 3));
    const json = JSON.parse(JSON.stringify(model.toJSON()));
    expect(logisticModelFromJSON(json).toJSON()).toEqual(model.toJSON());
    const broken: [string, unknown][] = [
      ['kind', 'tree'],
      ['version', 2],
      ['classes', ['a']],
      ['classes', ['a', 'a', 'b']],
      ['classes', ['a', 1, 'b']],
      ['present', [0, 3]],
      ['present', [1, 0]],
      ['columns', -1],
      ['columns', 4],
      ['coefficients', json.coefficients.slice(1)],
      ['coefficients', json.coefficients.map(() => null)],
      ['coefficients', json.coefficients.map(String)],
      ['intercepts', []],
      ['iterations', 0.5],
      ['gradientNorm', 'small'],
      ['converged', undefined],
      ['notices', [{}]],
    ];
    for (const [name, value] of broken) {
      expect(() => logisticModelFromJSON({ ...json, [name]: value }), name).toThrow(
        expect.objectContaining({ code: 'bad-model' }),
      );
    }
    expect(() => logisticModelFromJSON(null as never)).toThrow(expect.objectContaining({ code: 'bad-model' }));
  });
});

describe('logistic kernels on random shapes', () => {
  it('give the same bytes on any number of threads', async () => {
    const runtimes = await Promise.all([1, 2, 4].map((threads) => createKernelRuntime({ threads })));
    const shapes = [
      [5000, 15, 2],
      [3000, 37, 4],
      [700, 1600, 2],
    ] as const;
    for (const [rows, columns, classes] of shapes) {
      const data = overlapping(rows, columns, classes, rows, 0.8);
      const stream = randomStream(rows);
      const weights = Float64Array.from({ length: rows }, () => stream.uniform());
      for (const X of [data.X, toSparse(data.X)]) {
        const bytes = [];
        for (const runtime of runtimes) {
          const model = await logisticRegression().fit({ ...data, X, weights }, { runtime });
          const p = await model.predictProba(X, { runtime });
          bytes.push([model.coefficients.data, model.intercepts, p.data]);
        }
        expect(bytes[1]).toEqual(bytes[0]);
        expect(bytes[2]).toEqual(bytes[0]);
      }
    }
    for (const runtime of runtimes) await runtime.dispose();
  });

  it('refuses values whose squares are no numbers, and none below', async () => {
    const { X, y } = overlapping(60, 3, 2, 1);
    const scaled = (factor: number) =>
      matrix(
        X.data.map((value) => value * factor),
        X.rows,
        X.columns,
      );
    for (const factor of [1e160, 1e300]) {
      const fit = logisticRegression().fit({ X: scaled(factor), y });
      await expect(fit).rejects.toMatchObject({ code: 'no-optimum', message: expect.stringContaining('so large') });
    }
    const model = await logisticRegression().fit({ X: scaled(1e150), y });
    expect(model.converged).toBe(true);
    expect(logisticModelFromJSON(JSON.parse(JSON.stringify(model))).coefficients).toEqual(model.coefficients);
  });
});
