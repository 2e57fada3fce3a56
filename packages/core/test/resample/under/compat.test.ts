import { describe, expect, it } from 'vitest';
import type { Dataset, NumericRows } from '../../../src/data/dataset.ts';
import type { ClassLabel, Labels } from '../../../src/data/labels.ts';
import { type Matrix, matrix } from '../../../src/data/matrix.ts';
import { smote } from '../../../src/resample/over/smote.ts';
import { createResampler } from '../../../src/resample/registry.ts';
import type { ResamplerOptions } from '../../../src/resample/registry-entry.ts';
import { toDense } from '../data.ts';
import { gaussianNaiveBayes } from './gaussian-naive-bayes.ts';
import { type PeerCase, peerCases, peerSet, setCount } from './peer-sets.ts';

const compat = 'imbalanced-learn';

/** Cluster j is every n-th row from the j-th on, weighted 1, 2, 3, …, as in the script that made the fixture. */
async function everyNth(rows: NumericRows, clusters: number): Promise<Matrix> {
  const { data, columns } = toDense(rows);
  const centres = new Float64Array(clusters * columns);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / columns);
    centres[(row % clusters) * columns + (i % columns)]! += (Math.floor(row / clusters) + 1) * data[i]!;
  }
  const weightOf = (cluster: number) => {
    const size = Math.ceil((rows.rows - cluster) / clusters);
    return (size * (size + 1)) / 2;
  };
  return matrix(
    centres.map((sum, i) => sum / weightOf(Math.floor(i / columns))),
    clusters,
    columns,
  );
}

function byRanks({ X, y }: Dataset, options: ResamplerOptions): [Dataset, ResamplerOptions] {
  const rank = (label: ClassLabel) => y.classes.indexOf(label);
  const { samplingStrategy } = options;
  const strategy =
    samplingStrategy instanceof Map
      ? new Map([...(samplingStrategy as Map<ClassLabel, number>)].map(([label, count]) => [rank(label), count]))
      : samplingStrategy;
  const labels: Labels = { codes: y.codes, classes: y.classes.map((_, code) => code) };
  return [
    { X, y: labels },
    { ...options, ...(strategy === undefined ? {} : { samplingStrategy: strategy }) },
  ];
}

/** Rows kept, counted in the input; for the two that start with SMOTE, in what SMOTE makes. */
async function keptBy({ method, options, ranks }: PeerCase, set: Dataset): Promise<number[]> {
  const [data, given] = ranks ? byRanks(set, options) : [set, options];
  const tools =
    method === 'instance-hardness-threshold'
      ? { estimator: gaussianNaiveBayes() }
      : method === 'cluster-centroids'
        ? { estimator: everyNth }
        : {};
  const made = await createResampler(method, { ...given, ...tools, compat }).resample(data);
  if (!method.startsWith('smote-')) return [...made.provenance.source];
  const { seed, kNeighbors } = options as { seed: number; kNeighbors: number };
  const before = await smote({ seed, kNeighbors, compat }).resample(data);
  const rowsOf = (X: NumericRows) => {
    const { data: cells, rows, columns } = toDense(X);
    return Array.from({ length: rows }, (_, i) => cells.slice(i * columns, (i + 1) * columns).join());
  };
  const where = new Map(rowsOf(before.data.X).map((cells, i) => [cells, i]));
  return rowsOf(made.data.X).map((cells) => where.get(cells) ?? -1);
}

const all = Array.from({ length: setCount }, (_, number) => number);
const methods = [...new Set(all.flatMap((number) => peerCases(number).map(({ method }) => method)))];

describe.each(methods)('%s, compat', (method) => {
  it('keeps the rows of imbalanced-learn, in its order', async () => {
    let compared = 0;
    for (const number of all) {
      const set = peerSet(number);
      for (const each of peerCases(number)) {
        if (each.method !== method) continue;
        expect(await keptBy(each, set), each.title).toEqual(each.kept);
        compared++;
      }
    }
    // The sets of the two that start with SMOTE are those whose rows fit the alphabet of the fixture.
    expect(compared).toBeGreaterThanOrEqual(200);
  });
});
