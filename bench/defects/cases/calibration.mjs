import * as core from '@counterweight/core';
import { bestF1, binnedError, standardNormalTail, vennAbersAt } from '../truths.mjs';
import { column, labels, numbers, repeated, rows } from './shared.mjs';

const falling = { scores: [0.2, 0.4, 0.6, 0.8], labels: [1, 0, 1, 0] };
const rising = { scores: [0.2, 0.4, 0.6, 0.8], labels: [0, 1, 0, 1] };
const pairsAt = ({ scores, labels: codes }, ...asked) => {
  const model = core.inductiveVennAbers({ scores: Float64Array.from(scores), labels: Int32Array.from(codes) });
  const { p0, p1 } = model.pairs(Float64Array.from(asked));
  return asked.map((_, i) => [p0[i], p1[i]]);
};
const three = { p: [0.1, 0.1, 0.1, 0.1, 0.6, 0.6, 0.6, 0.6, 0.9, 0.9], y: [0, 0, 0, 1, 0, 0, 1, 0, 1, 1] };
const twenty = {
  s: [0.05, 0.12, 0.12, 0.2, 0.25, 0.3, 0.33, 0.4, 0.4, 0.45, 0.5, 0.55, 0.6, 0.62, 0.7, 0.7, 0.75, 0.8, 0.9, 0.95],
  y: [0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1],
};
const few = {
  scores: [...Array.from({ length: 999 }, (_, i) => (i + 1) / 1e5), 0.9],
  truth: [...repeated([979, 20]), 0],
};
const ordered = {
  p: [0.1, 0.1, 0.1, 0.1, 0.6, 0.6, 0.6, 0.6, 0.9, 0.9],
  y: [0, 0, 0, 1, 0, 1, 0, 0, 1, 1],
};
const mixed = { p: [0.1, 0.6, 0.9, 0.1, 0.6, 0.1, 0.9, 0.6, 0.1, 0.6], y: [0, 0, 1, 0, 1, 0, 1, 0, 1, 0] };
const errorOf = ({ p, y }, options) =>
  core.calibrationError({ scores: Float64Array.from(p), truth: Int32Array.from(y), ...options }).expected;

export const calibration = [
  {
    id: 'mapie-venn-abers',
    peer: 'mapie',
    title: 'Venn-Abers above all calibration scores',
    about:
      'p1 is the isotonic fit with the row itself added as positive; it then is the highest row and stands alone: exactly 1.',
    how: 'by definition: isotonic regression with the row added',
    ours: () => pairsAt(falling, 0.9)[0],
    truth: () => vennAbersAt(falling.scores, falling.labels, 0.9),
  },
  {
    id: 'venn-abers-above',
    peer: 'venn-abers',
    title: 'The same in the package it was taken from',
    about: 'Mended since.',
    how: 'by definition: isotonic regression with the row added',
    ours: () => pairsAt(falling, 0.9)[0],
    truth: () => vennAbersAt(falling.scores, falling.labels, 0.9),
  },
  {
    id: 'venn-abers-folds',
    peer: 'venn-abers',
    title: 'Cross Venn-Abers: does every fold have its own model?',
    about:
      'One estimator fitted again for every fold makes the calibrator of each fold judge scores of the last one’s model.',
    how: 'by definition',
    ours: () => {
      const fold = (shift) =>
        core.inductiveVennAbers({ scores: numbers(0.1 + shift, 0.5, 0.9), labels: Int32Array.of(0, 1, 1) });
      const cross = core.crossVennAbers([0, 1, 2, 3, 4].map((i) => fold(i / 100)));
      return new Set(cross.folds).size === 5 && cross.pairs(new Array(5).fill(numbers(0.12))).length === 5;
    },
    truth: () => true,
  },
  {
    id: 'venn-abers-absent',
    peer: 'venn-abers',
    title: 'A class without calibration rows',
    about:
      'Four rows and three classes make 4 x 3 probabilities, whatever the calibration rows held. The peer drops the third column without a word.',
    how: 'by definition',
    ours: async () => {
      const p = rows([
        [0.7, 0.2, 0.1],
        [0.5, 0.4, 0.1],
        [0.3, 0.6, 0.1],
        [0.2, 0.7, 0.1],
      ]);
      const calibrated = (await core.vennAbersCalibrator().fit(p, labels([0, 0, 1, 1], 3))).apply(p);
      return [calibrated.rows, calibrated.columns];
    },
    truth: () => [4, 3],
  },
  {
    id: 'ptocca-tie',
    peer: 'ptocca',
    title: 'Venn-Abers at a calibration score',
    about:
      'A score that equals a calibration score belongs to its group. The peer looks p0 up one group too low and p1 one too high.',
    how: 'by definition: isotonic regression with the row added',
    ours: () => pairsAt(rising, 0.2, 0.4, 0.8),
    truth: () => [0.2, 0.4, 0.8].map((at) => vennAbersAt(rising.scores, rising.labels, at)),
  },
  {
    id: 'ptocca-above',
    peer: 'ptocca',
    title: 'Venn-Abers above all calibration scores, in the first implementation',
    about: 'p1 must be 1.',
    how: 'by definition: isotonic regression with the row added',
    ours: () => pairsAt(falling, 0.9)[0],
    truth: () => vennAbersAt(falling.scores, falling.labels, 0.9),
  },
  {
    id: 'mapie-ece',
    peer: 'mapie',
    title: 'Expected calibration error in two bins',
    about: 'The peer’s two edges make one bin of all rows and one of exact zeros, so errors of opposite sign cancel.',
    how: 'by definition, bin by bin',
    ours: () => errorOf(three, { bins: 2 }),
    truth: () => binnedError(three.p, three.y, 2),
  },
  {
    id: 'mapie-ece-split',
    peer: 'mapie',
    title: 'Expected calibration error of the same rows in another order',
    about:
      'Bins of equal numbers of rows must be cut from sorted scores; the peer cuts them from the rows as they come.',
    how: 'the order of rows says nothing: both are the same',
    same: 'each other',
    ours: () => [mixed, ordered].map((one) => errorOf(one, { preset: 'adaptive', bins: 5 })),
    truth: () => null,
  },
  {
    id: 'mapie-spiegelhalter',
    peer: 'mapie',
    title: 'Spiegelhalter’s test',
    about:
      'Scores of 0.05 and 0.95 where half of each are positive (too bold), and of 0.3 and 0.7 where all are on the right side (too timid). Both are badly calibrated; the test has two sides.',
    how: 'by definition, 2 (1 - Φ(|z|))',
    tolerance: 1e-6,
    ours: () =>
      [
        { p: [0.05, 0.95], y: repeated([50, 50, 0]).concat(repeated([50, 50])) },
        { p: [0.3, 0.7], y: repeated([100, 100]) },
      ].map(({ p, y }) => {
        const scores = Float64Array.from(y, (_, i) => p[i < 100 ? 0 : 1]);
        return core.spiegelhalterTest({ scores, truth: Int32Array.from(y) }).pValue;
      }),
    truth: () => {
      const test = (p, y) => {
        const at = (i) => p[i < 100 ? 0 : 1];
        const above = y.reduce((sum, label, i) => sum + (label - at(i)) * (1 - 2 * at(i)), 0);
        const square = y.reduce((sum, _, i) => sum + (1 - 2 * at(i)) ** 2 * at(i) * (1 - at(i)), 0);
        return 2 * standardNormalTail(Math.min(11, Math.abs(above / Math.sqrt(square))));
      };
      return [
        test([0.05, 0.95], repeated([50, 50]).concat(repeated([50, 50]))),
        test([0.3, 0.7], repeated([100, 100])),
      ];
    },
  },
  {
    id: 'betacal-sign',
    peer: 'betacal',
    title: 'Beta calibration of scores that run the wrong way',
    about:
      'a and b must be at least 0, so that the curve never falls; here the best such curve is flat at 1/2. The peer drops one of the two and does not look at the other again: its curve falls.',
    how: 'the likelihood under a, b >= 0',
    tolerance: 1e-6,
    ours: async () => {
      const s = Array.from({ length: 20 }, (_, i) => 0.05 + (0.9 * i) / 19);
      const y = s.map((_, i) => Number(i < 10 ? i !== 5 : i === 14));
      const calibration = await core.betaCalibrator().fit(column(s), labels(y, 2));
      const { data } = calibration.apply(column([0.1, 0.9]));
      return [data[1], data[3]];
    },
    truth: () => [0.5, 0.5],
  },
  {
    id: 'betacal-optimum',
    peer: 'betacal',
    title: 'The maximum of the likelihood',
    about: 'The calibrated probability of 0.42 after `am` on twenty rows. The peer stops short of the maximum.',
    how: 'the likelihood maximised to machine precision, slope 0.9060475512903515 and intercept 0.07682036805428524',
    tolerance: 1e-9,
    ours: async () => {
      const calibrator = core.betaCalibrator({ parameters: 'am' });
      return (await calibrator.fit(column(twenty.s), labels(twenty.y, 2))).apply(column([0.42])).data[1];
    },
    truth: () => 1 / (1 + Math.exp(-(0.9060475512903515 * Math.log(0.42 / 0.58) + 0.07682036805428524))),
  },
  {
    id: 'betacal-warnings',
    peer: 'betacal',
    title: 'The caller’s warnings after one fit',
    about:
      'The filters of Python’s warnings afterwards: the peer has silenced all of them for the whole program. We hand what there is to say out as notices.',
    how: 'by definition',
    ours: null,
    truth: () => [],
  },
  {
    id: 'costcla-decide',
    peer: 'costcla',
    title: 'Decisions by the costs of each row',
    about:
      'A false alarm costs 4, a miss 1: flag from 4 / (4 + 1) = 0.8 on, so 0.9 is flagged. The peer cannot be imported beside today’s scikit-learn and numpy, and has no newer version.',
    how: 'by the expected costs, 0.1 x 4 < 0.9 x 1',
    ours: () => [...core.rowCostDecisions(numbers(0.9), { falsePositive: numbers(4), falseNegative: numbers(1) })],
    truth: () => [1],
  },
  {
    id: 'costcla-mutates',
    peer: 'costcla',
    title: 'The caller’s probabilities after deciding',
    about:
      'With stand-ins for what it misses the peer does run, and writes its calibrated probabilities over those it was given.',
    how: 'by definition',
    ours: () => {
      const p = numbers(0.1, 0.4, 0.7);
      core.rowCostDecisions(p, { falsePositive: numbers(4, 4, 4), falseNegative: numbers(1, 1, 1) });
      return [...p];
    },
    truth: () => [0.1, 0.4, 0.7],
  },
  {
    id: 'sklearn-threshold',
    peer: 'scikit-learn',
    title: 'The best F1 over all thresholds',
    about:
      'Twenty positive rows of a thousand, with the best scores but one; all scores but that one lie below 0.01. The peer tries 100 thresholds between the least and the largest score.',
    how: 'every threshold tried',
    ours: () =>
      core.bestThreshold({
        scores: Float64Array.from(few.scores),
        truth: Int32Array.from(few.truth),
        objective: ({ tp, fp, fn }) => (2 * tp) / (2 * tp + fp + fn),
      }).value,
    truth: () => bestF1(few.scores, few.truth),
  },
  {
    id: 'sklearn-several',
    peer: 'scikit-learn',
    title: 'Tuned decisions of three classes',
    about:
      'The peer tunes two classes only. Ours finds class weights: here a class that is never the likeliest gets its rows.',
    how: 'by construction: the weights (1, 1, 1) find two of the classes, (1, 1, 2) all three',
    ours: () =>
      core.bestClassWeights({
        probabilities: rows([
          [0.7, 0.2, 0.1],
          [0.2, 0.7, 0.1],
          [0.4, 0.3, 0.3],
        ]),
        truth: Int32Array.of(0, 1, 2),
        objective: (confusion) => core.accuracy(confusion),
      }).value,
    truth: () => 1,
  },
  {
    id: 'sklearn-calibration',
    peer: 'scikit-learn',
    title: 'Measures of calibration',
    about:
      'What there is by name. The peer has a curve to plot, the Brier score and the log loss; no calibration error, slope or intercept.',
    how: '',
    same: 'anything',
    ours: () =>
      ['calibrationError', 'calibrationRegression', 'corpDecomposition', 'integratedCalibration'].filter(
        (name) => name in core,
      ),
    truth: () => null,
  },
  {
    id: 'sklearn-calibrators',
    peer: 'scikit-learn',
    title: 'Calibrators',
    about: 'The peer has three; neither beta calibration nor Venn-Abers is among them, nor a correction for the prior.',
    how: '',
    same: 'anything',
    ours: () => core.calibrators.map(({ name }) => name).filter((name) => ['beta', 'venn-abers'].includes(name)),
    truth: () => null,
  },
];
