import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spider } from '../../../src/resample/under/spider.ts';
import { labelsOf, rowsOf } from '../data.ts';
import {
  allRows,
  autoTargets,
  type DenseDataset,
  griddedSets,
  mostCommon,
  nearest,
  overlappingSet,
  smallest,
} from './oracles.ts';

type Kind = 'weak' | 'relabel' | 'strong';

/** The paper's algorithm: rows of the output with their labels, as `row:code`, sorted. */
function spiderOracle(data: DenseDataset, kind: Kind, k: number): string[] {
  const { X, y } = data;
  const rare = smallest(data);
  const majority = (row: number) => autoTargets(data).includes(y.codes[row]!);
  const near = (row: number, count: number) => nearest(X, row, count, allRows(data));
  const correct = (row: number, count: number) =>
    mostCommon(near(row, count).map((other) => y.codes[other]!)) === y.codes[row];
  const safe = allRows(data).map((row) => correct(row, k));
  const removed = new Set(allRows(data).filter((row) => majority(row) && !safe[row]));
  const changed = new Set<number>();
  const output: string[] = [];
  const amplify = (row: number, count: number) => {
    for (const other of near(row, count)) if (majority(other) && safe[other]) output.push(`${row}:${rare}`);
  };
  for (const row of allRows(data).filter((each) => y.codes[each] === rare)) {
    if (kind === 'strong') amplify(row, safe[row] || correct(row, k + 2) ? k : k + 2);
    else if (!safe[row]) amplify(row, k);
    if (kind !== 'relabel' || safe[row]) continue;
    for (const other of near(row, k)) if (majority(other) && !safe[other]) changed.add(other);
  }
  for (const row of allRows(data)) {
    if (changed.has(row)) output.push(`${row}:${rare}`);
    else if (!removed.has(row)) output.push(`${row}:${y.codes[row]}`);
  }
  return output.sort();
}

describe('spider', () => {
  it('repeats, relabels and removes what the paper says', async () => {
    const settings = fc.record({
      kind: fc.constantFrom<Kind>('weak', 'relabel', 'strong'),
      k: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(griddedSets, settings, async (data, { kind, k }) => {
        const { data: made, provenance } = await spider({ kind, nNeighbors: k }).resample(data);
        const rows = [...provenance.source].map((row, i) => `${row}:${made.y.codes[i]}`);
        expect(rows.sort()).toEqual(spiderOracle(data, kind, Math.min(k, data.X.rows - 1)));
      }),
      { numRuns: 150 },
    );
  });

  it('says how many rows changed over', async () => {
    const { data, provenance, notices } = await spider({ kind: 'relabel' }).resample(overlappingSet(5));
    const before = overlappingSet(5).y.codes;
    const changed = [...provenance.source].filter((row, i) => data.y.codes[i] !== before[row]).length;
    expect(changed).toBeGreaterThan(0);
    expect(notices.find(({ code }) => code === 'relabelled')).toMatchObject({ class: 'c', numbers: { rows: changed } });
  });

  it('does nothing where all rows are safe, and says so', async () => {
    const X = rowsOf([[0], [1], [2], [3], [100], [101], [102], [103], [104]]);
    const y = labelsOf([...new Array(4).fill('rare'), ...new Array(5).fill('common')]);
    const { provenance, notices } = await spider().resample({ X, y });
    expect([...provenance.source]).toEqual([...y.codes.keys()]);
    expect(notices).toMatchObject([{ code: 'nothing-removed' }]);
  });
});
