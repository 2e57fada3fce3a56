import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neighbourhoodCleaningRule } from '../../../src/resample/under/neighbourhood-cleaning-rule.ts';
import { tomekLinks } from '../../../src/resample/under/tomek-links.ts';
import { labelsOf, rowsOf } from '../data.ts';
import {
  allRows,
  autoTargets,
  type DenseDataset,
  editOracle,
  griddedSets,
  mostCommon,
  nearest,
  overlappingSet,
  sizesOf,
  smallest,
} from './oracles.ts';

/** Neighbours, of large enough targeted classes, of the rows of the smallest class that their neighbours misjudge. */
function around(data: DenseDataset, k: number, threshold: number): Set<number> {
  const rare = smallest(data);
  const sizes = sizesOf(data);
  const cleaned = autoTargets(data).filter((code) => sizes[code]! >= threshold * sizes[rare]!);
  const found = new Set<number>();
  for (const row of allRows(data)) {
    if (data.y.codes[row] !== rare) continue;
    const near = nearest(data.X, row, k, allRows(data));
    if (mostCommon(near.map((other) => data.y.codes[other]!)) === rare) continue;
    for (const other of near) if (cleaned.includes(data.y.codes[other]!)) found.add(other);
  }
  return found;
}

describe('neighbourhoodCleaningRule', () => {
  it('removes what most neighbours disagree with, and the large classes’ rows around misjudged rare ones', async () => {
    const settings = fc.record({ k: fc.integer({ min: 1, max: 5 }), threshold: fc.constantFrom(0.5, 1, 1.5, 2, 3) });
    await fc.assert(
      fc.asyncProperty(griddedSets, settings, async (data, { k, threshold }) => {
        const ncr = neighbourhoodCleaningRule({ nNeighbors: k, thresholdCleaning: threshold });
        const { source } = await ncr.select(data);
        const edited = editOracle(data, autoTargets(data), allRows(data), k, 'mode');
        const second = around(data, k, threshold);
        expect([...source]).toEqual(edited.filter((row) => !second.has(row)));
      }),
      { numRuns: 150 },
    );
  });

  it('cleans a class that is exactly as large as the threshold, as the paper says', async () => {
    // Three rows of b against two of a: 1.5 times as many. Row 0 stands among rows of b, row 4 among rows of c.
    const X = rowsOf([[0], [1], [-1], [2], [50], [51], [52], [53], [54], [55]]);
    const y = labelsOf(['a', 'b', 'b', 'b', 'a', 'c', 'c', 'c', 'c', 'c']);
    const options = { thresholdCleaning: 1.5, nNeighbors: 3 };
    expect([...(await neighbourhoodCleaningRule(options).select({ X, y })).dropped]).toEqual([1, 2, 3, 5, 6, 7]);
    const peer = neighbourhoodCleaningRule({ ...options, compat: 'imbalanced-learn' });
    expect([...(await peer.select({ X, y })).dropped]).toEqual([5, 6, 7]);
  });

  it('takes another method for its first half', async () => {
    const data = overlappingSet(3);
    const first = await tomekLinks().select(data);
    const { source } = await neighbourhoodCleaningRule({ editedNearestNeighbours: tomekLinks() }).select(data);
    const second = around(data, 3, 0.5);
    expect([...source]).toEqual([...first.source].filter((row) => !second.has(row)));
  });

  it('takes strings, where SciPy refuses them', async () => {
    const numbers = await neighbourhoodCleaningRule().select(overlappingSet(4, [0, 1, 2]));
    const words = await neighbourhoodCleaningRule().select(overlappingSet(4, ['one', 'three', 'two']));
    expect(words.source).toEqual(numbers.source);
    expect(words.dropped.length).toBeGreaterThan(5);
  });

  it('refuses a threshold of 0', () => {
    expect(() => neighbourhoodCleaningRule({ thresholdCleaning: 0 })).toThrow(
      'thresholdCleaning must be a number above 0',
    );
  });
});
