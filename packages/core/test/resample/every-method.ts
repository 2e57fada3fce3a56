import type { Dataset } from '../../src/data/dataset.ts';
import type { ClassLabel } from '../../src/data/labels.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { createResampler, resamplers } from '../../src/resample/registry.ts';
import type { ResamplerOptions } from '../../src/resample/registry-entry.ts';
import type { Provenance, Resampled } from '../../src/resample/resampler.ts';
import { countsByLabel, gaussianDataset, toDense } from './data.ts';

/** The methods of the registry, in what they differ by right, and the data that the common checks put to them. */

export const everyMethod = [...resamplers.values()].map((entry) => ({
  counts: 'exact' as const,
  movesRows: false,
  ...entry,
  title: entry.name,
}));
const withCompat = everyMethod.filter(({ compat }) => compat !== false);
export const bothModes = [
  ...everyMethod.map((entry) => ({ ...entry, options: {} as ResamplerOptions })),
  ...withCompat.map((entry) => ({
    ...entry,
    title: `${entry.name}, compat`,
    options: { compat: 'imbalanced-learn' } as ResamplerOptions,
  })),
];

/** Methods that draw nothing: the seed changes nothing, and the order of the rows neither where no distances tie. */
export const drawsNothing = new Set([
  'near-miss',
  'tomek-links',
  'edited-nearest-neighbours',
  'repeated-edited-nearest-neighbours',
  'all-knn',
  'neighbourhood-cleaning-rule',
  'spider',
]);

/** Methods that start from every row of a class and go towards all of its neighbours. */
export const startsEverywhere = new Set(['smote', 'adasyn']);

/** Methods that draw a number for each column: another order of the columns gives other features. */
export const drawsByColumn = new Set(['geometric-smote', 'random-walk-over-sampling', 'ccr']);

/** What another order of the rows changes by right. */
export const hangsOnOrder = new Map([
  ['kmeans-smote', 'clusters start from drawn rows'],
  ['cluster-centroids', 'clusters start from drawn rows'],
  ['random-under', 'rows are drawn by their places'],
  ['condensed-nearest-neighbour', 'the first row of the store is drawn, and rows are looked at in their order'],
  ['one-sided-selection', 'the first row of the store is drawn'],
  ['instance-hardness-threshold', 'rows as easy as each other are drawn'],
  ['smote-enn', 'what is cleaned hangs on the gaps drawn'],
  ['smote-tomek', 'what is cleaned hangs on the gaps drawn'],
  ['smote-ipf', 'rows are dealt into parts by draw'],
  ['mixup', 'partners and shares are drawn by the places of rows'],
  ['remix', 'partners and shares are drawn by the places of rows'],
]);

/** Errors with compat where imbalanced-learn stops too. */
export const stopsAsPeer: Readonly<Record<string, readonly string[]>> = {
  adasyn: ['no-border-rows', 'nothing-to-add'],
  'svm-smote': ['only-noise'],
  'kmeans-smote': ['no-fitting-cluster'],
};

/** Methods whose rows change with compat where all columns are stretched alike: a power of a distance hangs on its unit. */
export const hangsOnUnits = new Set(['kmeans-smote']);

/** Methods that also move rows away from a neighbour: the gap is below 0. */
export const goesBeyond = new Set(['svm-smote']);

/** Methods that by default draw every class anew, the largest too, with noise that follows the order of the columns. */
export const redrawsAll = new Set(['rose']);

export type DenseDataset = Dataset & { X: Matrix };
export const threeClasses = (seed: number, labels: readonly [ClassLabel, ClassLabel, ClassLabel] = ['a', 'b', 'c']) =>
  gaussianDataset(
    [
      [labels[0], 17],
      [labels[1], 40],
      [labels[2], 9],
    ],
    4,
    seed,
  );

/** The same with centres half as far apart as the classes are wide, so that there is something to clean. */
export function overlapping(seed: number): DenseDataset {
  const { X, y } = threeClasses(seed);
  const cells = X.data.map((value, i) => value - 1.5 * y.codes[Math.floor(i / X.columns)]!);
  return { X: matrix(cells, X.rows, X.columns), y };
}

export const resample = (name: string, data: Dataset, options?: ResamplerOptions) =>
  createResampler(name, options).resample(data);

export const originOf = ({ source, base, neighbour, gap }: Provenance, i: number) =>
  [source[i], base[i], neighbour[i], gap[i]].join(' ');

/** The origins of the rows of each class, in any order. */
export function originsByLabel({ data, provenance }: Resampled): Map<ClassLabel, string[]> {
  const origins = new Map<ClassLabel, string[]>();
  data.y.codes.forEach((code, i) => {
    const label = data.y.classes[code]!;
    origins.set(label, [...(origins.get(label) ?? []), originOf(provenance, i)]);
  });
  for (const list of origins.values()) list.sort();
  return origins;
}

/** Rows a class; where a notice says that a count was not reached, the count that it says was asked. */
export function countsOf({ data, notices }: Resampled): Record<string, number> {
  const counts = countsByLabel(data.y);
  for (const { code, class: label, numbers } of notices) {
    if (code === 'count-not-reached') counts.set(label!, numbers!['asked']!);
  }
  return Object.fromEntries(counts);
}

export function bytesOf({ data, provenance }: Resampled) {
  const { weights, groups, y } = data;
  return { X: toDense(data.X).data, codes: y.codes, weights, groups, ...provenance };
}

export function isSame(a: ReturnType<typeof bytesOf>, b: ReturnType<typeof bytesOf>): boolean {
  return Object.keys(a).every((key) => {
    const [one, other] = [a[key as keyof typeof a], b[key as keyof typeof a]];
    return one?.join() === other?.join();
  });
}

export function withSideArrays(data: DenseDataset): DenseDataset & { weights: Float64Array; groups: Int32Array } {
  const rows = data.X.rows;
  return {
    ...data,
    weights: Float64Array.from({ length: rows }, (_, i) => 0.25 * (i % 9)),
    groups: Int32Array.from({ length: rows }, (_, i) => i % 6),
  };
}
