import * as core from '@counterweight/core';
import { borderOnLine, intraInterOnLine, leftAfterColumns } from '../truths.mjs';
import { column, labels, repeated, rows } from './shared.mjs';

const line = { X: [0, 1, 3, 5, 6, 9], y: [0, 0, 0, 1, 1, 1] };
const eight = [
  [2, 3, 4],
  [5, 0, 0],
  [4, 5, 1],
  [1, 5, 2],
  [1, 4, 1],
  [2, 3, 3],
  [0, 0, 5],
  [4, 5, 3],
];
const onLine = ({ X, y }) => ({ X: column(X), y: labels(y, 2) });
const find = (search, options) => core.nearestNeighbours(search, options);

export const measures = [
  {
    id: 'problexity-n2',
    peer: 'problexity',
    title: 'N2: distances within and between classes',
    about:
      'The peer takes the second nearest row of the other class for the nearest, as if the first were the row itself.',
    how: 'by definition, all distances',
    ours: async () => {
      const data = onLine(line);
      return core.intraInterRatio(data.y, await core.pairGeometry(data)).value;
    },
    truth: () => intraInterOnLine(line.X, line.y),
  },
  {
    id: 'problexity-n1',
    peer: 'problexity',
    title: 'N1: rows on the border',
    about:
      'The share of rows that touch an edge of the minimum spanning tree between classes: 2 of 6. The peer gives edges over twice the rows.',
    how: 'by definition, the tree of points on a line',
    ours: async () => {
      const data = onLine(line);
      return core.borderlineFraction(data.y, await core.pairGeometry(data)).value;
    },
    truth: () => borderOnLine(line.X, line.y),
  },
  {
    id: 'problexity-n1-duplicates',
    peer: 'problexity',
    title: 'N1: two classes at one place',
    about:
      'Two equal rows of different classes are joined by an edge of length 0, and both are on the border. The peer takes such an edge for none.',
    how: 'by definition, the tree of points on a line',
    ours: async () => {
      const data = onLine({ X: [0, 0], y: [0, 1] });
      return core.borderlineFraction(data.y, await core.pairGeometry(data)).value;
    },
    truth: () => borderOnLine([0, 0], [0, 1]),
  },
  {
    id: 'problexity-n4',
    peer: 'problexity',
    title: 'N4: the nearest neighbour between rows of a class',
    about:
      'Two rare rows far from all others: a row between them has one of them nearest, so the error is 0. The peer asks five neighbours, three of which are of the other class.',
    how: 'by construction',
    ours: async () => {
      const X = [...Array(20).keys(), 100, 101];
      return (await core.nearestNeighbourNonlinearity(onLine({ X, y: repeated([20, 2]) }), { find })).value;
    },
    truth: () => 0,
  },
  {
    id: 'problexity-c2',
    peer: 'problexity',
    title: 'C2: three classes of equal size',
    about: 'Balanced, so 0. The peer’s factor is that of two classes.',
    how: 'by definition',
    ours: () => core.classRatioImbalance([3, 3, 3]),
    truth: () => 0,
  },
  {
    id: 'problexity-f4',
    peer: 'problexity',
    title: 'F4: what all columns together leave',
    about:
      'Each column in turn takes away the rows that it sets apart. The peer forgets which rows are gone when it counts what a column sets apart.',
    how: 'by definition, column after column',
    ours: () => core.collectiveFeatureEfficiency({ X: rows(eight), y: labels(repeated([4, 4]), 2) }).value,
    truth: () => leftAfterColumns(eight, repeated([4, 4])),
  },
  {
    id: 'problexity-f1',
    peer: 'problexity',
    title: 'F1: Fisher’s ratio',
    about:
      'Means 1 and 5 around 3, all rows 1 from their mean: between / within = 16 / 4, and 1 / (1 + 4). The peer counts what lies between the two classes twice.',
    how: 'by hand',
    ours: () => core.fisherRatio(onLine({ X: [0, 2, 4, 6], y: [0, 0, 1, 1] })).value,
    truth: () => 0.2,
  },
  {
    id: 'problexity-t1',
    peer: 'problexity',
    title: 'T1: a chain of 1,500 nearest enemies',
    about:
      'Each row’s nearest enemy is the next row. The radius of a sphere hangs on that of the next; the peer calls itself once a row of the chain.',
    how: 'by hand: no sphere reaches farther than to the next row, and none of its own class is as near',
    ours: async () => {
      const X = Array.from({ length: 1500 }, (_, i) => (i + 1) * 1500 - (i * (i + 1)) / 2);
      const data = onLine({ X, y: X.map((_, i) => i % 2) });
      return (await core.coveringSpheres(data, await core.pairGeometry(data))).value;
    },
    truth: () => 1,
  },
  {
    id: 'problexity-t1-duplicates',
    peer: 'problexity',
    title: 'T1: both classes at the same places',
    about:
      'Of 200 sets of 30 rows at four places, for how many is there an answer? We had read its source to recurse for ever here; it does not.',
    how: 'by definition',
    ours: async () => {
      const stream = core.randomStream(0, 'places');
      let answered = 0;
      for (let repeat = 0; repeat < 200; repeat++) {
        const data = onLine({
          X: Array.from({ length: 30 }, () => stream.integer(4)),
          y: Array.from({ length: 30 }, (_, i) => i % 2),
        });
        const { value } = await core.coveringSpheres(data, await core.pairGeometry(data));
        answered += Number(Number.isFinite(value));
      }
      return answered;
    },
    truth: () => 200,
  },
  {
    id: 'imblearn-specificity',
    peer: 'imbalanced-learn',
    title: 'Specificity with weights',
    about:
      'Two of three negative rows are right; weighing every row 1, 2, 1/2 or 3 changes nothing. The peer subtracts weights from a number of rows.',
    how: 'by definition: equal weights cancel',
    ours: () =>
      [1, 2, 0.5, 3].map((weight) => {
        const [truth, predicted] = [Int32Array.of(0, 0, 0, 1, 1), Int32Array.of(0, 0, 1, 1, 0)];
        const confusion = core.confusionMatrix(truth, predicted, 2, new Float64Array(5).fill(weight));
        return core.specificity(core.binaryCounts(confusion, 1));
      }),
    truth: () => new Array(4).fill(2 / 3),
  },
  {
    id: 'imblearn-mae',
    peer: 'imbalanced-learn',
    title: 'Macro-averaged absolute error where a class is predicted that has no rows',
    about: 'Class 0 errs by 0 and 1, class 1 by 0 and 1: the mean over the classes that have rows is 1/2.',
    how: 'by hand',
    ours: () => core.macroAbsoluteError(core.confusionMatrix(Int32Array.of(0, 0, 1, 1), Int32Array.of(0, 1, 1, 2), 3)),
    truth: () => 0.5,
  },
];
