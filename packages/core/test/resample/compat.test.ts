import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ClassLabel } from '../../src/data/labels.ts';
import { randomOver } from '../../src/resample/over/random-over.ts';
import { smote } from '../../src/resample/over/smote.ts';
import type { SamplingStrategy } from '../../src/resample/sampling-strategy.ts';
import { randomUnder } from '../../src/resample/under/random-under.ts';
import { labelsOf, rowsOf, toDense, toSparse } from './data.ts';

type StoredStrategy = string | number | { targets: [ClassLabel, number][] };
interface Case {
  set: string;
  strategy: StoredStrategy;
  seed: number;
}
const fixture = JSON.parse(readFileSync(new URL('../fixtures/resample.json', import.meta.url), 'utf8')) as {
  sets: Record<string, { X: number[][]; y: ClassLabel[] }>;
  over: (Case & { source: number[] })[];
  under: (Case & { source: number[]; replacement: boolean })[];
  smote: (Case & { k: number; X: number[][]; y: ClassLabel[]; sparse?: boolean })[];
};

const compat = 'imbalanced-learn';
const strategyOf = (stored: StoredStrategy): SamplingStrategy =>
  typeof stored === 'object' ? new Map(stored.targets) : (stored as SamplingStrategy);
const dataOf = (name: string) => {
  const { X, y } = fixture.sets[name]!;
  return { X: rowsOf(X), y: labelsOf(y) };
};
const title = (each: Case) => `${each.set} ${JSON.stringify(each.strategy)} seed ${each.seed}`;

describe('the rows of imbalanced-learn for the same integer seed', () => {
  it('random over-sampling', () => {
    for (const each of fixture.over) {
      const { y } = dataOf(each.set);
      const samplingStrategy = strategyOf(each.strategy);
      const { source } = randomOver({ samplingStrategy, seed: each.seed, compat }).selectRows(y);
      const originals = [...y.codes.keys()];
      expect([...source], title(each)).toEqual([...originals, ...each.source]);
    }
  });

  it('random under-sampling, with and without replacement, in its order', () => {
    for (const each of fixture.under) {
      const { y } = dataOf(each.set);
      const { seed, replacement } = each;
      const resampler = randomUnder({ samplingStrategy: strategyOf(each.strategy), seed, replacement, compat });
      expect([...resampler.selectRows(y).source], title(each)).toEqual(each.source);
    }
  });

  it('SMOTE to the last bit, dense and sparse', async () => {
    for (const each of fixture.smote) {
      const { X, y } = dataOf(each.set);
      const samplingStrategy = strategyOf(each.strategy);
      const resampler = smote({ samplingStrategy, seed: each.seed, kNeighbors: each.k, compat });
      for (const input of each.sparse ? [X, toSparse(X)] : [X]) {
        const { data } = await resampler.resample({ X: input, y });
        const made = toDense(data.X);
        expect([...made.data.subarray(X.data.length)], title(each)).toEqual(each.X.flat());
        const labels = [...data.y.codes].slice(X.rows).map((code) => y.classes[code]);
        expect(labels, title(each)).toEqual(each.y);
      }
    }
  });

  it('repeats one random sequence in every class, as there', async () => {
    const rows = Array.from({ length: 8 }, (_, i) => [i * i, i]);
    const shifted = rows.map(([a, b]) => [a! + 1000, b!]);
    const others = Array.from({ length: 12 }, (_, i) => [-100 - i, i]);
    const labels = [...rows.map(() => 1), ...rows.map(() => 2), ...others.map(() => 3)];
    const data = { X: rowsOf([...rows, ...shifted, ...others]), y: labelsOf(labels) };
    const gaps = async (options: { compat?: 'imbalanced-learn' }) => {
      const { provenance } = await smote({ ...options, seed: 4 }).resample(data);
      const made = [...provenance.gap.subarray(labels.length)];
      return [made.slice(0, 4), made.slice(4)] as const;
    };
    const [first, second] = await gaps({ compat });
    expect(first).toEqual(second);
    const [ownFirst, ownSecond] = await gaps({});
    expect(ownFirst).not.toEqual(ownSecond);
  });
});
