import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { sparseMatrix } from '../../src/data/sparse.ts';
import { numpyRandom } from '../../src/runtime/numpy-random.ts';
import { randomStream } from '../../src/runtime/random.ts';
import {
  type SupportVectorMachine,
  type SupportVectorMachineOptions,
  supportVectorMachine,
} from '../../src/svm/support-vector-machine.ts';

interface Shape {
  rows: number;
  columns: number;
  classes: number;
  apart: number;
}
interface Stored {
  support: number[];
  coefficients: number[];
  intercept: number;
}
interface Case {
  number: number;
  shape: Shape;
  options: {
    C?: number;
    kernel?: 'linear';
    gamma?: 'auto' | number;
    class_weight?: 'balanced' | Record<string, number>;
  };
  weighted: boolean;
  gamma: number;
  support: number[];
  problems: Stored[];
  decisions?: number[];
}
const fixture = JSON.parse(readFileSync(new URL('../fixtures/svm.json', import.meta.url), 'utf8')) as {
  cases: Case[];
  rest: { number: number; shape: Shape; problems: Stored[] };
};

type DenseDataset = Dataset & { X: Matrix; weights: Float64Array };

/** As the script that made the fixture draws them. */
function drawn(number: number, { rows, columns, classes, apart }: Shape): DenseDataset {
  const stream = numpyRandom(number);
  const codes = Int32Array.from(stream.randints(0, classes, rows));
  const cells = stream.uniforms(rows * columns).map((u, i) => u * 2 + codes[Math.floor(i / columns)]! * apart);
  const weights = stream.uniforms(rows).map((u) => u * 3 + 0.1);
  const y = { codes, classes: Array.from({ length: classes }, (_, code) => code) };
  return { X: matrix(cells, rows, columns), y, weights };
}

function optionsOf({ class_weight: weight, ...rest }: Case['options']): SupportVectorMachineOptions {
  const classWeight =
    typeof weight === 'object' ? new Map(Object.entries(weight).map(([label, w]) => [Number(label), w])) : weight;
  return { ...rest, ...(classWeight && { classWeight }), tolerance: 1e-9 };
}

function expectSame(machine: SupportVectorMachine, expected: readonly Stored[], title: string): void {
  expect(machine.problems.length, title).toBe(expected.length);
  // scikit-learn goes through pairs in the same order: (0, 1), (0, 2), (1, 2).
  for (const [p, { support, coefficients, intercept }] of expected.entries()) {
    const problem = machine.problems[p]!;
    expect(problem.converged).toBe(true);
    expect([...problem.support], title).toEqual(support);
    const largest = Math.max(...coefficients.map(Math.abs));
    problem.coefficients.forEach((coefficient, s) => {
      expect(Math.abs(coefficient - coefficients[s]!), `${title}, row ${support[s]}`).toBeLessThan(1e-4 * largest);
    });
    expect(Math.abs(problem.intercept - intercept), title).toBeLessThan(1e-4 * Math.max(1, Math.abs(intercept)));
  }
}

describe('supportVectorMachine', () => {
  it.each(fixture.cases)('finds the machine of scikit-learn, case $number', async (each) => {
    const { X, y, weights } = drawn(each.number, each.shape);
    for (const shrinking of [true, false]) {
      const options = { ...optionsOf(each.options), shrinking };
      const machine = await supportVectorMachine({ X, y, ...(each.weighted && { weights }) }, options);
      const title = JSON.stringify(each.options);
      if (each.options.kernel !== 'linear') expect(machine.kernel.gamma / each.gamma).toBeCloseTo(1, 12);
      expectSame(machine, each.problems, title);
      expect([...machine.support], title).toEqual(each.support);
      if (!each.decisions) continue;
      const first = matrix(X.data.slice(0, 10 * X.columns), 10, X.columns);
      const { data } = await machine.decisionFunction(first);
      data.forEach((value, i) => {
        expect(Math.abs(value - each.decisions![i]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
      });
    }
  });

  it('holds every class against the rest when asked', async () => {
    const { X, y } = drawn(fixture.rest.number, fixture.rest.shape);
    const machine = await supportVectorMachine({ X, y }, { multiClass: 'one-vs-rest', tolerance: 1e-9 });
    expectSame(machine, fixture.rest.problems, 'rest');
    expect(machine.problems.map(({ positive, negative }) => [positive, negative])).toEqual([
      [0, -1],
      [1, -1],
      [2, -1],
    ]);
  });

  it('meets the conditions of optimality to the tolerance, with any room for the cache', async () => {
    const row = fc.record({
      cells: fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })),
      second: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 2, maxLength: 40 }),
        fc.constantFrom('rbf', 'linear'),
        fc.constantFrom(0.1, 1, 20),
        fc.constantFrom(1e-5, 256),
        async (rows, kernel, C, cacheMegabytes) => {
          fc.pre(rows.some(({ second }) => second) && rows.some(({ second }) => !second));
          const X = matrix(Float64Array.from(rows.flatMap(({ cells }) => cells)), rows.length, 2);
          const y = { codes: Int32Array.from(rows, ({ second }) => (second ? 1 : 0)), classes: ['no', 'yes'] };
          const tolerance = 1e-4;
          const machine = await supportVectorMachine({ X, y }, { kernel, C, tolerance, cacheMegabytes });
          const { data: decisions } = await machine.decisionFunction(X);
          const [problem] = machine.problems;
          const alpha = new Float64Array(rows.length);
          let sum = 0;
          problem!.support.forEach((at, s) => {
            const sign = y.codes[at] === 1 ? 1 : -1;
            alpha[at] = sign * problem!.coefficients[s]!;
            sum += problem!.coefficients[s]!;
            expect(alpha[at]).toBeGreaterThan(0);
            expect(alpha[at]).toBeLessThanOrEqual(C);
          });
          expect(Math.abs(sum)).toBeLessThan(1e-9 * C * rows.length);
          rows.forEach((_, i) => {
            const margin = (y.codes[i] === 1 ? 1 : -1) * decisions[i]!;
            if (alpha[i]! < C) expect(margin).toBeGreaterThan(1 - 2 * tolerance);
            if (alpha[i]! > 0) expect(margin).toBeLessThan(1 + 2 * tolerance);
          });
        },
      ),
      { numRuns: 120 },
    );
  });

  it('does the same to sparse rows, and to weights as to a C of the row', async () => {
    const { X, y } = drawn(3, { rows: 80, columns: 4, classes: 2, apart: 0.4 });
    const cells = X.data.map((value) => (value < 0.8 ? 0 : value));
    const dense = matrix(cells, 80, 4);
    const stored = [...cells.keys()].filter((i) => cells[i] !== 0);
    const offsets = Int32Array.from({ length: 81 }, (_, row) => stored.filter((i) => i < row * 4).length);
    const sparse = sparseMatrix(
      offsets,
      Int32Array.from(stored, (i) => i % 4),
      Float64Array.from(stored, (i) => cells[i]!),
      4,
    );
    const one = await supportVectorMachine({ X: dense, y });
    const other = await supportVectorMachine({ X: sparse, y }, { gamma: one.kernel.gamma });
    expect(other.problems).toEqual(one.problems);
    expect((await other.decisionFunction(sparse)).data).toEqual((await one.decisionFunction(dense)).data);
    const doubled = await supportVectorMachine({ X: dense, y, weights: new Float64Array(80).fill(2) });
    expect(doubled.problems).toEqual((await supportVectorMachine({ X: dense, y }, { C: 2 })).problems);
  });

  it('leaves rows of weight 0 out', async () => {
    const { X, y } = drawn(5, { rows: 60, columns: 2, classes: 2, apart: 0.4 });
    const weights = Float64Array.from({ length: 60 }, (_, row) => (row % 4 === 1 ? 0 : 1));
    const kept = Int32Array.from(weights.keys()).filter((row) => weights[row] === 1);
    const options = { gamma: 0.7, tolerance: 1e-6 };
    const [one] = (await supportVectorMachine({ X, y, weights }, options)).problems;
    const cells = Float64Array.from([...kept].flatMap((row) => [...X.data.subarray(2 * row, 2 * row + 2)]));
    const rest = { X: matrix(cells, kept.length, 2), y: { ...y, codes: kept.map((row) => y.codes[row]!) } };
    const [other] = (await supportVectorMachine(rest, options)).problems;
    expect([...other!.support].map((row) => kept[row])).toEqual([...one!.support]);
    expect(one!.intercept).toBeCloseTo(other!.intercept, 5);
  });

  it('gives the same machine whatever the classes are called, but for the side', async () => {
    const { X, y } = drawn(4, { rows: 90, columns: 3, classes: 3, apart: 0.5 });
    const machine = await supportVectorMachine({ X, y });
    const order = [2, 0, 1];
    const renamed = { X, y: { classes: y.classes, codes: y.codes.map((code) => order[code]!) } };
    const other = await supportVectorMachine(renamed);
    expect([...other.support].sort()).toEqual([...machine.support].sort());
    for (const { positive, negative, support, coefficients, intercept } of machine.problems) {
      const [a, b] = [order[positive]!, order[negative]!];
      const twin = other.problems.find((each) => each.positive === Math.max(a, b) && each.negative === Math.min(a, b))!;
      const side = a > b ? 1 : -1;
      expect([...twin.support]).toEqual([...support]);
      expect([...twin.coefficients]).toEqual([...coefficients].map((coefficient) => side * coefficient));
      expect(twin.intercept).toBe(side * intercept);
    }
  });

  it('survives duplicates of both classes, constant rows and huge cells', async () => {
    const X = matrix(Float64Array.of(1, 1, 1, 1, 2, 2, 2, 2), 8, 1);
    const y = { codes: Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1), classes: ['a', 'b'] };
    for (const kernel of ['rbf', 'linear'] as const) {
      const { data } = await (await supportVectorMachine({ X, y }, { kernel })).decisionFunction(X);
      expect([...data].every((value) => Math.abs(value) < 1e-3)).toBe(true);
    }
    const flat = await supportVectorMachine({ X: matrix(new Float64Array(8).fill(3), 8, 1), y });
    expect(flat.kernel.gamma).toBe(1);
    const huge = supportVectorMachine({
      X: matrix(
        X.data.map((value) => value * 1e200),
        8,
        1,
      ),
      y,
    });
    await expect(huge).rejects.toMatchObject({ code: 'distance-overflow' });
  });

  it('says when it was cut short, and stops on request', async () => {
    const data = drawn(1, { rows: 400, columns: 3, classes: 2, apart: 0.2 });
    const { problems } = await supportVectorMachine(data, { maxIter: 5 });
    expect(problems[0]).toMatchObject({ converged: false, iterations: 5 });
    const stopped = supportVectorMachine(data, {}, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });

  it('refuses what makes no sense', async () => {
    const data = drawn(1, { rows: 20, columns: 2, classes: 2, apart: 0.2 });
    const code = (options: object, given: Dataset = data) =>
      supportVectorMachine(given, options).catch((error) => error.code);
    expect(await code({ C: 0 })).toBe('bad-option');
    expect(await code({ kernel: 'cubic' })).toBe('bad-option');
    expect(await code({ gamma: -1 })).toBe('bad-option');
    expect(await code({ c: 1 })).toBe('bad-option');
    expect(await code({ classWeight: new Map([['z', 1]]) })).toBe('unknown-class');
    expect(await code({}, { ...data, weights: new Float64Array(20).fill(-1) })).toBe('bad-weights');
    expect(await code({}, { ...data, weights: Float64Array.from(data.y.codes) })).toBe('one-class');
    expect(await code({}, { ...data, weights: new Float64Array(19) })).toBe('shape-mismatch');
    data.X.data[7] = Number.NaN;
    expect(await code({})).toBe('not-finite');
  });
});

describe('a large problem', () => {
  it('ends at the same minimum with shrinking and a small cache', async () => {
    const stream = randomStream(3, 'rows');
    const codes = Int32Array.from({ length: 1200 }, (_, i) => (i % 7 === 0 ? 1 : 0));
    const cells = Float64Array.from({ length: 1200 * 4 }, (_, i) => stream.normal() + 0.8 * codes[i >> 2]!);
    const data = { X: matrix(cells, 1200, 4), y: { codes, classes: [0, 1] } };
    const settings = [{}, { shrinking: false }, { cacheMegabytes: 0.2 }];
    const [one, ...others] = await Promise.all(
      settings.map((more) => supportVectorMachine(data, { tolerance: 1e-6, C: 5, ...more })),
    );
    for (const other of others) {
      expect(Math.abs(other!.problems[0]!.intercept - one!.problems[0]!.intercept)).toBeLessThan(1e-4);
      const total = (machine: typeof one) =>
        machine!.problems[0]!.coefficients.reduce((sum, c) => sum + Math.abs(c), 0);
      expect(Math.abs(total(other) / total(one) - 1)).toBeLessThan(1e-5);
    }
  });
});
