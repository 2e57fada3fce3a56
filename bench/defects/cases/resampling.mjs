import * as core from '@counterweight/core';
import { column, labels, repeated } from './shared.mjs';

const minority = [54, 40, 32, 17, 19, 2, 4, 1];
const moved = [...Array.from({ length: 20 }, (_, i) => i - 500), ...minority, ...minority.map((x) => x + 1024)];
const whole = [...Array.from({ length: 200 }, (_, i) => i - 200), 0, 1, 0, 1, 0, 1];
const balanced = { X: column([...Array(8).keys()]), y: labels(repeated([4, 4]), 2) };

export const resampling = [
  {
    id: 'imblearn-probabilities',
    peer: 'imbalanced-learn',
    title: 'Probabilities after under-sampling',
    about:
      'The mean probability over rows of which 5 % are positive. A model of balanced rows speaks of another world; the peer has no way back. Ours is corrected for the prior. (Draws differ between the two.)',
    how: 'the share of positive rows',
    tolerance: 0.01,
    ours: async () => {
      const stream = core.randomStream(0, 'blobs');
      const y = labels(repeated([9500, 500]), 2);
      const X = core.matrix(
        Float64Array.from({ length: 20_000 }, (_, i) => stream.normal() + y.codes[i >> 1]),
        10_000,
        2,
      );
      const { data, seenShares } = await core.treatmentNamed('random-under').treat({ X, y }, 0);
      const model = await core.logisticRegression().fit(data);
      const correction = core.priorCorrection({ trueShares: Float64Array.of(0.95, 0.05), seenShares });
      const p = correction.apply(await model.predictProba(X)).data;
      return p.reduce((sum, value, i) => sum + (i % 2) * value, 0) / 10_000;
    },
    truth: () => 0.05,
  },
  {
    id: 'imblearn-seed',
    peer: 'imbalanced-learn',
    title: 'SMOTE: does a second class repeat the draws of the first?',
    about:
      'The third class is the second one, moved. With a whole number for a seed the peer starts the same sequence anew for every class, so that its new rows are the same rows, moved: classes that should be independent are not.',
    how: 'by definition',
    ours: async () => {
      const data = { X: column(moved), y: labels(repeated([20, 8, 8]), 3) };
      const { data: made } = await core.smote({ seed: 0, kNeighbors: 3 }).resample(data);
      const added = [...made.X.data.subarray(36)];
      return added.slice(12).every((value, i) => Math.abs(value - 1024 - added[i]) < 1e-6);
    },
    truth: () => false,
  },
  {
    id: 'imblearn-duplicates',
    peer: 'imbalanced-learn',
    title: 'Rows among their own neighbours',
    about:
      'Five equal rows and another one, three neighbours each. The peer drops the first that its search returns, which among equal rows may be any of them.',
    how: 'a row is not its own neighbour',
    ours: async () => {
      const { indices, k } = await core.nearestNeighbours({ reference: column([0, 0, 0, 0, 0, 1]), k: 3 });
      return indices.reduce((count, other, i) => count + Number(other === Math.floor(i / k)), 0);
    },
    truth: () => 0,
  },
  {
    id: 'imblearn-integers',
    peer: 'imbalanced-learn',
    title: 'SMOTE of whole numbers',
    about:
      'Three rows are 0 and three are 1; new rows lie between, with a mean of 1/2 but for chance. The peer cuts what lies between down to 0 where the column is of whole numbers.',
    how: 'by symmetry',
    tolerance: 0.1,
    ours: async () => {
      const data = { X: column(whole), y: labels(repeated([200, 6]), 2) };
      const { data: made } = await core.smote({ seed: 0 }).resample(data);
      return made.X.data.subarray(206).reduce((sum, value) => sum + value, 0) / 194;
    },
    truth: () => 0.5,
  },
  {
    id: 'imblearn-balanced',
    peer: 'imbalanced-learn',
    title: 'Over-sampling to a ratio of 1 where it is 1 already',
    about: 'There is nothing to do, and 8 rows stay 8, as in the peer’s own under-sampling.',
    how: 'by definition',
    ours: async () => (await core.randomOver({ samplingStrategy: 1 }).resample(balanced)).data.y.codes.length,
    truth: () => 8,
  },
  {
    id: 'imblearn-balanced-under',
    peer: 'imbalanced-learn',
    title: 'Under-sampling to a ratio of 1 where it is 1 already',
    about: 'The other side of the previous example.',
    how: 'by definition',
    ours: async () => (await core.randomUnder({ samplingStrategy: 1 }).resample(balanced)).data.y.codes.length,
    truth: () => 8,
  },
];
