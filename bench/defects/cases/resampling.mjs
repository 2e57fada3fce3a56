import * as core from '@counterweight/core';
import { column, labels, range, repeated } from './shared.mjs';

const minority = [54, 40, 32, 17, 19, 2, 4, 1];
const moved = [...Array.from({ length: 20 }, (_, i) => i - 500), ...minority, ...minority.map((x) => x + 1024)];
const whole = [...Array.from({ length: 200 }, (_, i) => i - 200), 0, 1, 0, 1, 0, 1];
const balanced = { X: column([...Array(8).keys()]), y: labels(repeated([4, 4]), 2) };

/** How many rows of the last class there are afterwards. */
const countOf = async (method, data) => {
  const { codes, classes } = (await method.resample(data)).data.y;
  return codes.filter((code) => code === classes.length - 1).length;
};
const two = (values, counts) => ({ X: column(values), y: labels(repeated(counts), 2) });

/** Colours of the rows that SMOTE-NC adds to a class of ten red rows among forty of four colours. */
async function coloursOf(scale) {
  const numeric = { kind: 'numeric', name: 'size', values: Float64Array.from(range(50), (i) => ((i * 7) % 3) * scale) };
  const codes = Int32Array.from(range(50), (i) => (i < 40 ? i % 4 : 0));
  const colours = ['red', 'blue', 'green', 'grey'];
  const colour = { kind: 'categorical', name: 'colour', codes, dictionary: colours };
  const X = { kind: 'table', rows: 50, columns: [numeric, colour] };
  const { data } = await core.smoteNc({ seed: 0 }).resample({ X, y: labels(repeated([40, 10]), 2) });
  return [...new Set(data.X.columns[1].codes.subarray(50))].sort();
}

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
  {
    id: 'imblearn-borderline-idle',
    peer: 'imbalanced-learn',
    title: 'Borderline-SMOTE of a class that stands apart',
    about:
      'No row of the rare class is in danger, and the peer adds nothing without a word. Ours makes the rows that SMOTE would, and says so in a notice.',
    how: 'the rows asked for',
    ours: async () => countOf(core.borderlineSmote(), two([...range(30), ...range(12, 100)], [30, 12])),
    truth: () => 30,
  },
  {
    id: 'imblearn-borderline-step',
    peer: 'imbalanced-learn',
    title: 'Borderline-SMOTE 2: how far towards the other class?',
    about:
      'By the paper a step towards a row of the other class is uniform up to one half, 1/4 in the mean. The peer multiplies two draws, the second from the same sequence as the choice of the rows.',
    how: 'the mean of the uniform distribution up to 1/2',
    tolerance: 0.02,
    ours: async () => {
      const positions = [...range(20, 0, 10), ...range(20, 1, 10), ...range(20, -1000, -1)];
      const data = two(positions, [20, 40]);
      const options = { samplingStrategy: { 0: 4020 }, kind: 'borderline-2', kNeighbors: 1, mNeighbors: 4 };
      const { provenance } = await core.borderlineSmote(options).resample(data);
      const steps = provenance.gap.filter((_, i) => data.y.codes[provenance.neighbour[i]] === 1);
      return steps.reduce((sum, step) => sum + step, 0) / steps.length;
    },
    truth: () => 0.25,
  },
  {
    id: 'imblearn-adasyn-pure',
    peer: 'imbalanced-learn',
    title: 'ADASYN where one class of three stands apart',
    about:
      'One class without a neighbour of another stops the peer for all classes. Ours makes that class’s rows as SMOTE would, with a notice.',
    how: 'the rows asked for',
    ours: async () => {
      const X = column([...range(30), ...range(12, 1.5, 2), ...range(12, 100)]);
      const { data } = await core.adasyn().resample({ X, y: labels(repeated([30, 12, 12]), 3) });
      return [0, 1, 2].map((label) => data.y.codes.filter((code) => code === label).length);
    },
    truth: () => [30, 30, 30],
  },
  {
    id: 'imblearn-adasyn-count',
    peer: 'imbalanced-learn',
    title: 'ADASYN: 15 rows shared by 12',
    about: 'The peer rounds each row’s share by itself. Ours shares by largest remainder.',
    how: 'the rows asked for',
    ours: async () =>
      countOf(core.adasyn({ samplingStrategy: { 1: 27 } }), two([...range(30), ...range(12, 1.6, 2)], [30, 12])),
    truth: () => 27,
  },
  {
    id: 'imblearn-svm',
    peer: 'imbalanced-learn',
    title: 'SVM-SMOTE where all support vectors are safe',
    about:
      'The peer splits the new rows at random between support vectors in danger and safe ones, and drops the part of the kind that is missing: about half of the rows.',
    how: 'the rows asked for',
    ours: async () => countOf(core.svmSmote(), two([...range(30), ...range(12, 40)], [30, 12])),
    truth: () => 30,
  },
  {
    id: 'imblearn-kmeans-stop',
    peer: 'imbalanced-learn',
    title: 'k-means SMOTE of a class that is rare everywhere',
    about:
      'No cluster has the rare class in its majority, and the peer stops. Ours takes the clusters in which the class is as frequent as in the data, and says so.',
    how: 'the rows asked for',
    ours: async () => countOf(core.kMeansSmote({ nClusters: 2 }), two([...range(60), ...range(12, 2.5, 5)], [60, 12])),
    truth: () => 60,
  },
  {
    id: 'imblearn-kmeans-count',
    peer: 'imbalanced-learn',
    title: 'k-means SMOTE in three clusters',
    about: 'The peer rounds the share of every cluster up.',
    how: 'the rows asked for',
    ours: async () =>
      countOf(
        core.kMeansSmote({ nClusters: 4 }),
        two([...range(30), ...range(5, 100), ...range(5, 200, 1.5), ...range(5, 300, 2.5)], [30, 15]),
      ),
    truth: () => 30,
  },
  {
    id: 'imblearn-smoothed',
    peer: 'imbalanced-learn',
    title: 'Smoothed bootstrap of ten rows among a thousand',
    about:
      'Standard deviation of new rows drawn around 0, 1, …, 9. The kernel’s width follows from the number of rows of the class; the peer takes the number of all rows, and the new rows lie too close to the old ones.',
    how: 'the variance of the ten rows plus that of the kernel',
    tolerance: 0.05,
    ours: async () => {
      const method = core.randomOver({ samplingStrategy: { 0: 40_010 }, shrinkage: 1 });
      const { data } = await method.resample(two([...range(10), ...range(1000, -5000)], [10, 1000]));
      const made = data.X.data.subarray(1010);
      const mean = made.reduce((sum, value) => sum + value, 0) / made.length;
      return Math.sqrt(made.reduce((sum, value) => sum + (value - mean) ** 2, 0) / made.length);
    },
    truth: () => Math.sqrt(8.25 + (4 / 30) ** (2 / 5) * (82.5 / 9)),
  },
  {
    id: 'imblearn-smotenc-integers',
    peer: 'imbalanced-learn',
    title: 'SMOTE-NC: colours of new rows where every row of the class is red',
    about:
      'Ten rare rows are all red (code 0), the forty others of four colours. In an array of whole numbers the peer cuts the weight of a category down to 0, so that every colour has as many votes: new rows are of colours that no row of their class has.',
    how: 'the colours of the class',
    ours: async () => coloursOf(1),
    truth: () => [0],
  },
  {
    id: 'imblearn-smotenc-scale',
    peer: 'imbalanced-learn',
    title: 'SMOTE-NC: the same with numbers on a small scale',
    about:
      'The same rows with numbers of the size of 1e-9, as in metres for nanometres. The peer takes sums of votes that differ by less than 1e-8 for equal.',
    how: 'the colours of the class',
    ours: async () => coloursOf(1e-9),
    truth: () => [0],
  },
];
