import { describe, expect, it } from 'vitest';
import { ensembles } from '../../src/ensemble/registry.ts';
import type { Learner, Model, ModelJSON } from '../../src/learn/index.ts';
import { learners } from '../../src/learn/registry.ts';
import { overlapping } from '../learn/helpers.ts';

const data = overlapping(40, 2, 2, 5, 0);
const positive = { ...data, X: { ...data.X, data: data.X.data.map(Math.abs) } };

interface Entry {
  readonly name: string;
  readonly counts?: true;
  create(options?: { nEstimators: number }): Learner;
  fromJSON(json: ModelJSON): Model;
}

// A weight is a factor of C for a support vector machine, which so large is no margin at all.
const entries: Entry[] = [...learners, ...ensembles.values()].filter(({ name }) => !name.endsWith('-svm'));
const heavy = (weight: number) => Float64Array.from(data.y.codes, (_code, i) => weight * (1 + (i % 3)));

describe.each(entries.map((entry) => [entry.name, entry] as const))('%s with extreme weights', (name, entry) => {
  const learner = ensembles.has(name) ? entry.create({ nEstimators: 2 }) : entry.create();
  const rows = entry.counts ? positive : data;

  it.each([1e-99, 1e99])('of %f gives probabilities and a model that can be read', async (weight) => {
    const model = await learner.fit({ ...rows, weights: heavy(weight) });
    const p = await model.predictProba(rows.X);
    for (let i = 0; i < p.rows; i++) expect(p.data[2 * i]! + p.data[2 * i + 1]!).toBeCloseTo(1, 9);
    const read = entry.fromJSON(JSON.parse(JSON.stringify(model)));
    expect((await read.predictProba(rows.X)).data).toEqual(p.data);
  });

  it.each([1e-300, 1e200])('refuses %f', async (weight) => {
    await expect(learner.fit({ ...rows, weights: heavy(weight) })).rejects.toMatchObject({ code: 'bad-weights' });
  });
});
