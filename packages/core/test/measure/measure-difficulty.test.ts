import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { type Difficulty, measureDifficulty } from '../../src/measure/measure-difficulty.ts';
import { nearestNeighbours } from '../../src/neighbors/nearest-neighbours.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { toSparse } from '../learn/helpers.ts';
import { clouds, find, type LabelledSet, labelled, permuted, renamed, tied, transformed } from './difficulty-sets.ts';

const measure = (data: LabelledSet) => measureDifficulty(data, { find });

/** Every measure of the whole and of each class that is no draw of lots, by name. */
function summary(found: Difficulty): Record<string, number | null> {
  const flat: Record<string, number | null> = {};
  const visit = (name: string, item: unknown): void => {
    if (typeof item === 'number' || item === null) flat[name] = item;
    else if (typeof item === 'object' && !ArrayBuffer.isView(item)) {
      for (const [key, part] of Object.entries(item as object)) visit(`${name}.${key}`, part);
    }
  };
  const { types, disagreement, rValue, bayesImpact, duplicates } = found.neighbourhood;
  const { n4: _n4, ...border } = found.border;
  const { l3: _l3, ...linear } = found.linearity;
  visit('', [types, disagreement, rValue, bayesImpact.value, duplicates.share, found.overlap, border, linear]);
  visit('.d', found.dimensionality);
  return flat;
}

function expectSame(a: Record<string, number | null>, b: Record<string, number | null>): void {
  expect(Object.keys(a)).toEqual(Object.keys(b));
  for (const [name, value] of Object.entries(a)) {
    if (value === null) expect(b[name], name).toBeNull();
    else expect(b[name], name).toBeCloseTo(value, 7);
  }
}

describe('measureDifficulty', () => {
  const data = clouds([70, 25, 12], 3, 2);

  it('does not hang on the order of rows, nor on shifts and a common scale', async () => {
    const expected = summary(await measure(data));
    const order = randomStream(5, 'order').permutation(data.X.rows);
    expectSame(expected, summary(await measure(permuted(data, order))));
    expectSame(expected, summary(await measure(transformed(data, (value, f) => 8 * value + 16 * f))));
  });

  it('gives each class what is its own when classes are renamed, drawn measures included', async () => {
    const [found, other] = [await measure(data), await measure(renamed(data))];
    const pairs = [
      [found.neighbourhood.disagreement.kdn, other.neighbourhood.disagreement.kdn],
      [found.overlap.f1, other.overlap.f1],
      [found.overlap.f2, other.overlap.f2],
      [found.overlap.f4, other.overlap.f4],
      [found.border.n1, other.border.n1],
      [found.border.n4, other.border.n4],
      [found.border.t1, other.border.t1],
      [found.linearity.l1, other.linearity.l1],
      [found.linearity.l3, other.linearity.l3],
      [found.dimensionality.t3, other.dimensionality.t3],
    ] as const;
    for (const [a, b] of pairs) {
      expect(b!.value).toBeCloseTo(a!.value, 8);
      for (const [code, value] of [...a!.perClass].reverse().entries())
        expect(b!.perClass[code]).toBeCloseTo(value!, 8);
    }
    expect(other.neighbourhood.bayesImpact.perRow).toEqual(found.neighbourhood.bayesImpact.perRow);
    expect(other.neighbourhood.types.perRow).toEqual(found.neighbourhood.types.perRow);
  });

  it('takes sparse rows for what they are', async () => {
    const sparse = { X: toSparse(data.X), y: data.y };
    expect(await measureDifficulty(sparse, { find })).toEqual(await measure(data));
  });

  it('finds numbers on every kind of awkward set', async () => {
    const sets = [
      tied(30, 1),
      tied(40, 2, 5),
      labelled(
        [
          [1, 1],
          [1, 1],
          [1, 1],
          [1, 1],
          [1, 1],
          [1, 1],
          [1, 1],
        ],
        [0, 0, 0, 0, 0, 1, 1],
      ),
      labelled([[0], [1]], [0, 1]),
      labelled(
        [
          [0, 5],
          [1, 5],
          [2, 5],
          [3, 5],
          [9, 5],
        ],
        [0, 0, 0, 0, 1],
      ),
      labelled([[], [], []], [0, 1, 1]),
      labelled(
        [
          [1e-200, 1],
          [2e-200, 2],
          [3e-200, 3],
        ],
        [0, 1, 1],
      ),
      // A class without rows.
      labelled([[0], [1], [2], [3]], [0, 0, 2, 2]),
    ];
    for (const set of sets) {
      for (const value of Object.values(summary(await measure(set)))) {
        if (value !== null) expect(Number.isFinite(value)).toBe(true);
      }
    }
    const gap = await measure(sets.at(-1)!);
    expect(gap.overlap.f3.perClass[1]).toBeNull();
    expect(gap.neighbourhood.types.perClass[1]).toBeNull();
  });

  it('keeps shares between 0 and 1 and types adding up to 1', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 8, max: 40 }), async (seed, rows) => {
        const { neighbourhood, overlap, border, linearity } = await measure(tied(rows, seed, 2 + (seed % 3)));
        const shares = [...Object.values(overlap), ...Object.values(border), ...Object.values(linearity)];
        for (const share of [...shares, neighbourhood.disagreement.kdn, neighbourhood.rValue]) {
          for (const value of [share!.value, ...share!.perClass]) {
            if (value === null) continue;
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
          }
        }
        for (const types of [neighbourhood.types.shares, ...neighbourhood.types.perClass]) {
          expect(Object.values(types!).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('samples large sets by the seed, says so, and keeps rare classes whole', async () => {
    const large = clouds([1500, 60], 2, 4, 0.6);
    const limits = { find, mostQueries: 300, mostPairRows: 200 };
    const found = await measureDifficulty(large, limits);
    expect(found.notices.map(({ code, numbers }) => [code, numbers])).toEqual([
      ['difficulty-sampled', { rows: 300, of: 1560 }],
      ['difficulty-sampled', { rows: 202, of: 1560 }],
    ]);
    expect(found.neighbourhood.bayesImpact.rows.length).toBe(60);
    expect(found.neighbourhood.smallDisjuncts.map((of) => of === null)).toEqual([true, false]);
    expect(found.dimensionality.t2.value).toBe(2 / 1560);
    const whole = await measure(large);
    expect(found.neighbourhood.bayesImpact).toEqual(whole.neighbourhood.bayesImpact);
    expect(found.neighbourhood.disagreement.kdn.perClass[1]).toBe(whole.neighbourhood.disagreement.kdn.perClass[1]);
    expect(found.neighbourhood.disagreement.kdn.value).toBeCloseTo(whole.neighbourhood.disagreement.kdn.value, 1.5);
    expect(await measureDifficulty(large, limits)).toEqual(found);
    expect((await measureDifficulty(large, { ...limits, seed: 1 })).neighbourhood.rows).not.toEqual(
      found.neighbourhood.rows,
    );
  });

  it('leaves F1v out where it would take too long on enough rows to mean anything', async () => {
    const wide = labelled(
      Array.from({ length: 700 }, (_, i) => Array.from({ length: 600 }, (_, f) => Math.sin(i * f + i))),
      Array.from({ length: 700 }, (_, i) => (i % 3 ? 0 : 1)),
    );
    const found = await measureDifficulty(wide, { find, mostPairRows: 50 });
    expect(found.overlap.f1v).toBeNull();
    expect(found.notices.map(({ code }) => code)).toContain('difficulty-left-out');
    expect(found.overlap.f1.value).toBeGreaterThan(0);
  });

  it('warns of columns on other scales, not of rare levels', async () => {
    const wide = transformed(data, (value, f) => (f === 1 ? 5000 * value : value));
    expect((await measure(wide)).notices).toMatchObject([{ code: 'unscaled-columns', severity: 'warning' }]);
    const rows = Array.from({ length: 400 }, (_, i) => [i === 7 ? 0.001 : 0, Math.sin(i) * 50]);
    expect(
      (
        await measure(
          labelled(
            rows,
            rows.map((_, i) => i % 2),
          ),
        )
      ).notices,
    ).toEqual([]);
  });

  it('refuses what it cannot measure', async () => {
    const refused = async (set: LabelledSet, code: string) =>
      expect(measure(set)).rejects.toMatchObject({ name: 'CounterweightError', code });
    await refused(labelled([[1], [2]], [0, 0]), 'one-class');
    await refused(labelled([[1], [Number.NaN]], [0, 1]), 'not-finite');
    await refused(labelled([[1], [2], [1e150]], [0, 1, 1]), 'out-of-range');
    await refused({ X: matrix(new Float64Array(3), 3, 1), y: data.y }, 'shape-mismatch');
    await expect(measureDifficulty(data, { find, mostQueries: 1 })).rejects.toMatchObject({ code: 'bad-option' });
    await expect(measureDifficulty(data, { find, k: 0 })).rejects.toMatchObject({ code: 'bad-option' });
    const stop = new AbortController();
    stop.abort();
    await expect(measureDifficulty(data, { find }, { signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  it('takes any search for neighbours of this shape', async () => {
    let asked = 0;
    const counting: typeof find = (search, options) => {
      asked++;
      return nearestNeighbours(search, options);
    };
    expect(await measureDifficulty(data, { find: counting })).toEqual(await measure(data));
    expect(asked).toBeGreaterThan(1);
  });
});
