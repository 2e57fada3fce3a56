import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthestDistanceSums } from '../../../src/resample/under/farthest-distances.ts';
import { nearMiss } from '../../../src/resample/under/near-miss.ts';
import { smallestOf } from '../../../src/resample/under/smallest-of.ts';
import { countsByLabel, gaussianDataset, labelsOf, rowsOf, toSparse } from '../data.ts';
import {
  allRows,
  autoTargets,
  type DenseDataset,
  distance,
  griddedSets,
  nearest,
  overlappingSet,
  smallest,
} from './oracles.ts';

interface Setting {
  readonly version: 1 | 2 | 3;
  readonly k: number;
  readonly wide: number;
}

/** Rows that stay, ascending. `keep`: rows a class that stay, by code. */
function nearMissOracle(
  data: DenseDataset,
  keep: ReadonlyMap<number, number>,
  { version, k, wide }: Setting,
): number[] {
  const of = (code: number) => allRows(data).filter((row) => data.y.codes[row] === code);
  const rare = of(smallest(data));
  const score = (row: number) => {
    const apart = rare
      .filter((other) => other !== row)
      .map((other) => distance(data.X, row, other))
      .sort((a, b) => a - b);
    const chosen = version === 2 ? apart.slice(Math.max(0, apart.length - k)) : apart.slice(0, k);
    return chosen.reduce((sum, each) => sum + each, 0);
  };
  const sign = version === 3 ? -1 : 1;
  return [...data.y.classes.keys()]
    .flatMap((code) => {
      const count = keep.get(code);
      if (count === undefined) return of(code);
      const pool = version === 3 ? [...new Set(rare.flatMap((row) => nearest(data.X, row, wide, of(code))))] : of(code);
      const scored = pool.map((row) => ({ row, value: sign * score(row) }));
      return scored
        .sort((a, b) => a.value - b.value || a.row - b.row)
        .slice(0, count)
        .map(({ row }) => row);
    })
    .sort((a, b) => a - b);
}

const settings: fc.Arbitrary<Setting> = fc.record({
  version: fc.constantFrom(1 as const, 2 as const, 3 as const),
  k: fc.integer({ min: 1, max: 4 }),
  wide: fc.integer({ min: 1, max: 5 }),
});

const optionsOf = ({ version, k, wide }: Setting) => ({ version, nNeighbors: k, nNeighborsVer3: wide });

describe('nearMiss', () => {
  it('keeps the rows with the smallest, or for version 3 the largest, sums of distances to the smallest class', async () => {
    await fc.assert(
      fc.asyncProperty(griddedSets, settings, async (data, setting) => {
        const { source } = await nearMiss(optionsOf(setting)).select(data);
        const least = Math.min(...countsByLabel(data.y).values());
        const keep = new Map(autoTargets(data).map((code) => [code, least]));
        expect([...source]).toEqual(nearMissOracle(data, keep, setting));
      }),
      { numRuns: 200 },
    );
  });

  it('does not count a row of the smallest class as its own neighbour', async () => {
    for (const version of [1, 2, 3] as const) {
      const data = overlappingSet(3);
      const setting = { version, k: 3, wide: 3 };
      const { source } = await nearMiss({ ...optionsOf(setting), samplingStrategy: { c: 5, a: 30 } }).select(data);
      const keep = new Map([
        [2, 5],
        [0, 30],
      ]);
      expect([...source]).toEqual(nearMissOracle(data, keep, setting));
    }
  });

  it('tells the three versions apart', async () => {
    // The rare class lies at 0 and 10. Row 2 is nearest to one of its rows, row 3 to both together.
    const data = { X: rowsOf([[0], [10], [-1], [5], [4], [30]]), y: labelsOf(['r', 'r', 'm', 'm', 'm', 'm']) };
    const kept = async (version: 1 | 2 | 3) => {
      const options = { version, nNeighbors: 1, nNeighborsVer3: 2, samplingStrategy: { m: 1 } };
      return [...(await nearMiss(options).select(data)).source].slice(2);
    };
    expect(await kept(1)).toEqual([2]);
    expect(await kept(2)).toEqual([3]);
    expect(await kept(3)).toEqual([3]);
  });

  it('says when version 3 sees fewer rows than are to stay, and fills up at random where told', async () => {
    const data = {
      X: rowsOf([[0], [1], [2], [9], [10], [11], [12], [13]]),
      y: labelsOf(['r', 'r', 'r', 'm', 'm', 'm', 'm', 'm']),
    };
    const options = { version: 3, nNeighborsVer3: 1, nNeighbors: 1, samplingStrategy: { m: 3 } } as const;
    const fewer = await nearMiss(options).select(data);
    expect([...fewer.source]).toEqual([0, 1, 2, 3]);
    expect(fewer.notices).toMatchObject([{ code: 'fewer-than-asked', class: 'm', numbers: { found: 1, asked: 3 } }]);
    const filled = await nearMiss({ ...options, onTooFew: 'random', seed: 5 }).select(data);
    expect(filled.source.length).toBe(6);
    expect(filled.source).toContain(3);
    expect(filled.notices).toMatchObject([{ code: 'filled-at-random' }]);
    const strict = nearMiss({ ...options, onTooFew: 'error' }).select(data);
    await expect(strict).rejects.toMatchObject({ code: 'too-few-rows', details: { class: 'm' } });
  });

  it('looks at all of a smallest class that has fewer rows than k, with a notice', async () => {
    const data = { X: rowsOf([[0], [5], [1], [7], [2]]), y: labelsOf(['r', 'm', 'm', 'm', 'm']) };
    const { source, notices } = await nearMiss().select(data);
    expect([...source]).toEqual([0, 2]);
    expect(notices).toMatchObject([{ code: 'k-clamped', numbers: { asked: 3, used: 1 } }]);
    const peer = nearMiss({ compat: 'imbalanced-learn' }).select(data);
    await expect(peer).rejects.toMatchObject({ code: 'too-few-rows' });
  });

  it('finds the farthest rows of larger sets by all pairs, dense and sparse', async () => {
    const data = gaussianDataset(
      [
        ['a', 600],
        ['b', 150],
      ],
      4,
      6,
    );
    const setting = { version: 2, k: 5, wide: 1 } as const;
    const expected = nearMissOracle(data, new Map([[0, 150]]), setting);
    expect([...(await nearMiss(optionsOf(setting)).select(data)).source]).toEqual(expected);
    const sparse = await nearMiss(optionsOf(setting)).select({ ...data, X: toSparse(data.X) });
    expect([...sparse.source]).toEqual(expected);
  });
});

describe('features whose distances are no numbers', () => {
  it.each([1, 2, 3] as const)('stop version %d', async (version) => {
    const data = { X: rowsOf([[-1e200], [1], [2], [1e200], [3]]), y: labelsOf(['r', 'r', 'm', 'm', 'm']) };
    const all = nearMiss({ version, nNeighbors: 2, samplingStrategy: { m: 3 } }).select(data);
    await expect(all).rejects.toMatchObject({ code: 'distance-overflow' });
  });
});

describe('farthestDistanceSums', () => {
  it('gives up at a limit that the sum exceeds, and only there', () => {
    const { X } = gaussianDataset([['a', 300]], 5, 2);
    const sumOf = farthestDistanceSums(X, 4);
    for (let row = 0; row < 50; row++) {
      const sum = sumOf(X.data, row * 5);
      expect(sumOf(X.data, row * 5, sum)).toBe(sum);
      expect(sumOf(X.data, row * 5, sum * (1 - 1e-12))).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it('is the sum of the k largest distances, also among duplicates and on lines', () => {
    const coordinate = fc.integer({ min: -4, max: 4 });
    const row = fc.tuple(coordinate, coordinate, fc.constant(2));
    const sets = fc.record({
      points: fc.array(row, { minLength: 1, maxLength: 120 }),
      queries: fc.array(row, { minLength: 1 }),
    });
    fc.assert(
      fc.property(sets, fc.integer({ min: 1, max: 6 }), ({ points, queries }, asked) => {
        const k = Math.min(asked, points.length);
        const sumOf = farthestDistanceSums(rowsOf(points), k);
        const from = rowsOf(queries);
        queries.forEach((query, i) => {
          const apart = points.map((point) => Math.hypot(...point.map((value, j) => value - query[j]!)));
          const largest = apart.sort((a, b) => b - a).slice(0, k);
          const expected = largest.reduce((sum, each) => sum + each, 0);
          expect(sumOf(from.data, i * 3)).toBeCloseTo(expected, 12);
        });
      }),
    );
  });
});

describe('smallestOf', () => {
  it('knows the largest of the smallest so far', () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 12 }), (offered, count) => {
        const kept = smallestOf(count);
        offered.forEach((value, i) => {
          kept.offer(value);
          const sorted = offered.slice(0, i + 1).sort((a, b) => a - b);
          expect(kept.largest()).toBe(i + 1 < count ? Number.POSITIVE_INFINITY : sorted[count - 1]);
        });
      }),
    );
  });
});
