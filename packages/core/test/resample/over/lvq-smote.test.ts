import { describe, expect, it } from 'vitest';
import { lvqSmote } from '../../../src/resample/over/lvq-smote.ts';
import { gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import { euclidean, newRows } from './by-hand.ts';

/** With as many codewords as rows of the class, the codewords are the rows, and what can be made is a finite set. */
const data = gaussianDataset(
  [
    ['a', 60],
    ['b', 7],
  ],
  2,
  13,
);
const own = [...data.y.codes.keys()].filter((row) => data.y.codes[row] === 1);
const rows = own.map((row) => rowAt(data.X, row));
const minus = (a: readonly number[], b: readonly number[]) => a.map((value, j) => value - b[j]!);
const plus = (a: readonly number[], b: readonly number[]) => a.map((value, j) => value + b[j]!);

/** For every ordered pair of codewords and every row near the codeword that answers to its first: the row made, and from which. */
function possible(k: number): { readonly point: number[]; readonly base: number }[] {
  return rows.flatMap((a, ai) =>
    rows.flatMap((b, bi) => {
      if (ai === bi) return [];
      const others = [...rows.keys()].filter((i) => i !== ai && i !== bi);
      const pairs = others.flatMap((i) => others.filter((j) => j !== i).map((j) => [i, j] as const));
      const unlike = ([i, j]: readonly [number, number]) => euclidean(minus(a, b), minus(rows[i]!, rows[j]!));
      const [from] = pairs.reduce((best, pair) => (unlike(pair) < unlike(best) ? pair : best));
      return [...rows.keys()]
        .sort((x, y) => euclidean(rows[x]!, rows[from]!) - euclidean(rows[y]!, rows[from]!))
        .slice(0, k)
        .map((x) => ({ point: plus(a, minus(rows[x]!, rows[from]!)), base: own[x]! }));
    }),
  );
}

describe('lvqSmote', () => {
  it('carries rows near one codeword over to the codeword that lies alike, all pairs as often', async () => {
    const all = possible(3);
    expect(all.length).toBe(7 * 6 * 3);
    const { data: made, provenance } = await lvqSmote({
      kNeighbors: 3,
      seed: 2,
      samplingStrategy: { b: 7 + 12_600 },
    }).resample(data);
    const name = (point: readonly number[], base: number) =>
      `${base} ${point.map((value) => value.toFixed(8)).join(' ')}`;
    const expected = new Map<string, number>();
    for (const { point, base } of all) {
      const key = name(point, base).replaceAll('-0.00000000', '0.00000000');
      expected.set(key, (expected.get(key) ?? 0) + 100);
    }
    const seen = new Map<string, number>();
    newRows(made.X as never, 67).forEach((point, i) => {
      const key = name(point, provenance.base[67 + i]!).replaceAll('-0.00000000', '0.00000000');
      seen.set(key, (seen.get(key) ?? 0) + 1);
    });
    expect(new Set(seen.keys())).toEqual(new Set(expected.keys()));
    const chiSquared = [...expected].reduce((sum, [key, count]) => sum + (seen.get(key)! - count) ** 2 / count, 0);
    // As many degrees of freedom as kinds of rows, less one: mean so many, standard deviation sqrt(2 so many).
    expect(chiSquared).toBeLessThan(expected.size + 4 * Math.sqrt(2 * expected.size));
    expect(provenance.neighbour.subarray(67).every((row) => row === -1)).toBe(true);
  });

  it('finds the pattern of one cluster at another', async () => {
    // Four clusters on the corners of a rectangle: along each side the same way leads from corner to corner.
    const corners = [
      [0, 0],
      [40, 0],
      [0, 90],
      [40, 90],
    ];
    const spots = [0.3, 0.9, -0.7, -0.5].map((d) => [d, 2 * d]);
    const b = corners.flatMap((corner) => spots.map((spot) => plus(corner, spot)));
    const a = Array.from({ length: 100 }, (_, i) => [500 + i, 0]);
    const square = { X: rowsOf([...b, ...a]), y: labelsOf([...b.map(() => 'b'), ...a.map(() => 'a')]) };
    const { data: made } = await lvqSmote({ nClusters: 4, kNeighbors: 4, seed: 1 }).resample(square);
    for (const point of newRows(made.X as never, 116)) {
      expect(Math.min(...b.map((row) => euclidean(row, point)))).toBeLessThan(1e-9);
    }
  });

  it('makes the rows of SMOTE, and says so, for a class of three rows', async () => {
    const X = rowsOf([[0], [1], [2], ...Array.from({ length: 12 }, (_, i) => [20 + i])]);
    const y = labelsOf(Array.from({ length: 15 }, (_, i) => (i < 3 ? 'b' : 'a')));
    const { provenance, notices } = await lvqSmote({ kNeighbors: 2 }).resample({ X, y });
    expect(notices.map(({ code }) => code)).toEqual(['too-few-codewords']);
    expect(provenance.neighbour.subarray(15).every((row) => row >= 0 && row < 3)).toBe(true);
  });

  it('refuses fewer codewords than two pairs need', () => {
    expect(() => lvqSmote({ nClusters: 3 })).toThrow('nClusters must be a whole number of at least 4');
  });
});
