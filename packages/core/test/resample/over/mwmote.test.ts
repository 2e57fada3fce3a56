import { describe, expect, it } from 'vitest';
import { type MwmoteOptions, mwmote } from '../../../src/resample/over/mwmote.ts';
import { gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import { euclidean, nearestByHand } from './by-hand.ts';

const data = gaussianDataset(
  [
    ['a', 150],
    ['b', 36],
    ['c', 30],
  ],
  2,
  21,
);
const all = [...data.y.codes.keys()];
const own = all.filter((row) => data.y.codes[row] === 1);
const apart = (a: number, b: number) => euclidean(rowAt(data.X, a), rowAt(data.X, b));
const nearestOf = (row: number, among: readonly number[], k: number) =>
  [...among].sort((a, b) => apart(row, a) - apart(row, b)).slice(0, k);

/** Selection probabilities of class b, step by step as the paper has them. */
function probabilitiesByHand({ kNoisy = 5, kMajority = 3, kMinority = 18, threshold = 5, cMax = 2 }: MwmoteOptions) {
  const filtered = own.filter((row) => nearestByHand(data, row, kNoisy).some((other) => data.y.codes[other] === 1));
  const others = all.filter((row) => data.y.codes[row] !== 1);
  const border = [...new Set(filtered.flatMap((row) => nearestOf(row, others, kMajority)))];
  const nearestMinority = new Map(border.map((row) => [row, nearestOf(row, filtered, kMinority)]));
  const informative = [...new Set([...nearestMinority.values()].flat())];
  const ranges = [0, 1].map((j) => {
    const column = all.map((row) => rowAt(data.X, row)[j]!);
    return Math.max(...column) - Math.min(...column);
  });
  const factor = (y: number, x: number) => {
    const normalised = apart(y, x) / Math.max(...ranges) / 2;
    const cut = 1 / normalised <= threshold ? 1 / normalised : threshold;
    return (cut / threshold) * cMax;
  };
  const weights = informative.map((x) =>
    border.reduce((sum, y) => {
      if (!nearestMinority.get(y)!.includes(x)) return sum;
      const density = factor(y, x) / informative.reduce((total, q) => total + factor(y, q), 0);
      return sum + factor(y, x) * density;
    }, 0),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { filtered, probability: new Map(informative.map((row, i) => [row, weights[i]! / total])) };
}

/** Clusters joined greedily by the least mean distance between members, up to the height. */
function clustersByHand(rows: readonly number[], cClustering: number): number[][] {
  const nearest = rows.map((row) =>
    Math.min(...rows.filter((other) => other !== row).map((other) => apart(row, other))),
  );
  const height = (cClustering * nearest.reduce((sum, distance) => sum + distance, 0)) / rows.length;
  const clusters = rows.map((row) => [row]);
  for (;;) {
    let best = { mean: Number.POSITIVE_INFINITY, a: 0, b: 0 };
    for (let a = 0; a < clusters.length; a++) {
      for (let b = a + 1; b < clusters.length; b++) {
        const sum = clusters[a]!.reduce((s, x) => s + clusters[b]!.reduce((t, y) => t + apart(x, y), 0), 0);
        const mean = sum / clusters[a]!.length / clusters[b]!.length;
        if (mean < best.mean) best = { mean, a, b };
      }
    }
    if (best.mean > height) return clusters;
    clusters[best.a]!.push(...clusters.splice(best.b, 1)[0]!);
  }
}

describe('mwmote', () => {
  it.each([
    {},
    { kNoisy: 3, kMajority: 1, kMinority: 2 },
    { kMajority: 2, kMinority: 5, threshold: 12, cMax: 1, cClustering: 1.5 },
    { kMajority: 1, kMinority: 1, threshold: 1000, cClustering: 0.8 },
  ])('uses bases in proportion to the selection weights of the paper: %j', async (options: MwmoteOptions) => {
    const { filtered, probability } = probabilitiesByHand(options);
    const clusters = clustersByHand(filtered, options.cClustering ?? 3);
    const count = 6000;
    const { provenance, notices } = await mwmote({ ...options, seed: 1, samplingStrategy: { b: 36 + count } }).resample(
      data,
    );
    const uses = new Map<number, number>();
    let copies = 0;
    for (let i = all.length; i < provenance.source.length; i++) {
      const base = provenance.source[i]! >= 0 ? provenance.source[i]! : provenance.base[i]!;
      uses.set(base, (uses.get(base) ?? 0) + 1);
      const cluster = clusters.find((rows) => rows.includes(base))!;
      if (provenance.source[i]! >= 0) {
        copies++;
        expect(cluster).toEqual([base]);
      } else {
        expect(cluster).toContain(provenance.neighbour[i]);
        expect(provenance.neighbour[i]).not.toBe(base);
      }
    }
    for (const row of own) {
      const expected = count * (probability.get(row) ?? 0);
      expect(Math.abs((uses.get(row) ?? 0) - expected)).toBeLessThan(1 + 1e-6);
    }
    expect(notices.find(({ code }) => code === 'lone-rows-copied')?.numbers?.['copies'] ?? 0).toBe(copies);
  });

  it('joins all of a base’s cluster alike', async () => {
    const { provenance } = await mwmote({ seed: 3, samplingStrategy: { b: 40_036 } }).resample(data);
    const clusters = clustersByHand(probabilitiesByHand({}).filtered, 3);
    const largest = clusters.reduce((a, b) => (b.length > a.length ? b : a));
    const base = provenance.base.slice(all.length).sort()[20_000]!;
    const ends = new Map<number, number>();
    provenance.base.forEach((row, i) => {
      if (row === base) ends.set(provenance.neighbour[i]!, (ends.get(provenance.neighbour[i]!) ?? 0) + 1);
    });
    const cluster = clusters.find((rows) => rows.includes(base)) ?? largest;
    expect([...ends.keys()].sort()).toEqual(cluster.filter((row) => row !== base).sort());
    const mean = [...ends.values()].reduce((sum, count) => sum + count, 0) / ends.size;
    for (const count of ends.values()) expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean));
  });

  it('gives a class of noise alone the rows of SMOTE, and says so', async () => {
    const b = [[10], [30], [50]];
    const a = Array.from({ length: 60 }, (_, i) => [i + 0.4]);
    const noise = { X: rowsOf([...b, ...a]), y: labelsOf([...b.map(() => 'b'), ...a.map(() => 'a')]) };
    const { provenance, notices } = await mwmote().resample(noise);
    expect(provenance.source.length).toBe(120);
    expect(notices.map(({ code }) => code)).toEqual(['only-noise']);
  });

  it('links centres where a class is too large to link all its rows, and says so', async () => {
    const large = gaussianDataset(
      [
        ['a', 2700],
        ['b', 2300],
      ],
      2,
      3,
    );
    const { provenance, notices, data: made } = await mwmote({ kMinority: 20 }).resample(large);
    expect(made.X.rows).toBe(5400);
    expect(notices.map(({ code }) => code)).toContain('clusters-approximated');
    expect(provenance.base.subarray(5000).some((row) => row >= 0)).toBe(true);
  });

  it('refuses options out of range', () => {
    expect(() => mwmote({ kNoisy: 0 })).toThrow('kNoisy must be a whole number of at least 1');
    expect(() => mwmote({ cClustering: 0 })).toThrow('cClustering must be a number above 0');
  });
});
