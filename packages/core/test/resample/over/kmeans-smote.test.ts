import { describe, expect, it } from 'vitest';
import { clusterSparsities } from '../../../src/resample/over/cluster-sparsity.ts';
import { type KMeansSmoteOptions, kMeansSmote } from '../../../src/resample/over/kmeans-smote.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { countsByLabel, gaussianDataset, labelsOf, rowsOf } from '../data.ts';
import { type DenseDataset, distance, nearest, overlappingSet } from '../under/oracles.ts';

const own = ({ y }: DenseDataset, code: number) => [...y.codes.keys()].filter((row) => y.codes[row] === code);

/** Three clusters: where b is frequent and dense, frequent and sparse, and rare. */
function threeClusters(): { data: DenseDataset; clusters: Int32Array } {
  const cells: number[][] = [];
  const labels: string[] = [];
  const clusters: number[] = [];
  const add = (cluster: number, label: string, count: number, spread: number) => {
    for (let i = 0; i < count; i++) {
      cells.push([1000 * cluster + spread * i + 0.01 * i * i, spread * ((i * 7) % 5)]);
      labels.push(label);
      clusters.push(cluster);
    }
  };
  add(0, 'b', 8, 1);
  add(0, 'a', 5, 1);
  add(1, 'b', 6, 1.5);
  add(1, 'a', 6, 1.5);
  add(2, 'b', 4, 1);
  add(2, 'a', 60, 1);
  return { data: { X: rowsOf(cells), y: labelsOf(labels) }, clusters: Int32Array.from(clusters) };
}

/** The mean distance of two rows, from the definition. */
function meanDistance(data: DenseDataset, rows: number[]): number {
  let total = 0;
  for (const a of rows) for (const b of rows) total += distance(data.X, a, b);
  return total / (rows.length ** 2 - rows.length);
}

describe('kMeansSmote', () => {
  it('shares the new rows over the fitting clusters by sparsity, exactly, and stays inside them', async () => {
    const { data, clusters } = threeClusters();
    const b = own(data, 1);
    for (const densityExponent of ['auto', 1, 3.5] as const) {
      const {
        data: made,
        provenance,
        notices,
      } = await kMeansSmote({
        cluster: async () => clusters,
        densityExponent,
        seed: 3,
      }).resample(data);
      expect(Object.fromEntries(countsByLabel(made.y))).toEqual({ a: 71, b: 71 });
      expect(notices).toEqual([]);
      const groups = [0, 1].map((cluster) => b.filter((row) => clusters[row] === cluster));
      const exponent = densityExponent === 'auto' ? 2 : densityExponent;
      const weights = groups.map((rows) => meanDistance(data, rows) ** exponent / rows.length);
      const counts = [0, 0, 0];
      for (let i = data.X.rows; i < made.X.rows; i++) {
        const [base, neighbour] = [provenance.base[i]!, provenance.neighbour[i]!];
        expect(clusters[neighbour]).toBe(clusters[base]);
        expect(nearest(data.X, base, 2, groups[clusters[base]!]!)).toContain(neighbour);
        counts[clusters[base]!]!++;
      }
      const share = weights[0]! / (weights[0]! + weights[1]!);
      expect(counts[2]).toBe(0);
      expect(Math.abs(counts[0]! - 53 * share)).toBeLessThan(1);
      expect(counts[0]! + counts[1]!).toBe(53);
    }
  });

  it('makes the number asked where imbalanced-learn rounds every cluster up', async () => {
    const { data, clusters } = threeClusters();
    const options = { cluster: async () => clusters, seed: 3 };
    const peer = await kMeansSmote({ ...options, compat: 'imbalanced-learn' }).resample(data);
    expect(countsByLabel(peer.data.y).get('b')).toBe(72);
    expect(peer.notices).toMatchObject([{ code: 'count-not-reached', class: 'b', numbers: { rows: 72, asked: 71 } }]);
  });

  it('lowers the threshold, then leaves the clusters, where none fits; imbalanced-learn stops', async () => {
    const { data } = threeClusters();
    const inTwo = data.y.codes.map((_, row) => (row < 22 ? 0 : 1));
    const mixed = data.y.codes.map((_, row) => row % 2);
    const run = (cluster: Int32Array, more: KMeansSmoteOptions = {}) =>
      kMeansSmote({ cluster: async () => cluster, clusterBalanceThreshold: 0.7, ...more }).resample(data);
    const lowered = await run(inTwo);
    expect(lowered.notices).toMatchObject([
      { code: 'threshold-lowered', class: 'b', numbers: { clusters: 2, threshold: 0.7 } },
    ]);
    for (const base of lowered.provenance.base.subarray(89)) expect(base).toBeLessThan(22);
    expect(countsByLabel(lowered.data.y).get('b')).toBe(71);
    expect((await run(mixed)).notices).toMatchObject([{ code: 'threshold-lowered' }]);
    // Every row a cluster of its own: none has a neighbour in it.
    const alone = await run(Int32Array.from(data.y.codes.keys()));
    expect(alone.notices).toMatchObject([{ code: 'no-fitting-cluster', class: 'b' }]);
    expect(countsByLabel(alone.data.y).get('b')).toBe(71);
    const peer = run(inTwo, { compat: 'imbalanced-learn' });
    await expect(peer).rejects.toMatchObject({ code: 'no-fitting-cluster', details: { class: 'b' } });
  });

  it('makes rows in clusters of equal rows, where imbalanced-learn divides by 0', async () => {
    const X = rowsOf([...new Array(5).fill([2, 2]), ...Array.from({ length: 20 }, (_, i) => [50 + i, i])]);
    const data = { X, y: labelsOf(Array.from({ length: 25 }, (_, i) => (i < 5 ? 'b' : 'a'))) };
    const { data: made } = await kMeansSmote({ nClusters: 2 }).resample(data);
    expect(countsByLabel(made.y).get('b')).toBe(20);
  });

  it('finds clusters by itself, also among so many rows that k-means sees a sample', async () => {
    const data = gaussianDataset(
      [
        ['a', 9_000],
        ['b', 300],
      ],
      2,
      3,
    );
    // Two groups of b far from everything.
    const cells = data.X.data.map((value, i) => {
      const row = i >> 1;
      return data.y.codes[row] === 1 ? value + (row % 2 ? 100 : -100) : value;
    });
    const moved = { ...data, X: { ...data.X, data: cells } };
    const {
      data: made,
      provenance,
      notices,
    } = await kMeansSmote({ nClusters: 2, seed: 1, clusterBalanceThreshold: 0 }).resample(moved);
    expect(countsByLabel(made.y).get('b')).toBe(9_000);
    expect(notices).toEqual([]);
    const { provenance: three } = await kMeansSmote({ nClusters: 3, seed: 1 }).resample(moved);
    for (let i = 9_300; i < three.base.length; i++) expect(three.neighbour[i]! % 2).toBe(three.base[i]! % 2);
    expect(provenance.base.length).toBe(18_000);
  });

  it('is told by the clusters that every row comes from, whatever their numbers', async () => {
    const data = overlappingSet(3);
    const labels = data.y.codes.map((_, row) => row % 3);
    const renumbered = labels.map((at) => 2 * at + 1);
    const options = { seed: 2, clusterBalanceThreshold: 0.1 };
    const one = await kMeansSmote({ ...options, cluster: async () => labels }).resample(data);
    const other = await kMeansSmote({ ...options, cluster: async () => renumbered }).resample(data);
    expect(other.provenance).toEqual(one.provenance);
  });

  it('draws for each cluster anew; imbalanced-learn repeats one sequence in all of them', async () => {
    // The second cluster is the first, moved.
    const cluster = Array.from({ length: 9 }, (_, i) => [i * i, i]);
    const X = rowsOf([
      ...cluster,
      ...cluster.map(([a, b]) => [a! + 4096, b!]),
      ...cluster.map(([a]) => [-5000 - a!, 0]),
    ]);
    const y = labelsOf([...new Array(18).fill('b'), ...new Array(9).fill('c')]);
    const labels = Int32Array.from({ length: 27 }, (_, row) => Math.floor(row / 9));
    const gaps = async (compat?: 'imbalanced-learn') => {
      const options = { samplingStrategy: { b: 18 + 12 }, cluster: async () => labels, densityExponent: 1, compat };
      const { provenance } = await kMeansSmote(options).resample({ X, y });
      return [provenance.gap.subarray(27, 33), provenance.gap.subarray(33, 39)];
    };
    const [first, second] = await gaps();
    expect(first).not.toEqual(second);
    const [peerFirst, peerSecond] = await gaps('imbalanced-learn');
    expect(peerFirst).toEqual(peerSecond);
  });

  it('refuses clusters and options that make no sense', async () => {
    const { data, clusters } = threeClusters();
    const given = (labels: Int32Array) => kMeansSmote({ cluster: async () => labels }).resample(data);
    await expect(given(clusters.subarray(1))).rejects.toMatchObject({ code: 'bad-clusters' });
    await expect(given(clusters.map((at) => at - 1))).rejects.toThrow('row 0 is of cluster -1');
    const make = (options: object) => () => kMeansSmote(options);
    expect(make({ clusterBalanceThreshold: 1.5 })).toThrow(
      'clusterBalanceThreshold must be auto or a number from 0 to 1',
    );
    expect(make({ densityExponent: 'none' })).toThrow('densityExponent must be auto or a number of at least 0');
    expect(make({ cluster: async () => clusters, nClusters: 3 })).toThrow('nClusters is for k-means');
    expect(make({ kmeansEstimator: 3 })).toThrow('kmeans-smote has no option "kmeansEstimator"');
  });
});

describe('clusterSparsities', () => {
  it('survives powers beyond the range of numbers, and gives clusters of equal rows no part', () => {
    const X = rowsOf([[0], [1e3], [0], [2e3], [5], [5]]);
    const clusters = [Int32Array.of(0, 1), Int32Array.of(2, 3), Int32Array.of(4, 5)];
    const shares = clusterSparsities(X, clusters, () => 400);
    expect(shares[1]).toBeCloseTo(1, 12);
    expect(shares[2]).toBe(0);
    expect(clusterSparsities(X, [clusters[2]!, clusters[2]!], () => 2)).toEqual([0.5, 0.5]);
  });

  it('comes near the mean of all pairs by drawn ones', () => {
    const data = gaussianDataset(
      [
        ['a', 2100],
        ['b', 3],
      ],
      3,
      2,
    );
    const rows = Int32Array.from(data.y.codes.keys());
    const pair = [rows, rows.subarray(0, 700)];
    const exact = clusterSparsities(data.X, pair, () => 3);
    const drawn = clusterSparsities(data.X, pair, () => 3, randomStream(1, 'pairs'));
    expect(drawn).not.toEqual(exact);
    expect(Math.abs(drawn[0]! / exact[0]! - 1)).toBeLessThan(0.005);
  });
});
