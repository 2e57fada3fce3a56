import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editedNearestNeighbours } from '../../../src/resample/under/edited-nearest-neighbours.ts';
import { countsByLabel, labelsOf, rowsOf } from '../data.ts';
import { allRows, autoTargets, editOracle, griddedSets, overlappingSet } from './oracles.ts';

describe('editedNearestNeighbours', () => {
  it('removes what all, or most, neighbours disagree with, ties and duplicates by the stated rule', async () => {
    const settings = fc.record({ k: fc.integer({ min: 1, max: 5 }), kindSel: fc.constantFrom('all', 'mode') });
    await fc.assert(
      fc.asyncProperty(griddedSets, settings, async (data, { k, kindSel }) => {
        const { source } = await editedNearestNeighbours({ nNeighbors: k, kindSel }).select(data);
        expect([...source]).toEqual(editOracle(data, autoTargets(data), allRows(data), k, kindSel));
      }),
      { numRuns: 150 },
    );
  });

  it('cleans the named classes only', async () => {
    const data = overlappingSet(3);
    const { source } = await editedNearestNeighbours({ samplingStrategy: ['c', 'a'] }).select(data);
    expect([...source]).toEqual(editOracle(data, [0, 2], allRows(data), 3, 'all'));
  });

  it('never counts a row as its own neighbour, also among duplicates', async () => {
    // Row 0 has three equal rows of another class. Were it its own neighbour, it would have a friend.
    const data = { X: rowsOf([[1], [1], [1], [1], [50], [51]]), y: labelsOf(['b', 'a', 'a', 'a', 'b', 'b']) };
    const { source } = await editedNearestNeighbours({ samplingStrategy: ['b'], kindSel: 'mode' }).select(data);
    expect([...source].includes(0)).toBe(false);
  });

  it('takes strings with `mode`, where SciPy refuses them', async () => {
    const numbers = overlappingSet(4, [0, 1, 2]);
    const words = overlappingSet(4, ['one', 'three', 'two']);
    for (const compat of [undefined, 'imbalanced-learn'] as const) {
      const enn = editedNearestNeighbours({ kindSel: 'mode', compat });
      const { source } = await enn.select(words);
      expect(source).toEqual((await enn.select(numbers)).source);
      expect(source.length).toBeLessThan(77);
    }
  });

  it('breaks a tie of votes by the nearest neighbour, with compat by the label that sorts first', async () => {
    // The neighbours of row 0, nearest first, are of the classes b, a and c.
    const X = rowsOf([[0], [1], [2], [3], [100], [101], [102], [200], [201]]);
    const y = labelsOf(['b', 'b', 'a', 'c', 'b', 'b', 'b', 'a', 'c']);
    const options = { samplingStrategy: ['b'], kindSel: 'mode' } as const;
    expect([...(await editedNearestNeighbours(options).select({ X, y })).source]).toContain(0);
    const peer = editedNearestNeighbours({ ...options, compat: 'imbalanced-learn' });
    expect([...(await peer.select({ X, y })).source]).not.toContain(0);
  });

  it('clamps k to the rows there are, or stops, as told', async () => {
    const data = { X: rowsOf([[0], [1], [5]]), y: labelsOf(['a', 'a', 'b']) };
    const { notices } = await editedNearestNeighbours({ nNeighbors: 5 }).select(data);
    expect(notices).toMatchObject([
      { code: 'k-clamped', numbers: { asked: 5, used: 2 } },
      { code: 'class-emptied', class: 'a', severity: 'warning' },
    ]);
    const strict = editedNearestNeighbours({ nNeighbors: 5, onTooFew: 'error' }).select(data);
    await expect(strict).rejects.toMatchObject({ code: 'too-few-rows', details: { asked: 5, available: 2 } });
    const peer = editedNearestNeighbours({ compat: 'imbalanced-learn' }).select(data);
    await expect(peer).rejects.toMatchObject({ code: 'too-few-rows' });
  });

  it('keeps each class above a share of the smallest', async () => {
    const data = overlappingSet(5);
    const free = await editedNearestNeighbours().resample(data);
    const least = countsByLabel(free.data.y);
    expect(least.get('b')!).toBeLessThan(12);
    const bounded = await editedNearestNeighbours({ minRatio: 1.5, seed: 3 }).resample(data);
    const counts = countsByLabel(bounded.data.y);
    expect(counts.get('c')).toBe(12);
    expect(counts.get('b')).toBe(18);
    expect(counts.get('a')).toBe(Math.max(18, least.get('a')!));
    const back = bounded.notices.filter(({ code }) => code === 'cleaning-bounded');
    expect(back.map((notice) => notice.class)).toContain('b');
    // Rows come back; none goes that would not have gone.
    const kept = new Set(bounded.provenance.source);
    for (const row of free.provenance.source) expect(kept.has(row)).toBe(true);
    const other = await editedNearestNeighbours({ minRatio: 1.5, seed: 4 }).resample(data);
    expect(other.provenance.source).not.toEqual(bounded.provenance.source);
  });

  it('says plainly that a class smaller than the bound keeps all its rows', async () => {
    const data = overlappingSet(5);
    const { notices, provenance } = await editedNearestNeighbours({ minRatio: 10 }).resample(data);
    expect(provenance.dropped.length).toBe(0);
    expect(notices.map(({ code }) => code)).toEqual(['cleaning-bounded', 'cleaning-bounded']);
    expect(notices[1]!.message).toMatch(
      /^class "b" keeps all its rows \(25\), as minRatio asks for 120: (\d+) of \1 rows to be removed came back$/,
    );
  });

  it('cuts classes down to the share where told to', async () => {
    const data = overlappingSet(6);
    const made = await editedNearestNeighbours({ minRatio: { a: 1.25, b: 1 }, forceMinRatio: true }).resample(data);
    expect(Object.fromEntries(countsByLabel(made.data.y))).toEqual({ a: 15, b: 12, c: 12 });
  });

  it('refuses options that make no sense', () => {
    const bad = (options: object) => () => editedNearestNeighbours(options);
    expect(bad({ nNeighbors: 0 })).toThrow('nNeighbors must be a whole number of at least 1, got 0');
    expect(bad({ kindSel: 'most' })).toThrow('kindSel must be one of all, mode, got most');
    expect(bad({ onTooFew: 'skip' })).toThrow('onTooFew must be one of error, clamp-k, random, got skip');
    expect(bad({ forceMinRatio: true })).toThrow('forceMinRatio needs minRatio');
    expect(bad({ minRatio: 1, compat: 'imbalanced-learn' })).toThrow('minRatio cannot be set with compat');
  });
});
