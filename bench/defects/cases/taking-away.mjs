import * as core from '@counterweight/core';
import { column, labels, range, repeated, rows } from './shared.mjs';

/** Which rows a method keeps, as the numbers in their one column. */
const keptOf = async (method, values, codes, classes) => {
  const y = { codes: Int32Array.from(codes), classes };
  return [...(await method.resample({ X: column(values), y })).data.X.data];
};
const thousand = column(range(1000));

export const takingAway = [
  {
    id: 'imblearn-condensed',
    peer: 'imbalanced-learn',
    title: 'What the condensed rule keeps',
    about:
      'Rows that the nearest of the kept rows misclassifies. By Hart’s rule there are none. The peer takes numbers of rows within a class for numbers of rows among all, and passes some by; of a hundred random sets we found it so in 54.',
    how: 'by definition',
    ours: async () => {
      const X = rows(range(16).map((i) => [(i * 11) % 101, (i * i * 7) % 97]));
      const y = labels(
        range(16).map((i) => Number(i % 3 === 0)),
        2,
      );
      const { data } = await core.condensedNearestNeighbour().resample({ X, y });
      const { indices } = await core.nearestNeighbours({ reference: data.X, queries: X, k: 1 });
      return indices.filter((nearest, row) => data.y.codes[nearest] !== y.codes[row]).length;
    },
    truth: () => 0,
  },
  {
    id: 'imblearn-hardness',
    peer: 'imbalanced-learn',
    title: 'Instance hardness with the labels -1 and 1',
    about:
      'Of twenty rows of class -1 the five easiest are to stay. Those from 15 on lie among class 1: how many of them stay? The peer takes the label for the number of a column of probabilities, and -1 is the last one, so that it keeps the hardest. With the labels 1 and 2, or words, it stops.',
    how: 'the easiest rows lie at the other end',
    ours: async () => {
      const method = core.instanceHardnessThreshold({ estimator: core.logisticRegression() });
      const kept = await keptOf(method, [...range(20), ...range(5, 15.5)], repeated([20, 5]), [-1, 1]);
      return kept.filter((value) => value >= 15 && Number.isInteger(value)).length;
    },
    truth: () => 0,
  },
  {
    id: 'imblearn-repeated',
    peer: 'imbalanced-learn',
    title: 'Repeated editing: do the row numbers give the rows?',
    about:
      'Nothing is to be removed here, and labels are not sorted. The peer’s `sample_indices_` are put in another order once too often.',
    how: 'by definition',
    ours: async () => {
      const X = column([...range(6), ...range(5, 100), ...range(6, 6)]);
      const y = labels([...new Array(6).fill(1), ...new Array(5).fill(0), ...new Array(6).fill(1)], 2);
      const { data, provenance } = await core.repeatedEditedNearestNeighbours().resample({ X, y });
      return data.X.data.every((value, i) => value === X.data[provenance.source[i]]);
    },
    truth: () => true,
  },
  {
    id: 'imblearn-words',
    peer: 'imbalanced-learn',
    title: 'Editing by majority where classes are words',
    about:
      'One row of class b lies among those of class a, and goes. The peer asks a function of SciPy that takes numbers only.',
    how: 'by hand',
    ours: () =>
      keptOf(
        core.editedNearestNeighbours({ kindSel: 'mode', samplingStrategy: 'all' }),
        [...range(8), 3.5, ...range(4, 100)],
        repeated([8, 5]),
        ['a', 'b'],
      ),
    truth: () => [...range(8), ...range(4, 100)],
  },
  {
    id: 'imblearn-callable',
    peer: 'imbalanced-learn',
    title: 'Tomek links: a function that names the classes to clean',
    about:
      'The peer documents it, and fails whatever the function gives. Of the one link, 3 and 3.4, class a loses its row.',
    how: 'by hand',
    ours: () =>
      keptOf(
        core.tomekLinks({ samplingStrategy: () => ['a'] }),
        [...range(8), 3.4, ...range(4, 100)],
        repeated([8, 5]),
        ['a', 'b'],
      ),
    truth: () => [0, 1, 2, 4, 5, 6, 7, 3.4, ...range(4, 100)],
  },
  {
    id: 'imblearn-centroids',
    peer: 'imbalanced-learn',
    title: 'Real rows in place of centroids: which?',
    about:
      'With `voting="hard"` rows of the input are kept, eight different ones here. The peer does not say which they are.',
    how: 'four of each class',
    ours: async () => {
      const data = { X: column([0, 0, 0, 1, 5, 9, ...range(4, 100)]), y: labels(repeated([6, 4]), 2) };
      const { provenance } = await core.clusterCentroids({ voting: 'hard' }).resample(data);
      return new Set(provenance.source).size;
    },
    truth: () => 8,
  },
  {
    id: 'imblearn-bagging',
    peer: 'imbalanced-learn',
    title: 'Balanced bagging with three rare rows in a thousand',
    about:
      'Twenty fits with other seeds; how many succeed? A bootstrap of all rows may miss a class of three rows, and the peer then stops: 8 of the 20 fits failed. Ours draws within classes.',
    how: 'each fit has what it needs',
    ours: async () => {
      const y = labels(repeated([997, 3]), 2);
      let fits = 0;
      for (let seed = 0; seed < 20; seed++) {
        await core.balancedBagging({ seed }).fit({ X: thousand, y });
        fits++;
      }
      return fits;
    },
    truth: () => 20,
  },
  {
    id: 'imblearn-out-of-bag',
    peer: 'imbalanced-learn',
    title: 'A balanced random forest and the rows that its trees have not seen',
    about:
      'Each tree leaves most rows out, so that they can judge it; one column parts the classes, and the out-of-bag accuracy must be high. The peer refuses with its default options.',
    how: 'more than 0.95',
    ours: async () => {
      const y = labels(repeated([900, 100]), 2);
      const { outOfBag } = await core.balancedRandomForest({ oobScore: true }).fit({ X: thousand, y });
      const right = y.codes.filter((code, row) => outOfBag.data[2 * row + code] > 0.5).length;
      return right / 1000 > 0.95;
    },
    truth: () => true,
  },
  {
    id: 'imblearn-members',
    peer: 'imbalanced-learn',
    title: 'RUSBoost: what does its first member say?',
    about: 'The peer keeps copies of its members that were made before they learned.',
    how: 'the two rows lie far on either side',
    ours: async () => {
      const y = labels(repeated([900, 100]), 2);
      const { members } = await core.rusBoost({ nEstimators: 5 }).fit({ X: thousand, y });
      const p = await members[0].predictProba(column([10, 990]));
      return [p.data[1], p.data[3]].map((value) => Number(value > 0.5));
    },
    truth: () => [0, 1],
  },
];
