import * as core from '@counterweight/core';
import { column, labels, range, repeated } from './shared.mjs';

const two = (values, counts) => ({ X: column(values), y: labels(repeated(counts), 2) });
/** Rows of each class afterwards. */
const countsOf = async (method, data) => {
  const { codes, classes } = (await method.resample(data)).data.y;
  return classes.map((_, code) => codes.filter((other) => other === code).length);
};

export const literature = [
  {
    id: 'sv-gap',
    peer: 'smote-variants',
    title: 'SMOTE: where between two rows?',
    about:
      'The variance of the place on the way from a row to its neighbour, from 0 to 1. It is drawn evenly, says the paper. The peer divides two draws by their sum, and new rows crowd in the middle.',
    how: 'that of the uniform distribution, 1/12',
    tolerance: 0.005,
    ours: async () => {
      const pairs = range(20, 0, 1000).flatMap((start) => [start, start + 1]);
      const { data } = await core.smote({ kNeighbors: 1 }).resample(two([...range(2000, -5000), ...pairs], [2000, 40]));
      const places = data.X.data.subarray(2040).map((value) => value % 1000);
      const mean = places.reduce((sum, place) => sum + place, 0) / places.length;
      return places.reduce((sum, place) => sum + (place - mean) ** 2, 0) / places.length;
    },
    truth: () => 1 / 12,
  },
  {
    id: 'sv-ccr',
    peer: 'smote-variants',
    title: 'CCR: is anything cleaned?',
    about:
      'A common row lies at 1, beside a rare one at 0 whose sphere has an energy of 2 to spend: it grows to 1 for 1, and the rest, at twice the price, brings it to 1.5. There the common row must go. The peer works that out, and gives the rows back as they were. (Our energy is in units of the data’s range, 1000.)',
    how: 'by hand',
    ours: async () => {
      const data = two([1, ...range(19, 10), 0, 1000], [20, 2]);
      return (await core.ccr({ energy: 2 / 1000 }).resample(data)).data.X.data[0];
    },
    truth: () => 1.5,
  },
  {
    id: 'sv-ipf',
    peer: 'smote-variants',
    title: 'SMOTE-IPF with the labels 1 and 2',
    about:
      'The classes lie far apart; no row is noise. The peer holds the mean of the votes against one half, which is right for the labels 0 and 1: here it removes a whole class.',
    how: 'the rows asked for',
    ours: () => {
      const { X, y } = two([...range(60), ...range(20, 1000)], [60, 20]);
      return countsOf(core.smoteIpf(), { X, y: { codes: y.codes, classes: [1, 2] } });
    },
    truth: () => [60, 60],
  },
  {
    id: 'sv-smobd-noise',
    peer: 'smote-variants',
    title: 'SMOBD: new rows around a row of noise',
    about:
      'One rare row lies far from the twenty others. What is farther from its neighbours than 1.8 times the mean is noise and gets no new rows. The peer takes the mean over a distance that is infinite, so that nothing is ever noise.',
    how: 'by definition',
    ours: async () => {
      const values = [...range(100).map((i) => i / 10 - 50), ...range(20).map((i) => i / 20), 5];
      const { data } = await core.smobd().resample(two(values, [100, 21]));
      return data.X.data.subarray(121).filter((value) => value > 1.5).length;
    },
    truth: () => 0,
  },
  {
    id: 'sv-smobd-idle',
    peer: 'smote-variants',
    title: 'SMOBD where neighbours are 3 apart',
    about:
      'Rows of the rare class afterwards. The peer’s `max_eps` of 1 is in units of the data: where no row has four others that near it gives the input back. Ours is in units of the range.',
    how: 'the rows asked for',
    ours: async () => (await countsOf(core.smobd(), two([...range(60, 0, 3), ...range(20, 1000, 3)], [60, 20])))[1],
    truth: () => 60,
  },
  {
    id: 'sv-polynom',
    peer: 'smote-variants',
    title: 'Polynomial fitting: 17 rows for a class of 22',
    about: 'The peer makes as many rows as the class has, or twice as many, or three times.',
    how: 'the rows asked for',
    ours: async () =>
      (await countsOf(core.polynomFitSmote({ topology: 'star' }), two([...range(39), ...range(22, 100)], [39, 22])))[1],
    truth: () => 39,
  },
  {
    id: 'sv-three',
    peer: 'smote-variants',
    title: 'SMOTE of three classes',
    about:
      'The peer looks at two of the classes and says nothing of the third; `MulticlassOversampling` is there for it, for who knows.',
    how: 'the rows asked for',
    ours: () => {
      const X = column([...range(60), ...range(30, 100), ...range(20, 200)]);
      return countsOf(core.smote(), { X, y: labels(repeated([60, 30, 20]), 3) });
    },
    truth: () => [60, 60, 60],
  },
  {
    id: 'sv-one',
    peer: 'smote-variants',
    title: 'SMOTE of a class of one row',
    about:
      'It has no neighbour. The peer gives the input back. Ours stops, unless told to copy the row (`onTooFew: "random"`).',
    how: 'what cannot be done is said',
    ours: () =>
      core
        .smote()
        .resample(two([...range(99), 200], [99, 1]))
        .catch((error) => error.code),
    truth: () => 'too-few-rows',
  },
];
