import { describe, expect, it } from 'vitest';
import {
  aps,
  type ConformalFitOptions,
  type ConformalModel,
  type ConformalPredictorEntry,
  conformalModelFromJSON,
  conformalPredictors,
  coveredRows,
  lac,
} from '../../src/conformal/index.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { drawRows, pick, renamed, type ScoredSample, sample } from './rows.ts';

/** What every conformal predictor owes its users. A predictor is done when it is in the registry and passes these. */
const shares = [0.5, 0.3, 0.15, 0.05];
const folds = 3;

const sideOptions = (entry: ConformalPredictorEntry, rows: number): ConformalFitOptions => ({
  ...(entry.needs === 'categories' && { categories: Int32Array.from({ length: rows }, (_, i) => i % 2) }),
  ...(entry.needs === 'folds' && { folds: Int32Array.from({ length: rows }, (_, i) => i % folds) }),
});

function fitted(
  entry: ConformalPredictorEntry,
  rows: ScoredSample,
  options = {},
  extra: ConformalFitOptions = {},
): ConformalModel {
  const given = { ...sideOptions(entry, rows.labels.codes.length), ...extra };
  return entry.create(options).fit(rows.probabilities, rows.labels, given);
}

/** In these tests the models of all folds are one and the same. */
const asked = (entry: ConformalPredictorEntry, probabilities: Matrix): Matrix | readonly Matrix[] =>
  entry.needs === 'folds' ? Array<Matrix>(folds).fill(probabilities) : probabilities;

const setsOf = (entry: ConformalPredictorEntry, model: ConformalModel, p: Matrix, alpha = 0.1, extra = {}) =>
  model.sets(asked(entry, p), { alpha, ...sideOptions(entry, p.rows), ...extra });

describe.each(conformalPredictors.map((entry) => [entry.name, entry] as const))('%s', (_name, entry) => {
  const calibration = sample(400, shares, 1);
  const fresh = sample(150, shares, 2);
  const hasPValues = fitted(entry, calibration).pValues !== undefined;

  it('covers exchangeable rows with the asked rate', () => {
    const stream = randomStream(3, 'coverage');
    const alpha = 0.2;
    let covered = 0;
    let asked = 0;
    for (let round = 0; round < 120; round++) {
      const model = fitted(entry, drawRows(149, shares, stream), { seed: round });
      const test = drawRows(60, shares, stream);
      const hits = coveredRows(setsOf(entry, model, test.probabilities, alpha), test.labels.codes);
      covered += hits.reduce((sum, hit) => sum + hit, 0);
      asked += hits.length;
    }
    // Standard error of a round: calibration sqrt(.16 / 150) and test sqrt(.16 / 60), so 0.0056 over 120 rounds.
    const slack = 4 * 0.0056;
    expect(covered / asked).toBeGreaterThan(1 - alpha - slack);
    if (entry.guarantee === 'marginal') expect(covered / asked).toBeLessThan(1 - alpha + slack + 0.02);
  });

  it('gives the same sets whatever the order of the calibration rows', () => {
    const order = [...randomStream(7, 'order').permutation(400)];
    const mixed = fitted(
      entry,
      pick(calibration, order),
      { score: aps() },
      {
        ...(entry.needs === 'categories' && { categories: Int32Array.from(order, (row) => row % 2) }),
        ...(entry.needs === 'folds' && { folds: Int32Array.from(order, (row) => row % folds) }),
      },
    );
    const plain = setsOf(entry, fitted(entry, calibration, { score: aps() }), fresh.probabilities);
    const again = setsOf(entry, mixed, fresh.probabilities);
    if (entry.splitsRows) expect(Math.abs(mean(again.sizes) - mean(plain.sizes))).toBeLessThan(1);
    else expect(again.members).toEqual(plain.members);
  });

  it('does not care what the classes are called, nor where they stand', () => {
    const to = [2, 0, 3, 1];
    const plain = setsOf(entry, fitted(entry, calibration), fresh.probabilities);
    const moved = setsOf(entry, fitted(entry, renamed(calibration, to)), renamed(fresh, to).probabilities);
    expect(moved.classes).toEqual(['n0', 'n1', 'n2', 'n3']);
    for (let at = 0; at < plain.members.length; at++) {
      expect(moved.members[at - (at % 4) + to[at % 4]!]).toBe(plain.members[at]);
    }
  });

  it('gives a row the same set and p-values alone as in a batch, also with a randomised score', () => {
    const model = fitted(entry, calibration, { score: aps(), seed: 5 });
    const batch = setsOf(entry, model, fresh.probabilities);
    const side = sideOptions(entry, 150);
    const pValues = hasPValues ? model.pValues!(asked(entry, fresh.probabilities), side) : undefined;
    for (const row of [0, 1, 77, 149]) {
      const one = pick(fresh, [row]).probabilities;
      const category = entry.needs === 'categories' ? { categories: Int32Array.of(row % 2) } : {};
      const alone = model.sets(asked(entry, one), { alpha: 0.1, ...category });
      expect(alone.members).toEqual(batch.members.slice(4 * row, 4 * row + 4));
      const p = model.pValues?.(asked(entry, one), category);
      if (pValues) expect(p!.data).toEqual(pValues.data.slice(4 * row, 4 * row + 4));
    }
    expect(setsOf(entry, model, matrix(new Float64Array(0), 0, 4)).rows).toBe(0);
  });

  it('takes exactly the labels whose conservative p-value is above alpha', () => {
    if (!hasPValues) return;
    for (const score of [lac(), aps()]) {
      const model = fitted(entry, calibration, { score });
      const p = model.pValues!(asked(entry, fresh.probabilities), sideOptions(entry, 150));
      for (const alpha of [0.01, 0.05, 0.1, 0.25, 0.42, 0.9]) {
        const sets = setsOf(entry, model, fresh.probabilities, alpha);
        expect(sets.members).toEqual(Uint8Array.from(p.data, (value) => (value > alpha ? 1 : 0)));
      }
    }
  });

  it('gives smoothed p-values at most as large, between 0 and 1, equal where v is 1', () => {
    if (!hasPValues) return;
    const model = fitted(entry, calibration);
    const side = sideOptions(entry, 150);
    const plain = model.pValues!(asked(entry, fresh.probabilities), side).data;
    const smooth = model.pValues!(asked(entry, fresh.probabilities), { ...side, smoothed: true }).data;
    const full = model.pValues!(asked(entry, fresh.probabilities), {
      ...side,
      smoothed: true,
      ties: new Float64Array(150).fill(1),
    });
    expect(smooth.every((value, i) => value >= 0 && value <= plain[i]!)).toBe(true);
    expect(full.data).toEqual(plain);
  });

  it('shrinks the sets as alpha grows', () => {
    const model = fitted(entry, calibration);
    const sizes = [0.01, 0.05, 0.1, 0.3, 0.6].map((alpha) =>
      mean(setsOf(entry, model, fresh.probabilities, alpha).sizes),
    );
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it('takes every label where there are too few rows', () => {
    for (const rows of entry.name === 'tuned-raps' ? [4, 8] : [0, 1, 8]) {
      const model = fitted(
        entry,
        pick(
          calibration,
          Array.from({ length: rows }, (_, i) => i),
        ),
        { score: lac() },
      );
      const { probabilities } = fresh;
      const matrices =
        entry.needs === 'folds' ? Array<Matrix>(Math.min(rows, folds)).fill(probabilities) : probabilities;
      const sets = model.sets(matrices, { alpha: 0.1, ...sideOptions(entry, 150) });
      if (entry.needs !== 'folds' || rows > 0) expect(new Set(sets.sizes), `${rows} rows`).toEqual(new Set([4]));
    }
  });

  it('works with a class that calibration never saw', () => {
    const without = pick(
      calibration,
      Array.from(calibration.labels.codes.keys()).filter((row) => calibration.labels.codes[row] !== 3),
    );
    const sets = setsOf(entry, fitted(entry, without), fresh.probabilities);
    expect(sets.sizes.every((size) => size >= 0 && size <= 4)).toBe(true);
    if (entry.guarantee === 'class' || entry.name === 'rc3p') {
      expect(sets.members.filter((_member, at) => at % 4 === 3)).toEqual(new Uint8Array(150).fill(1));
      expect(sets.notices.map(({ code }) => code)).toContain('too-few-calibration-rows');
    }
  });

  it('takes ties: constant probabilities give a label to all rows or to none', () => {
    const flat = { ...calibration, probabilities: matrix(new Float64Array(1600).fill(0.25), 400, 4) };
    const { members } = setsOf(entry, fitted(entry, flat, { score: lac() }), flat.probabilities);
    const byCategory = entry.needs === 'categories' ? 2 : 1;
    for (let at = 0; at < members.length; at++) expect(members[at]).toBe(members[at % (4 * byCategory)]);
  });

  it('gives the same bytes for the same seed, and after it was saved and read', () => {
    for (const options of [{ seed: 9 }, { seed: 9, score: aps() }]) {
      const model = fitted(entry, calibration, options);
      const text = JSON.stringify(model);
      expect(JSON.stringify(fitted(entry, calibration, options))).toBe(text);
      const read = conformalModelFromJSON(JSON.parse(text));
      expect(JSON.stringify(read)).toBe(text);
      expect([read.name, read.notices]).toEqual([entry.name, model.notices]);
      expect(setsOf(entry, read, fresh.probabilities)).toEqual(setsOf(entry, model, fresh.probabilities));
      const smoothed = { ...sideOptions(entry, 150), smoothed: true };
      expect(read.pValues?.(asked(entry, fresh.probabilities), smoothed)).toEqual(
        model.pValues?.(asked(entry, fresh.probabilities), smoothed),
      );
    }
  });

  it('refuses a damaged file, naming the field', () => {
    const json = JSON.parse(JSON.stringify(fitted(entry, calibration)));
    for (const field of Object.keys(json)) {
      const damaged = { ...json, [field]: { not: 'this' } };
      expect(() => entry.fromJSON(damaged), field).toThrow(expect.objectContaining({ code: 'bad-model' }));
      const { [field]: _left, ...missing } = json;
      expect(() => entry.fromJSON(missing), field).toThrow(expect.objectContaining({ code: 'bad-model' }));
    }
    expect(() => entry.fromJSON({ ...json, codes: json.codes.map(() => 4) })).toThrow(/codes/);
    expect(() => entry.fromJSON(null)).toThrow(expect.objectContaining({ code: 'bad-model' }));
  });

  it('refuses bad input with its code', () => {
    const { probabilities, labels } = calibration;
    const side = sideOptions(entry, 400);
    const fit = (p = probabilities, l = labels, extra = {}) => entry.create().fit(p, l, { ...side, ...extra });
    const bad = probabilities.data.slice();
    bad[5] = Number.NaN;
    expect(() => fit(matrix(bad, 400, 4))).toThrow(expect.objectContaining({ code: 'bad-scores' }));
    expect(() => fit(matrix(new Float64Array(1200), 400, 3))).toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
    expect(() => fit(probabilities, { ...labels, codes: labels.codes.slice(1) })).toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
    expect(() => fit(probabilities, { ...labels, codes: labels.codes.map(() => 7) })).toThrow(
      expect.objectContaining({ code: 'bad-labels' }),
    );
    expect(() => fit(probabilities, labels, { u: new Float64Array(3) })).toThrow(/u must/);
    const model = fit();
    for (const alpha of [0, 1, Number.NaN])
      expect(() => setsOf(entry, model, fresh.probabilities, alpha)).toThrow(/alpha/);
    expect(() => setsOf(entry, model, matrix(new Float64Array(6), 2, 3))).toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
    if (!entry.needs) return;
    expect(() => entry.create().fit(probabilities, labels)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });

  it('does not change its input', () => {
    const before = [
      calibration.probabilities.data.slice(),
      calibration.labels.codes.slice(),
      fresh.probabilities.data.slice(),
    ];
    setsOf(entry, fitted(entry, calibration), fresh.probabilities);
    expect([calibration.probabilities.data, calibration.labels.codes, fresh.probabilities.data]).toEqual(before);
  });
});

function mean(values: Int32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
