import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adasyn } from '../../../src/resample/over/adasyn.ts';
import { numpySum } from '../../../src/resample/over/numpy-sum.ts';
import { countsByLabel, labelsOf, rowsOf } from '../data.ts';
import { allRows, type DenseDataset, griddedSets, nearest, overlappingSet } from '../under/oracles.ts';

/** How many of the k nearest rows are of another class, from the definition. */
const othersAround = (data: DenseDataset, row: number, k: number) =>
  nearest(data.X, row, k, allRows(data)).filter((each) => data.y.codes[each] !== data.y.codes[row]).length;

describe('adasyn', () => {
  it('shares the new rows in proportion to the neighbours of other classes, exactly', async () => {
    await fc.assert(
      fc.asyncProperty(griddedSets, fc.integer({ min: 1, max: 6 }), fc.nat(99), async (data, k, seed) => {
        const sizes = countsByLabel(data.y);
        if ([...sizes.values()].includes(1)) return;
        const { data: made, provenance, notices } = await adasyn({ nNeighbors: k, seed }).resample(data);
        const used = Math.min(k, data.X.rows - 1);
        data.y.classes.forEach((label, code) => {
          const rows = allRows(data).filter((row) => data.y.codes[row] === code);
          const added = Math.max(...sizes.values()) - rows.length;
          const weights = rows.map((row) => othersAround(data, row, used));
          const sum = weights.reduce((total, weight) => total + weight, 0);
          const pure = notices.some((notice) => notice.code === 'no-border-rows' && notice.class === label);
          if (added > 0) expect(pure).toBe(sum === 0);
          rows.forEach((row, i) => {
            const uses = provenance.base.filter((base) => base === row).length;
            const share = sum === 0 ? added / rows.length : (added * weights[i]!) / sum;
            expect(Math.abs(uses - share)).toBeLessThan(1);
          });
        });
        for (let i = data.X.rows; i < made.X.rows; i++) {
          const [base, neighbour] = [provenance.base[i]!, provenance.neighbour[i]!];
          const own = allRows(data).filter((row) => data.y.codes[row] === made.y.codes[i]);
          expect(nearest(data.X, base, Math.min(k, own.length - 1), own)).toContain(neighbour);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('breaks ties of remainders at random, not by the order of the rows', async () => {
    // Every row of b has the same neighbours of the other class: two new rows for eight equal claims.
    const X = rowsOf(Array.from({ length: 20 }, (_, i) => [1000 * i, i % 2]).flatMap((row) => [row, [row[0]! + 1, 1]]));
    const labels = Array.from({ length: 40 }, (_, i) => (i % 2 === 1 && i < 16 ? 'b' : 'a'));
    const data = { X, y: labelsOf(labels) };
    const seen = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const { provenance } = await adasyn({ seed, nNeighbors: 1, samplingStrategy: { b: 10 } }).resample(data);
      for (const base of provenance.base.subarray(40)) seen.add(base);
    }
    expect(seen.size).toBe(8);
  });

  it('goes on with SMOTE where a class has no neighbour of another; imbalanced-learn stops for all classes', async () => {
    const data = overlappingSet(2, ['a', 'b', 'c'], [40, 20, 9]);
    const far = data.X.data.map((value, i) => (data.y.codes[Math.floor(i / 3)] === 2 ? value + 1000 : value));
    const moved = { ...data, X: { ...data.X, data: far } };
    const { data: made, notices } = await adasyn({ seed: 1 }).resample(moved);
    expect(Object.fromEntries(countsByLabel(made.y))).toEqual({ a: 40, b: 40, c: 40 });
    expect(notices).toMatchObject([{ code: 'no-border-rows', class: 'c', numbers: { rows: 9, neighbours: 5 } }]);
    const peer = adasyn({ seed: 1, compat: 'imbalanced-learn' }).resample(moved);
    await expect(peer).rejects.toMatchObject({ code: 'no-border-rows', details: { class: 'c' } });
  });

  it('reaches the asked number where imbalanced-learn rounds past it', async () => {
    const data = overlappingSet(6);
    const samplingStrategy = { c: 25 };
    const ours = await adasyn({ seed: 0, samplingStrategy }).resample(data);
    expect(countsByLabel(ours.data.y).get('c')).toBe(25);
    expect(ours.notices).toEqual([]);
    const peer = await adasyn({ seed: 0, samplingStrategy, compat: 'imbalanced-learn' }).resample(data);
    const made = countsByLabel(peer.data.y).get('c')!;
    expect(made).not.toBe(25);
    expect(peer.notices).toMatchObject([{ code: 'count-not-reached', class: 'c', numbers: { rows: made, asked: 25 } }]);
  });

  it('refuses options that make no sense', () => {
    expect(() => adasyn({ nNeighbors: 1.5 })).toThrow('nNeighbors must be a whole number of at least 1');
    expect(() => adasyn({ kNeighbors: 5 } as object)).toThrow('adasyn has no option "kNeighbors"');
  });
});

describe('numpySum', () => {
  it('adds in numpy’s order', () => {
    // From numpy 2.4.6: float(np.sum(1 / np.arange(1, n + 1))).
    const harmonic = (n: number) => numpySum(Float64Array.from({ length: n }, (_, i) => 1 / (i + 1)));
    expect(Object.fromEntries([5, 9, 100, 129, 1000, 12345].map((n) => [n, harmonic(n)]))).toEqual({
      5: 2.283333333333333,
      9: 2.8289682539682537,
      100: 5.187377517639621,
      129: 5.440899030573669,
      1000: 7.485470860550345,
      12345: 9.998262568361625,
    });
  });
});
