import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tomekLinks } from '../../../src/resample/under/tomek-links.ts';
import { labelsOf, rowsOf } from '../data.ts';
import { allRows, autoTargets, griddedSets, overlappingSet, tomekOracle } from './oracles.ts';

describe('tomekLinks', () => {
  it('removes the larger classes’ rows of mutual nearest neighbours of different classes, and no others', async () => {
    await fc.assert(
      fc.asyncProperty(griddedSets, async (data) => {
        const { source } = await tomekLinks().select(data);
        expect([...source]).toEqual(tomekOracle(data, autoTargets(data), allRows(data)));
      }),
      { numRuns: 150 },
    );
  });

  it('removes both rows of a link between targeted classes, and neither where none is', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const data = overlappingSet(seed);
      const all = await tomekLinks({ samplingStrategy: 'all' }).select(data);
      expect([...all.source]).toEqual(tomekOracle(data, [0, 1, 2], allRows(data)));
      const one = await tomekLinks({ samplingStrategy: ['b'] }).select(data);
      expect([...one.source]).toEqual(tomekOracle(data, [1], allRows(data)));
    }
  });

  it('takes a duplicate for a neighbour and never the row itself', async () => {
    // Rows 0 and 1 are equal and of different classes: each is the other's nearest row, by definition a link. A search that
    // drops the first of two hits may drop the other row and leave the row as its own neighbour.
    const data = {
      X: rowsOf([
        [0, 0],
        [0, 0],
        [5, 5],
        [5, 6],
        [9, 9],
      ]),
      y: labelsOf(['a', 'b', 'a', 'a', 'b']),
    };
    const { source } = await tomekLinks({ samplingStrategy: 'all' }).select(data);
    expect([...source]).toEqual([2, 3, 4]);
  });

  it('says so when there is no link', async () => {
    const data = { X: rowsOf([[0], [1], [10], [11], [12]]), y: labelsOf(['a', 'a', 'b', 'b', 'b']) };
    const { notices, dropped } = await tomekLinks().select(data);
    expect(dropped.length).toBe(0);
    expect(notices).toMatchObject([{ code: 'nothing-removed', severity: 'info' }]);
  });

  it('refuses options it has not, and targets per class', async () => {
    const options: object = { nNeighbors: 2 };
    expect(() => tomekLinks(options)).toThrow('tomek-links has no option "nNeighbors"');
    const perClass = tomekLinks({ samplingStrategy: { a: 3 } }).resample(overlappingSet(1));
    await expect(perClass).rejects.toMatchObject({ code: 'bad-option' });
  });
});
