import { describe, expect, it } from 'vitest';
import { safeLevelSmote } from '../../../src/resample/over/safe-level-smote.ts';
import { gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import { nearestByHand } from './by-hand.ts';

/** Class b reaches into class a, so that its rows have every safe level. */
const mixed = (few: number) => {
  const data = gaussianDataset(
    [
      ['a', 300],
      ['b', few],
    ],
    2,
    4,
  );
  return data;
};

describe('safeLevelSmote', () => {
  it('draws the gap from the range that the safe levels of both parents allow', async () => {
    const data = mixed(40);
    const rows = data.y.codes.length;
    const level = (row: number) =>
      nearestByHand(data, row, 5).filter((other) => data.y.codes[other] === data.y.codes[row]).length;
    const { provenance, data: made } = await safeLevelSmote({ seed: 1, samplingStrategy: { b: 1500 } }).resample(data);
    const seen = new Map<string, number[]>();
    for (let i = rows; i < provenance.source.length; i++) {
      const [base, neighbour, gap] = [provenance.base[i]!, provenance.neighbour[i]!, provenance.gap[i]!];
      const [p, n] = [level(base), level(neighbour)];
      expect(p).toBeGreaterThan(0);
      const turned = n === 0 && !nearestByHand(data, base, 5, 'same').includes(neighbour);
      if (!turned) expect(nearestByHand(data, base, 5, 'same')).toContain(neighbour);
      else expect(nearestByHand(data, neighbour, 5, 'same')).toContain(base);
      const kind = n === 0 ? 'copy' : p === n ? 'equal' : p > n ? 'base' : 'neighbour';
      // Where within the allowed range the gap lies, from 0 to 1.
      const place = { copy: gap, equal: gap, base: gap / (n / p), neighbour: (1 - gap) / (p / n) }[kind];
      seen.set(kind, [...(seen.get(kind) ?? []), place]);
      if (kind === 'copy') expect(rowAt(made.X, i)).toEqual(rowAt(data.X, base));
    }
    expect([...seen.keys()].sort()).toEqual(['base', 'copy', 'equal', 'neighbour']);
    expect(seen.get('copy')!.every((place) => place === 0)).toBe(true);
    for (const kind of ['base', 'equal', 'neighbour']) {
      const places = seen.get(kind)!;
      const mean = places.reduce((sum, place) => sum + place, 0) / places.length;
      expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...places)).toBeLessThanOrEqual(1 + 1e-12);
      // Uniform over the whole range: mean 1/2, standard error sqrt(1/12 / n).
      expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / places.length));
    }
  });

  it('goes round noise: no row between two rows without a safe neighbour', async () => {
    // Three rows of b side by side, and two that lie each among rows of a.
    const b = [[0], [0.1], [0.2], [50], [90]];
    const a = Array.from({ length: 40 }, (_, i) => [30 + 2 * i + 0.7]);
    const data = { X: rowsOf([...b, ...a]), y: labelsOf([...b.map(() => 'b'), ...a.map(() => 'a')]) };
    const options = { kNeighbors: 4, mNeighbors: 2, seed: 3 };
    const { provenance, notices } = await safeLevelSmote(options).resample(data);
    const pairs = new Set<string>();
    for (let i = 45; i < provenance.source.length; i++) pairs.add(`${provenance.base[i]} ${provenance.neighbour[i]}`);
    expect(provenance.source.length).toBe(80);
    expect(pairs.has('3 4') || pairs.has('4 3')).toBe(false);
    expect(notices).toEqual([]);
  });

  it('makes the rows of SMOTE, and says so, for a class without a safe row', async () => {
    const b = [[10], [30], [50]];
    const a = Array.from({ length: 60 }, (_, i) => [i + 0.4]);
    const data = { X: rowsOf([...b, ...a]), y: labelsOf([...b.map(() => 'b'), ...a.map(() => 'a')]) };
    const { provenance, notices } = await safeLevelSmote({ kNeighbors: 2, seed: 3 }).resample(data);
    expect(provenance.source.length).toBe(120);
    expect(notices.map(({ code, class: label, numbers }) => ({ code, label, numbers }))).toEqual([
      { code: 'no-safe-rows', label: 'b', numbers: { rows: 3, neighbours: 5 } },
    ]);
  });

  it('refuses what is no number of neighbours', () => {
    expect(() => safeLevelSmote({ kNeighbors: 0 })).toThrow('kNeighbors must be a whole number of at least 1');
    expect(() => safeLevelSmote({ mNeighbors: 1.5 })).toThrow('mNeighbors must be a whole number of at least 1');
  });
});
