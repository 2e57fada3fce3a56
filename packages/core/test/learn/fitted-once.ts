import type { Dataset } from '../../src/data/dataset.ts';
import type { Learner, Model } from '../../src/learn/learner.ts';

/** Fits each learner once to each number of classes, for all tests that only look: most of the time goes into fitting. */
export function fittedOnce<Entry extends { readonly name: string }>(
  create: (entry: Entry) => Learner,
): (entry: Entry, data: Dataset) => Promise<Model> {
  const models = new Map<string, Promise<Model>>();
  return (entry, data) => {
    const key = `${entry.name} ${data.y.classes.length}`;
    const model = models.get(key) ?? create(entry).fit(data);
    models.set(key, model);
    return model;
  };
}
