import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { condensedNearestNeighbour } from '../../../src/resample/under/condensed-nearest-neighbour.ts';
import { labelsOf, rowsOf } from '../data.ts';
import { allRows, classify, type DenseDataset, griddedSets, overlappingSet } from './oracles.ts';
import { peerSet } from './peer-sets.ts';

/** Hart's passes from a given store: rows that it misclassifies join it until none does. */
function hart(data: DenseDataset, start: readonly number[]): number[] {
  const store = [...start];
  for (let added = true; added; ) {
    added = false;
    for (const row of allRows(data)) {
      if (store.includes(row) || classify(data, row, store) === data.y.codes[row]) continue;
      store.push(row);
      added = true;
    }
  }
  return store.sort((a, b) => a - b);
}

const misclassified = (data: DenseDataset, store: readonly number[]) =>
  allRows(data).filter((row) => classify(data, row, store) !== data.y.codes[row]).length;

describe('condensedNearestNeighbour', () => {
  it('is what Hart’s passes make of some drawn row and all rows of the smallest class', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const { X, y } = overlappingSet(seed, ['a', 'b']);
      const { source } = await condensedNearestNeighbour({ seed }).select({ X, y });
      const rare = allRows({ X, y }).filter((row) => y.codes[row] === 1);
      const starts = allRows({ X, y }).filter((row) => y.codes[row] === 0);
      const results = starts.map((start) => hart({ X, y }, [...rare, start]).join());
      expect(results).toContain([...source].join());
    }
  });

  it('with several classes, sets all against all', async () => {
    const data = overlappingSet(2);
    const { source } = await condensedNearestNeighbour({ seed: 1 }).select(data);
    const of = (code: number) => allRows(data).filter((row) => data.y.codes[row] === code);
    const starts = of(0).flatMap((a) => of(1).map((b) => [...of(2), a, b]));
    expect(starts.some((start) => hart(data, start).join() === [...source].join())).toBe(true);
  });

  it('keeps what classifies every row rightly, in sets where imbalanced-learn’s choice does not', async () => {
    let failing = 0;
    for (let number = 0; number < 100; number++) {
      const data = peerSet(number);
      const { source } = await condensedNearestNeighbour({ seed: number }).select(data);
      expect(misclassified(data, [...source])).toBe(0);
      const peer = await condensedNearestNeighbour({ seed: number, compat: 'imbalanced-learn' }).select(data);
      if (misclassified(data, [...peer.source]) > 0) failing++;
    }
    expect(failing).toBeGreaterThan(40);
  });

  it('also on grids, but for equal rows of different classes', async () => {
    await fc.assert(
      fc.asyncProperty(griddedSets, fc.nat(100), async (data, seed) => {
        const { source } = await condensedNearestNeighbour({ seed, samplingStrategy: 'all' }).select(data);
        const places = new Map<string, Set<number>>();
        for (const row of allRows(data)) {
          const place = data.X.data.subarray(2 * row, 2 * row + 2).join();
          places.set(place, (places.get(place) ?? new Set()).add(data.y.codes[row]!));
        }
        const contradictory = allRows(data).filter(
          (row) => places.get(data.X.data.subarray(2 * row, 2 * row + 2).join())!.size > 1,
        );
        const wrong = allRows(data).filter((row) => classify(data, row, [...source]) !== data.y.codes[row]);
        for (const row of wrong) expect(contradictory).toContain(row);
      }),
      { numRuns: 100 },
    );
  });

  it('starts with as many rows of a class as told, or all it has', async () => {
    const data = overlappingSet(7);
    const { source, dropped } = await condensedNearestNeighbour({ nSeedsS: 100 }).select(data);
    expect(source.length).toBe(77);
    expect(dropped.length).toBe(0);
  });

  it('votes among several where told, with fewer while the store is smaller', async () => {
    const data = { X: rowsOf([[0], [1], [2], [3], [9]]), y: labelsOf(['a', 'a', 'a', 'a', 'b']) };
    const { notices } = await condensedNearestNeighbour({ nNeighbors: 3 }).select(data);
    expect(notices).toMatchObject([{ code: 'k-clamped', numbers: { asked: 3, used: 2 } }]);
    const peer = condensedNearestNeighbour({ nNeighbors: 3, compat: 'imbalanced-learn' }).select(data);
    await expect(peer).rejects.toMatchObject({ code: 'too-few-rows' });
  });
});
