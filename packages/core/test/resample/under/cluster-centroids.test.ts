import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { kMeans } from '../../../src/resample/cluster/k-means.ts';
import { clusterCentroids } from '../../../src/resample/under/cluster-centroids.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { countsByLabel, gaussianDataset, labelsOf, rowAt, rowsOf, toDense, toSparse } from '../data.ts';
import { allRows, griddedSets, overlappingSet } from './oracles.ts';

/** 60 rows in six tight heaps far apart, and 6 rows of another class. */
function heaps() {
  const { X } = gaussianDataset([['x', 66]], 2, 4);
  const y = labelsOf(Array.from({ length: 66 }, (_, i) => (i % 11 === 10 ? 'rare' : 'common')));
  const data = X.data.map((value, i) => 0.1 * value + (i % 2 === 0 ? 50 * (Math.floor(i / 2) % 6) : 0));
  return { X: matrix(data, 66, 2), y };
}

describe('clusterCentroids', () => {
  it('puts the mean of each heap in its rows’ place', async () => {
    const data = heaps();
    const made = await clusterCentroids({ seed: 1 }).resample(data);
    expect(Object.fromEntries(countsByLabel(made.data.y))).toEqual({ common: 6, rare: 6 });
    const expected = Array.from({ length: 6 }, (_, heap) => {
      const rows = allRows(data).filter((row) => row % 6 === heap && data.y.codes[row] === 0);
      return [0, 1].map((j) => rows.reduce((sum, row) => sum + data.X.data[2 * row + j]!, 0) / rows.length);
    });
    const centroids = [...made.provenance.source.keys()].filter((i) => made.provenance.source[i] === -1);
    const found = centroids.map((i) => rowAt(made.data.X, i)).sort((a, b) => a[0]! - b[0]!);
    found.forEach((centroid, heap) => {
      for (const j of [0, 1]) expect(centroid[j]).toBeCloseTo(expected[heap]![j]!, 12);
    });
    for (const i of centroids) {
      const near = rowAt(data.X, made.provenance.base[i]!);
      expect(Math.abs(near[0]! - rowAt(made.data.X, i)[0]!)).toBeLessThan(1);
    }
  });

  it('keeps real rows with hard voting, one a heap, and tells which', async () => {
    const data = heaps();
    const made = await clusterCentroids({ voting: 'hard' }).resample(data);
    const kept = [...made.provenance.source].filter((row) => data.y.codes[row] === 0);
    expect(new Set(kept.map((row) => row % 6)).size).toBe(6);
    expect([...made.provenance.source]).toEqual([...made.provenance.source].sort((a, b) => a - b));
  });

  it('keeps no row twice, also where rows are equal, and exactly as many as asked', async () => {
    await fc.assert(
      fc.asyncProperty(griddedSets, fc.constantFrom('hard', 'diversity'), fc.nat(50), async (data, voting, seed) => {
        const made = await clusterCentroids({ voting: voting as 'hard', seed }).resample(data);
        const least = Math.min(...countsByLabel(data.y).values());
        expect([...countsByLabel(made.data.y).values()].every((count) => count === least)).toBe(true);
        expect(new Set(made.provenance.source).size).toBe(made.provenance.source.length);
      }),
      { numRuns: 80 },
    );
  });

  it('repeats a row with compat, as imbalanced-learn does, where two centres share their nearest row', async () => {
    const data = { X: rowsOf([[0], [10], [20], [100], [101]]), y: labelsOf(['a', 'a', 'a', 'b', 'b']) };
    const estimator = async () => matrix(Float64Array.of(0, 1), 2, 1);
    const hard = { voting: 'hard', estimator } as const;
    const peer = await clusterCentroids({ ...hard, compat: 'imbalanced-learn' }).resample(data);
    expect([...peer.provenance.source]).toEqual([0, 0, 3, 4]);
    expect([...(await clusterCentroids(hard).resample(data)).provenance.source]).toEqual([0, 1, 3, 4]);
  });

  it('spreads the rows of each cluster with `diversity`', async () => {
    const X = rowsOf([[0], [0.1], [0.2], [9], [100], [100.1], [100.2], [109], [50], [51], [52], [53]]);
    const y = labelsOf([...new Array(8).fill('a'), ...new Array(4).fill('b')]);
    const made = await clusterCentroids({ voting: 'diversity', nClusters: 2 }).resample({ X, y });
    // The row nearest to each centre, 2.325 and 102.325, and the row farthest from it.
    expect([...made.provenance.source]).toEqual([2, 3, 6, 7, 8, 9, 10, 11]);
  });

  it('is soft for dense rows, hard for sparse ones, and soft on request for both', async () => {
    const data = overlappingSet(2);
    const sparse = { ...data, X: toSparse(data.X) };
    const made = await clusterCentroids().resample(sparse);
    expect(made.data.X.kind).toBe('csr');
    expect(made.provenance.source.every((row) => row >= 0)).toBe(true);
    const soft = await clusterCentroids({ voting: 'soft' }).resample(sparse);
    expect(soft.data.X.kind).toBe('csr');
    expect(toDense(soft.data.X)).toEqual((await clusterCentroids().resample(data)).data.X);
  });

  it('takes centres from elsewhere, and refuses others than asked for', async () => {
    const data = overlappingSet(2);
    const wrong = clusterCentroids({ estimator: async () => matrix(new Float64Array(3), 1, 3) }).resample(data);
    await expect(wrong).rejects.toMatchObject({ code: 'bad-clusters' });
    const options: object = { voting: 'loud' };
    expect(() => clusterCentroids(options)).toThrow('voting must be one of auto, soft, hard, diversity, got loud');
    expect(() => clusterCentroids({ nClusters: 3 })).toThrow('nClusters is for the voting "diversity"');
  });
});

describe('kMeans', () => {
  it('ends where each row is in the cluster of its nearest centre and each centre is the mean of its rows', async () => {
    const { X } = gaussianDataset([['x', 300]], 3, 5);
    const { centres, clusterOf, settled } = await kMeans({ X, clusters: 12, stream: randomStream(3, 'k') });
    expect(settled).toBe(true);
    for (let cluster = 0; cluster < 12; cluster++) {
      const rows = [...clusterOf.keys()].filter((row) => clusterOf[row] === cluster);
      expect(rows.length).toBeGreaterThan(0);
      for (let j = 0; j < 3; j++) {
        const mean = rows.reduce((sum, row) => sum + X.data[3 * row + j]!, 0) / rows.length;
        expect(centres.data[3 * cluster + j]).toBeCloseTo(mean, 10);
      }
    }
    const apart = (row: number, cluster: number) => {
      return [0, 1, 2].reduce((sum, j) => sum + (X.data[3 * row + j]! - centres.data[3 * cluster + j]!) ** 2, 0);
    };
    const astray = [...clusterOf].filter((cluster, row) => {
      return [...Array(12).keys()].some((other) => apart(row, other) < apart(row, cluster) - 0.05);
    });
    expect(astray.length).toBe(0);
  });

  it('fills every cluster, also when rows are equal', async () => {
    const X = rowsOf([[1], [1], [1], [1], [2]]);
    for (let clusters = 1; clusters <= 5; clusters++) {
      const { clusterOf, centres } = await kMeans({ X, clusters, stream: randomStream(1, 'k') });
      expect(new Set(clusterOf).size).toBe(clusters);
      expect(centres.data.every(Number.isFinite)).toBe(true);
    }
    await expect(kMeans({ X, clusters: 6, stream: randomStream(1, 'k') })).rejects.toMatchObject({
      code: 'bad-option',
    });
  });
});
