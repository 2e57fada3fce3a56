import { describe, expect, it } from 'vitest';
import { oneSidedSelection } from '../../../src/resample/under/one-sided-selection.ts';
import { allRows, classify, type DenseDataset, overlappingSet, tomekOracle } from './oracles.ts';

/** The rows that a store misclassifies join it at once; then Tomek links go among what is kept. */
function onceFrom(data: DenseDataset, store: readonly number[], targets: readonly number[]): number[] {
  const kept = allRows(data).filter((row) => {
    return store.includes(row) || classify(data, row, store) !== data.y.codes[row];
  });
  return tomekOracle(data, targets, kept);
}

describe('oneSidedSelection', () => {
  it('keeps a drawn row, what it and the smallest class misclassify, less the Tomek links among these', async () => {
    for (let seed = 0; seed < 8; seed++) {
      const data = overlappingSet(seed, ['a', 'b']);
      const { source } = await oneSidedSelection({ seed }).select(data);
      const of = (code: number) => allRows(data).filter((row) => data.y.codes[row] === code);
      const results = of(0).map((start) => onceFrom(data, [...of(1), start], [0]).join());
      expect(results).toContain([...source].join());
    }
  });

  it('with several classes, sets all against all', async () => {
    const data = overlappingSet(2, ['a', 'b', 'c'], [16, 10, 7]);
    const { source } = await oneSidedSelection({ seed: 1 }).select(data);
    const of = (code: number) => allRows(data).filter((row) => data.y.codes[row] === code);
    const results = of(0).flatMap((a) => of(1).map((b) => onceFrom(data, [...of(2), a, b], [0, 1]).join()));
    expect(results).toContain([...source].join());
  });

  it('draws no row twice, where imbalanced-learn may', async () => {
    const data = overlappingSet(3, ['a', 'b']);
    const options = { nSeedsS: 30, seed: 1 };
    const { source } = await oneSidedSelection(options).select(data);
    expect(new Set(source).size).toBe(source.length);
    const peer = await oneSidedSelection({ ...options, compat: 'imbalanced-learn' }).select(data);
    expect(new Set(peer.source).size).toBeLessThan(peer.source.length);
  });

  it('keeps all rows of the other classes', async () => {
    const data = overlappingSet(4);
    const { dropped } = await oneSidedSelection({ samplingStrategy: ['b'] }).select(data);
    for (const row of dropped) expect(data.y.codes[row]).toBe(1);
  });
});
