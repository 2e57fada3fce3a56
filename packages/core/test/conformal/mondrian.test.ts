import { describe, expect, it } from 'vitest';
import {
  aps,
  coveredRows,
  evaluateSets,
  mondrianConformal,
  splitConformal,
  uniformityTest,
} from '../../src/conformal/index.ts';
import { matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { drawRows, pick, sample } from './rows.ts';

const rare = [0.99, 0.01];

describe('Mondrian by class', () => {
  it('keeps the error rate of the rarest class at 1:100, where one bound for all does not', () => {
    const stream = randomStream(21, 'one in a hundred');
    const hits = { mondrian: 0, split: 0 };
    let rows = 0;
    const rounds = 120;
    for (let round = 0; round < rounds; round++) {
      const calibration = drawRows(2400, rare, stream, 1);
      const test = drawRows(2000, rare, stream, 1);
      const wanted = pick(
        test,
        Array.from(test.labels.codes.keys()).filter((row) => test.labels.codes[row] === 1),
      );
      rows += wanted.labels.codes.length;
      for (const predictor of [mondrianConformal({ tooFew: 'full' }), splitConformal()]) {
        const model = predictor.fit(calibration.probabilities, calibration.labels);
        const covered = coveredRows(model.sets(wanted.probabilities, { alpha: 0.2 }), wanted.labels.codes);
        hits[predictor.name as 'mondrian' | 'split'] += covered.reduce((sum, hit) => sum + hit, 0);
      }
    }
    // About 24 calibration rows of the class a round: coverage k / (n + 1) is 0.8 to 0.84, its error sqrt(.16 / 25 + .16 / 20).
    const error = Math.sqrt((0.16 / 25 + 0.16 / 20) / rounds);
    expect(hits.mondrian / rows).toBeGreaterThan(0.8 - 4 * error);
    expect(hits.mondrian / rows).toBeLessThan(0.84 + 4 * error);
    expect(hits.split / rows).toBeLessThan(0.3);
  });

  it('has uniform smoothed p-values of the true class, in each class', () => {
    // A calibration set for each p-value: those of one set all share its luck.
    const stream = randomStream(31, 'uniform');
    const found: number[][] = [[], []];
    for (let round = 0; round < 2500; round++) {
      const calibration = drawRows(60, [0.8, 0.2], stream, 1);
      const test = drawRows(1, [0.8, 0.2], stream, 1);
      const model = mondrianConformal({ score: aps(), seed: round }).fit(calibration.probabilities, calibration.labels);
      const code = test.labels.codes[0]!;
      found[code]!.push(model.pValues!(test.probabilities, { smoothed: true }).data[code]!);
    }
    for (const own of found) {
      expect(own.length).toBeGreaterThan(400);
      expect(uniformityTest(Float64Array.from(own))!.pValue).toBeGreaterThan(0.01);
    }
  });

  it('has uniform smoothed p-values also where all scores tie', () => {
    const flat = { ...sample(500, [0.5, 0.5], 3), probabilities: matrix(new Float64Array(1000).fill(0.5), 500, 2) };
    const model = mondrianConformal().fit(flat.probabilities, flat.labels);
    const p = model.pValues!(flat.probabilities, { smoothed: true });
    const { pValue } = uniformityTest(Float64Array.from(flat.labels.codes, (code, row) => p.data[row * 2 + code]!))!;
    expect(pValue).toBeGreaterThan(0.001);
    expect(model.pValues!(flat.probabilities).data.every((value) => value === 1)).toBe(true);
  });

  it('compares with rows of the class alone', () => {
    const probabilities = matrix(Float64Array.of(0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.4, 0.6, 0.5, 0.5), 5, 2);
    const labels = { codes: Int32Array.of(0, 0, 0, 1, 1), classes: ['common', 'rare'] };
    const p = mondrianConformal().fit(probabilities, labels).pValues!(matrix(Float64Array.of(0.75, 0.25), 1, 2));
    // Class 0: scores .1, .2, .3, asked .25: one at least as high. Class 1: scores .4, .5, asked .75: none.
    expect([...p.data]).toEqual([2 / 4, 1 / 3]);
  });

  it('judges classes with too few rows by all rows, or refuses, as told', () => {
    const shares = [0.7, 0.29, 0.01];
    const calibration = sample(300, shares, 8);
    const few = calibration.labels.codes.filter((code) => code === 2).length;
    expect(few).toBeLessThan(9);
    const test = sample(200, shares, 9);
    const pooled = mondrianConformal({ tooFew: 'pooled' }).fit(calibration.probabilities, calibration.labels);
    const split = splitConformal().fit(calibration.probabilities, calibration.labels);
    expect(pooled.thresholds!(0.1)[2]).toBe(split.thresholds!(0.1)[2]);
    expect(pooled.thresholds!(0.1)[0]).not.toBe(split.thresholds!(0.1)[0]);
    const { notices } = pooled.sets(test.probabilities, { alpha: 0.1 });
    expect(notices[0]!.message).toMatch(/1 of 3 classes \("c2"\).*9 calibration rows.*judged by all rows/);
    const p = pooled.pValues!(test.probabilities, { alpha: 0.1 });
    const sets = pooled.sets(test.probabilities, { alpha: 0.1 });
    expect(sets.members).toEqual(Uint8Array.from(p.data, (value) => (value > 0.1 ? 1 : 0)));
    const strict = mondrianConformal({ tooFew: 'error' }).fit(calibration.probabilities, calibration.labels);
    expect(() => strict.sets(test.probabilities, { alpha: 0.1 })).toThrow(
      expect.objectContaining({
        code: 'too-few-rows',
        details: expect.objectContaining({ class: 'c2', rows: few, needed: 9 }),
      }),
    );
    expect(evaluateSets(strict.sets(test.probabilities, { alpha: 0.4 }), test.labels.codes).rows).toBe(200);
  });
});

describe('Mondrian by category', () => {
  it('keeps the error rate in a hard category', () => {
    const stream = randomStream(41, 'category');
    const shares = [0.5, 0.5];
    const draw = (rows: number) => {
      const easy = drawRows(rows, shares, stream, 4);
      const hard = drawRows(rows, shares, stream, 0);
      return {
        probabilities: matrix(Float64Array.of(...easy.probabilities.data, ...hard.probabilities.data), 2 * rows, 2),
        labels: { ...easy.labels, codes: Int32Array.of(...easy.labels.codes, ...hard.labels.codes) },
        categories: Int32Array.from({ length: 2 * rows }, (_, row) => (row < rows ? 0 : 1)),
      };
    };
    const calibration = draw(2000);
    const test = draw(2000);
    const { categories } = test;
    const model = mondrianConformal({ by: 'category' }).fit(calibration.probabilities, calibration.labels, calibration);
    const covered = coveredRows(model.sets(test.probabilities, { alpha: 0.1, categories }), test.labels.codes);
    const split = splitConformal().fit(calibration.probabilities, calibration.labels);
    const plain = coveredRows(split.sets(test.probabilities, { alpha: 0.1 }), test.labels.codes);
    const hard = (hits: Uint8Array) => hits.subarray(2000).reduce((sum, hit) => sum + hit, 0) / 2000;
    expect(Math.abs(hard(covered) - 0.9)).toBeLessThan(0.03);
    expect(hard(plain)).toBeLessThan(0.87);
  });

  it('takes every label in a category that was not seen', () => {
    const calibration = sample(100, [0.5, 0.5], 1);
    const model = mondrianConformal({ by: 'category' }).fit(calibration.probabilities, calibration.labels, {
      categories: new Int32Array(100),
    });
    const categories = Int32Array.from({ length: 100 }, (_, row) => (row < 50 ? 0 : 7));
    const { sizes } = model.sets(calibration.probabilities, { alpha: 0.3, categories });
    expect(new Set(sizes.subarray(50))).toEqual(new Set([2]));
    expect(sizes.subarray(0, 50).reduce((sum, size) => sum + size, 0)).toBeLessThan(90);
    expect(() => model.sets(calibration.probabilities, { alpha: 0.3 })).toThrow(/categories/);
  });
});
