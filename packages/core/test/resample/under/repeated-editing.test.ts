import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allKnn } from '../../../src/resample/under/all-knn.ts';
import { repeatedEditedNearestNeighbours } from '../../../src/resample/under/repeated-edited-nearest-neighbours.ts';
import { gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import {
  allRows,
  autoTargets,
  type DenseDataset,
  editOracle,
  griddedSets,
  overlappingSet,
  sizesOf,
  smallest,
} from './oracles.ts';

/** Round after round on what is left, with k of each round, ending as documented. */
function roundsOracle(
  data: DenseDataset,
  ks: readonly number[],
  kindSel: 'all' | 'mode',
  { untilSettled, allowMinority = false }: { untilSettled: boolean; allowMinority?: boolean },
): number[] {
  const sizes = sizesOf(data);
  const rare = smallest(data);
  let left = allRows(data);
  for (const k of ks) {
    const next = editOracle(data, autoTargets(data), left, k, kindSel);
    const settled = next.length === left.length;
    left = next;
    if (settled && untilSettled) break;
    const now = sizes.map((_, code) => left.filter((row) => data.y.codes[row] === code).length);
    if (now.includes(0)) break;
    if (!allowMinority && now.some((size, code) => code !== rare && size < sizes[rare]!)) break;
  }
  return left;
}

const settings = fc.record({
  k: fc.integer({ min: 1, max: 4 }),
  kindSel: fc.constantFrom('all' as const, 'mode' as const),
});

describe('repeatedEditedNearestNeighbours', () => {
  it('edits what is left until nothing goes or a class falls below the smallest', async () => {
    await fc.assert(
      fc.asyncProperty(griddedSets, settings, fc.integer({ min: 1, max: 6 }), async (data, { k, kindSel }, maxIter) => {
        const { source } = await repeatedEditedNearestNeighbours({ nNeighbors: k, kindSel, maxIter }).select(data);
        const ks = new Array<number>(maxIter).fill(k);
        expect([...source]).toEqual(roundsOracle(data, ks, kindSel, { untilSettled: true }));
      }),
      { numRuns: 150 },
    );
  });

  it('goes on for many rounds on large overlapping classes, each on what is left', async () => {
    const { X, y } = gaussianDataset(
      [
        ['a', 300],
        ['b', 40],
      ],
      2,
      8,
    );
    const data = { X: { ...X, data: X.data.map((value, i) => value - 1.2 * y.codes[i >> 1]!) }, y };
    const { source, notices } = await repeatedEditedNearestNeighbours({ nNeighbors: 5, kindSel: 'all' }).select(data);
    expect([...source]).toEqual(roundsOracle(data, new Array<number>(100).fill(5), 'all', { untilSettled: true }));
    expect(notices).toEqual([]);
    const two = await repeatedEditedNearestNeighbours({ nNeighbors: 5, kindSel: 'all', maxIter: 2 }).select(data);
    expect(two.source.length).toBeGreaterThan(source.length);
    expect(two.notices).toMatchObject([{ code: 'not-settled', numbers: { rounds: 2 } }]);
  });

  it('tells the right rows when the first round removes nothing and the labels are not sorted', async () => {
    // There imbalanced-learn applies the order of the classes twice and names the wrong rows.
    const X = rowsOf([[10], [0], [11], [1], [12], [2], [13], [14]]);
    const data = { X, y: labelsOf([1, 0, 1, 0, 1, 0, 1, 1]) };
    for (const compat of [undefined, 'imbalanced-learn'] as const) {
      const { data: made, provenance } = await repeatedEditedNearestNeighbours({ nNeighbors: 2, compat }).resample(
        data,
      );
      expect(provenance.dropped.length).toBe(0);
      provenance.source.forEach((row, i) => {
        expect(rowAt(made.X, i)).toEqual(rowAt(X, row));
        expect(made.y.codes[i]).toBe(data.y.codes[row]);
      });
      if (compat) expect([...provenance.source]).toEqual([1, 3, 5, 0, 2, 4, 6, 7]);
    }
  });

  it('says which class ended it', async () => {
    const { notices } = await repeatedEditedNearestNeighbours().select(overlappingSet(5));
    expect(notices.map(({ code }) => code)).toContain('stopped-early');
    expect(notices.find(({ code }) => code === 'stopped-early')).toMatchObject({
      class: 'b',
      numbers: { smallest: 12 },
    });
  });
});

describe('allKnn', () => {
  it('edits with 1, 2, … neighbours in turn', async () => {
    await fc.assert(
      fc.asyncProperty(griddedSets, settings, fc.boolean(), async (data, { k, kindSel }, allowMinority) => {
        const { source } = await allKnn({ nNeighbors: k, kindSel, allowMinority }).select(data);
        const ks = Array.from({ length: k }, (_, i) => i + 1);
        expect([...source]).toEqual(roundsOracle(data, ks, kindSel, { untilSettled: false, allowMinority }));
      }),
      { numRuns: 150 },
    );
  });

  it('removes more when classes may become the smallest', async () => {
    const data = overlappingSet(5);
    const options = { nNeighbors: 5 };
    const stopped = await allKnn(options).select(data);
    const free = await allKnn({ ...options, allowMinority: true }).select(data);
    expect(free.source.length).toBeLessThan(stopped.source.length);
  });
});
