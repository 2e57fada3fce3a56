import * as core from '@counterweight/core';
import { rankRule } from '../truths.mjs';
import { column, fairlySure, labels, numbers, repeated, rows } from './shared.mjs';

const hundredths = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
const twentyFourths = Array.from({ length: 24 }, (_, i) => (i + 1) / 25);
const tenOfTen = Array.from({ length: 100 }, (_, i) => i % 10);

export const conformal = [
  {
    id: 'mapie-rank',
    peer: 'mapie',
    title: 'The quantile of split conformal prediction',
    about:
      'Of n = 99 scores and alpha = 0.1 the bound is the (n + 1)(1 - alpha) = 90th smallest. One higher covers more than was asked for, in larger sets.',
    how: 'by the rank rule in whole numbers',
    ours: () => core.conformalQuantile(Float64Array.from(hundredths), 0.1),
    truth: () => rankRule(hundredths, 10),
  },
  {
    id: 'mapie-rank-float',
    peer: 'mapie',
    title: 'The same where 1 - alpha is not a binary fraction',
    about: '100 x (1 - 0.42) is 58.00000000000001 in floating point, and its ceiling 59.',
    how: 'by the rank rule in whole numbers',
    ours: () => core.conformalQuantile(Float64Array.from(hundredths), 0.42),
    truth: () => rankRule(hundredths, 42),
  },
  {
    id: 'mapie-few-rows',
    peer: 'mapie',
    title: 'Too few calibration rows',
    about: 'Five rows cannot bound a tenth: the rank is 6 of 5, the bound infinity, and every label is in the set.',
    how: 'by the rank rule in whole numbers',
    ours: () => core.conformalQuantile(numbers(0.1, 0.2, 0.3, 0.4, 0.5), 0.1),
    truth: () => rankRule([0.1, 0.2, 0.3, 0.4, 0.5], 10),
  },
  {
    id: 'mapie-raps',
    peer: 'mapie',
    title: 'RAPS: from which rank labels pay',
    about:
      'With k* = 3 and lambda = 0.5 only the fourth label pays 0.5. While it tunes lambda, the peer takes lambda for k*; its step is called by hand here.',
    how: 'by hand',
    ours: () => {
      const scores = new Float64Array(4);
      const score = core.raps({ lambda: 0.5, kReg: 3, randomised: false });
      score.scoreRows(numbers(0.5, 0.2, 0.2, 0.1), 4, 0, 1, numbers(0), scores);
      return [...scores];
    },
    truth: () => [0.5, 0.7, 0.9, 1.5],
  },
  {
    id: 'mapie-cross',
    peer: 'mapie',
    title: 'CV+: how many scores a label must reach',
    about:
      'A label is in the set iff fewer than (1 - alpha)(n + 1) = 22.5 of the n = 24 scores lie below its own. For the first label these are 22.',
    how: 'by counting',
    ours: () => {
      const p = rows(twentyFourths.map((score) => [1 - score, score]));
      const folds = Int32Array.from(twentyFourths, (_, i) => i % 4);
      const model = core.cvPlus().fit(p, labels(new Array(24).fill(0), 2), { folds });
      const asked = rows([[0.1, 0.9]]);
      return [...model.sets([asked, asked, asked, asked], { alpha: 0.1 }).members].map(Boolean);
    },
    truth: () => [0.9, 0.1].map((own) => twentyFourths.filter((score) => score < own).length < 0.9 * 25),
  },
  {
    id: 'mapie-martingale',
    peer: 'mapie',
    title: 'The p-value of the exchangeability martingale',
    about:
      'The mean of (ties broken at random) p-values of exchangeable rows is 1/2. If it is larger, the martingale has no level: it grows without any drift.',
    how: 'by exchangeability',
    tolerance: 0.01,
    ours: () => {
      const stream = core.randomStream(0, 'rows');
      let sum = 0;
      for (let repeat = 0; repeat < 20_000; repeat++) {
        const scores = Float64Array.from({ length: 10 }, stream.uniform);
        sum += core.onlinePValues({ reference: scores.subarray(1), scores: scores.subarray(0, 1), seed: repeat })[0];
      }
      return sum / 20_000;
    },
    truth: () => 0.5,
  },
  {
    id: 'crepes-online',
    peer: 'crepes',
    title: 'p-values that learn on the way, without smoothing',
    about:
      'Both rows are stranger than all four before them: (0 + 1) / 5, then (1 + 1) / 6 with the first of them. The peer compares with calibration scores in place of the rows asked about.',
    how: 'by counting',
    ours: () => [
      ...core.onlinePValues({
        reference: numbers(0.9, 0.8, 0.7, 0.6),
        scores: numbers(0.95, 0.95),
        ties: numbers(1, 1),
      }),
    ],
    truth: () => [1 / 5, 2 / 6],
  },
  {
    id: 'crepes-online-mondrian',
    peer: 'crepes',
    title: 'The same by category',
    about: 'Each row is stranger than the two of its category: (0 + 1) / 3.',
    how: 'by counting',
    ours: () =>
      [numbers(0.9, 0.8), numbers(0.7, 0.6)].map(
        (reference) => core.onlinePValues({ reference, scores: numbers(0.95), ties: numbers(1) })[0],
      ),
    truth: () => [1 / 3, 1 / 3],
  },
  {
    id: 'torchcp-worst-slice',
    peer: 'torchcp',
    title: 'Worst-slice coverage',
    about:
      'No row with x <= 0.2 is covered, all others are: the worst slice has a coverage of 0. The peer hands its search the labels where coverage belongs.',
    how: 'by construction',
    ours: () => {
      const x = Array.from({ length: 1000 }, (_, i) => i / 999);
      const covered = Uint8Array.from(x, (value) => Number(value > 0.2));
      return core.worstSliceCoverage({ X: column(x), covered, delta: 0.1, directions: 20 }).coverage;
    },
    truth: () => 0,
  },
  {
    id: 'torchcp-clustered',
    peer: 'torchcp',
    title: 'Clustered prediction where clustering is skipped',
    about:
      'Ten classes of ten calibration rows are too few to cluster; then one bound holds for all (so the code of the method’s authors), and each set has one label. The peer puts every label into every set.',
    how: 'by the rank rule on equal scores',
    ours: () => {
      const p = fairlySure(tenOfTen, 10);
      const model = core.clusteredConformal().fit(p, labels(tenOfTen, 10));
      return model.sets(p, { alpha: 0.1 }).sizes.reduce((sum, size) => sum + size, 0) / 100;
    },
    truth: () => 1,
  },
  {
    id: 'torchcp-clustered-again',
    peer: 'torchcp',
    title: 'Calibrating a second time',
    about:
      'A predictor that was calibrated before should give what a fresh one gives. The peer keeps the number of clusters that it chose for the first rows.',
    how: 'by definition',
    ours: () => {
      const many = Array.from({ length: 1000 }, (_, i) => i % 10);
      const used = core.clusteredConformal();
      used.fit(fairlySure(tenOfTen, 10), labels(tenOfTen, 10));
      const [again, fresh] = [used, core.clusteredConformal()].map((predictor) =>
        predictor.fit(fairlySure(many, 10), labels(many, 10)).sets(fairlySure(tenOfTen, 10), { alpha: 0.1 }),
      );
      return again.members.every((member, i) => member === fresh.members[i]);
    },
    truth: () => true,
  },
  {
    id: 'torchcp-proportional',
    peer: 'torchcp',
    title: 'Half of the rows for clustering',
    about:
      'With `split="proportional"` half of the rows of each class are to be taken; the peer draws them with replacement. We have the random split of the method’s authors only.',
    how: 'by definition',
    ours: null,
    truth: () => 500,
  },
  {
    id: 'torchcp-rc3p',
    peer: 'torchcp',
    title: 'RC3P from given scores',
    about: 'Every row ranks its own class first with the same score, so every set has one label.',
    how: 'by the rank rule on equal scores',
    ours: () => {
      const codes = Array.from({ length: 100 }, (_, i) => i % 2);
      const p = fairlySure(codes, 2);
      const sets = core.rc3p().fit(p, labels(codes, 2)).sets(p, { alpha: 0.1 });
      return sets.sizes.reduce((sum, size) => sum + size, 0) / 100;
    },
    truth: () => 1,
  },
  {
    id: 'puncc-batch',
    peer: 'puncc',
    title: 'Adaptive sets of one row, of five, of twenty',
    about:
      'Ten equally likely labels; nine are needed. What the set of a row is cannot depend on how many rows are asked about beside it. The peer cuts sets at the number of rows.',
    how: 'by hand',
    ours: () => {
      const even = (count) => rows(Array.from({ length: count }, () => new Array(10).fill(0.1)));
      const codes = Array.from({ length: 99 }, (_, i) => i % 10);
      const model = core.splitConformal({ score: core.aps({ randomised: false }) }).fit(even(99), labels(codes, 10));
      return [1, 5, 20].map((count) => model.sets(even(count), { alpha: 0.1 }).sizes[0]);
    },
    truth: () => [9, 9, 9],
  },
  {
    id: 'puncc-classwise',
    peer: 'puncc',
    title: 'Class-wise sets with a class of three calibration rows',
    about:
      'Three rows promise nothing at alpha = 0.1, so that class is in every set; the other two are judged by their own twenty rows.',
    how: 'by the rank rule, class by class',
    ours: () => {
      const codes = repeated([20, 20, 3]);
      const model = core.mondrianConformal().fit(rows(codes.map(() => [0.7, 0.2, 0.1])), labels(codes, 3));
      return core.labelsInSet(model.sets(rows([[0.7, 0.2, 0.1]]), { alpha: 0.1 }), 0);
    },
    truth: () => [0, 1, 2],
  },
  {
    id: 'nonconformist-margin',
    peer: 'nonconformist',
    title: 'The caller’s probabilities after scoring them',
    about: 'The peer writes minus infinity over the probability of each true label.',
    how: 'by definition',
    ours: () => {
      const p = rows([
        [0.5, 0.3, 0.2],
        [0.1, 0.2, 0.7],
      ]);
      core.splitConformal({ score: core.margin() }).fit(p, labels([0, 2], 3));
      return [[...p.data.subarray(0, 3)], [...p.data.subarray(3)]];
    },
    truth: () => [
      [0.5, 0.3, 0.2],
      [0.1, 0.2, 0.7],
    ],
  },
];
