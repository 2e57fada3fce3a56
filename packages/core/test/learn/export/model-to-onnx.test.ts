import { describe, expect, it } from 'vitest';
import {
  betaCalibrator,
  histogramBinningCalibrator,
  isotonicCalibrator,
  plattCalibrator,
} from '../../../src/calibrate/index.ts';
import type { Dataset } from '../../../src/data/dataset.ts';
import { type Matrix, matrix } from '../../../src/data/matrix.ts';
import { oneVersusOne, oneVersusRest, outputCodes } from '../../../src/ensemble/decomposition.ts';
import { ensembles } from '../../../src/ensemble/registry.ts';
import { autoCalibrated, calibratedLearner } from '../../../src/experiment/index.ts';
import { modelToOnnx } from '../../../src/learn/export/index.ts';
import {
  decisionTree,
  gradientBoosting,
  gradientBoostingRegression,
  logisticRegression,
} from '../../../src/learn/index.ts';
import type { Learner, Model } from '../../../src/learn/learner.ts';
import { learners } from '../../../src/learn/registry.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { largestGap, overlapping } from '../helpers.ts';
import { float32Input, float64Input, openOnnx } from './onnx-runtime.ts';

const columns = 5;

async function judged(model: Model, X: Matrix) {
  const opened = await openOnnx(modelToOnnx(model));
  const { label, probabilities } = await opened.run({ X: float64Input(X.data, X.columns) });
  return { label: label!, probabilities: probabilities!, ours: await model.predictProba(X) };
}

/** The first of the likeliest classes of each row. */
function labelsOf({ data, rows, columns: width }: Matrix, classes: readonly (string | number)[]) {
  return Array.from({ length: rows }, (_, i) => {
    const row = data.subarray(i * width, (i + 1) * width);
    return classes[row.findIndex((p) => Math.max(...row) - p < 1e-9)];
  });
}

const counts = (data: Dataset & { X: Matrix }): Dataset & { X: Matrix } => ({
  ...data,
  X: matrix(
    data.X.data.map((value) => Math.floor(Math.abs(3 * value))),
    data.X.rows,
    data.X.columns,
  ),
});

const pairsOnly = new Set(['linear-svm', 'rbf-svm']);
const refused = new Set(['k-nearest-neighbours', 'output-codes']);

describe('ONNX Runtime says what the model says', () => {
  for (const { name, counts: countsOnly, create } of learners) {
    if (refused.has(name)) continue;
    for (const classes of pairsOnly.has(name) ? [2] : [2, 4]) {
      it(`of ${name} with ${classes} classes`, async () => {
        const drawn = overlapping(160, columns, classes, classes);
        const data = countsOnly ? counts(drawn) : drawn;
        const model = await create().fit(data);
        const { label, probabilities, ours } = await judged(model, data.X);
        expect(probabilities.type).toBe('float64');
        expect(probabilities.dims).toEqual([160, classes]);
        expect(largestGap(probabilities.data as Float64Array, ours.data)).toBeLessThan(1e-11);
        expect([...(label.data as string[])]).toEqual(labelsOf(ours, model.classes));
      });
    }
  }

  for (const [name, entry] of ensembles) {
    if (refused.has(name)) continue;
    it(`of ${name}`, async () => {
      const data = overlapping(120, columns, 3, 7);
      const model = await entry.create({ seed: 1, nEstimators: 4 }).fit(data);
      const { probabilities, ours } = await judged(model, data.X);
      expect(largestGap(probabilities.data as Float64Array, ours.data)).toBeLessThan(1e-11);
    });
  }
});

describe('models made of others', () => {
  const data = overlapping(160, columns, 3, 4);
  const learner = logisticRegression();
  const calibrator = betaCalibrator();
  const made: [string, Learner][] = [
    ['one versus rest, calibrated', oneVersusRest({ learner, calibrator })],
    ['one versus one, calibrated', oneVersusOne({ learner, calibrator: isotonicCalibrator() })],
    ['folds of calibrated models', calibratedLearner({ learner, calibrator: histogramBinningCalibrator(), seed: 1 })],
    ['calibrated once', calibratedLearner({ learner, calibrator, ensemble: false, seed: 1 })],
    ['a treated model with its recalibration', autoCalibrated({ learner, treatment: 'class-weight', seed: 1 })],
  ];
  for (const [name, one] of made) {
    it(`are written with ${name}`, async () => {
      const { probabilities, ours, label } = await judged(await one.fit(data), data.X);
      expect(largestGap(probabilities.data as Float64Array, ours.data)).toBeLessThan(1e-11);
      expect([...(label.data as string[])]).toEqual(labelsOf(ours, data.y.classes));
    });
  }

  it('of two classes too', async () => {
    const two = overlapping(120, columns, 2, 4);
    for (const one of [oneVersusRest(), outputCodes(), oneVersusOne({ calibrator: plattCalibrator() })]) {
      const { probabilities, ours } = await judged(await one.fit(two), two.X);
      expect(largestGap(probabilities.data as Float64Array, ours.data)).toBeLessThan(1e-11);
    }
  });
});

describe('trees in ONNX', () => {
  /** Rows around every threshold of a column: the threshold, its float64 and float32 neighbours, and missing. */
  function aroundThresholds(thresholds: readonly number[]): Float64Array {
    const cells = thresholds.flatMap((t) => {
      const step = Math.max(Number.MIN_VALUE, Math.abs(t) * Number.EPSILON);
      const single = Math.fround(t);
      const singleStep = Math.max(1e-40, Math.abs(single) * 2 ** -23);
      return [t, t + step, t - step, single, Math.fround(single + singleStep), Math.fround(single - singleStep)];
    });
    return Float64Array.from([...cells.filter(Number.isFinite), Number.NaN]);
  }

  it('sends values at and next to thresholds, and missing ones, the same way', async () => {
    const stream = randomStream(3, 'thresholds');
    const rows = 400;
    const X = matrix(
      Float64Array.from({ length: rows }, () => (stream.uniform() < 0.2 ? Number.NaN : stream.normal())),
      rows,
      1,
    );
    const codes = Int32Array.from(X.data, (x) => (Number.isNaN(x) ? 1 : Number(Math.sin(5 * x) > 0)));
    const y = { codes, classes: [3, 7] };
    for (const learner of [decisionTree({ minSamplesLeaf: 1 }), gradientBoosting({ minSamplesLeaf: 1 })]) {
      const model = await learner.fit({ X, y });
      const trees = model.trees.map((one) => ('tree' in one ? one.tree : one));
      const thresholds = trees.flatMap(({ threshold, feature }) => [...threshold].filter((_, n) => feature[n]! >= 0));
      const cells = aroundThresholds(thresholds);
      const asked = matrix(cells, cells.length, 1);
      const { label, probabilities, ours } = await judged(model, asked);
      // A threshold missed by one representable number would move a probability by far more.
      expect(largestGap(probabilities.data as Float64Array, ours.data)).toBeLessThan(1e-10);
      expect(label.type).toBe('int64');
      expect([...(label.data as unknown as bigint[])].map(Number)).toEqual(labelsOf(ours, [3, 7]));
    }
  });

  it('takes float32 rows as the float64 rows that they are', async () => {
    const data = overlapping(200, columns, 2, 5);
    const model = await gradientBoosting({ maxIterations: 20 }).fit(data);
    const single = matrix(data.X.data.map(Math.fround), 200, columns);
    const opened = await openOnnx(modelToOnnx(model, { input: 'float32' }));
    const { probabilities } = await opened.run({ X: float32Input(data.X.data, columns) });
    const ours = await model.predictProba(single);
    expect(largestGap(probabilities!.data as Float64Array, ours.data)).toBeLessThan(1e-10);
  });

  it('asks for sets of categories, unknown and missing ones too', async () => {
    const stream = randomStream(1, 'categories');
    const rows = 600;
    const cells = Float64Array.from({ length: 2 * rows }, (_, at) =>
      at % 2 === 0 ? (stream.uniform() < 0.1 ? Number.NaN : stream.integer(40)) : stream.normal(),
    );
    const codes = Int32Array.from({ length: rows }, (_, i) =>
      Number([1, 7, 8, 30, 33].includes(cells[2 * i]!) || (Number.isNaN(cells[2 * i]!) && cells[2 * i + 1]! > 0)),
    );
    const X = matrix(cells, rows, 2);
    const model = await gradientBoosting({ categoricalFeatures: [0], minSamplesLeaf: 5 }).fit({
      X,
      y: { codes, classes: ['no', 'yes'] },
    });
    expect(model.trees.some(({ tree }) => tree.categories.size > 0)).toBe(true);
    const every = [...Array(40).keys(), 41, 200, 255, 1000, 2.5, -1, Number.NaN];
    const asked = Float64Array.from(every.flatMap((code) => [code, -0.3, code, 0.4]));
    const { probabilities, ours } = await judged(model, matrix(asked, asked.length / 2, 2));
    expect(largestGap(probabilities.data as Float64Array, ours.data)).toBeLessThan(1e-10);
  });

  it('gives the numbers of a regression', async () => {
    const { X } = overlapping(300, columns, 2, 11);
    const targets = Float64Array.from({ length: 300 }, (_, i) => 1000 + 3 * X.data[i * columns]! ** 2);
    const model = await gradientBoostingRegression({ maxIterations: 30 }).fit({ X, targets });
    const opened = await openOnnx(modelToOnnx(model));
    expect(opened.outputs).toEqual(['prediction']);
    const { prediction } = await opened.run({ X: float64Input(X.data, columns) });
    expect(prediction!.dims).toEqual([300, 1]);
    expect(largestGap(prediction!.data as Float64Array, await model.predict(X))).toBeLessThan(1e-8);
  });

  it('gives the same for trees that never split', async () => {
    const X = matrix(new Float64Array(40), 40, 1);
    const y = { codes: Int32Array.from({ length: 40 }, (_, i) => Number(i % 4 === 0)), classes: [0, 0.5] };
    const { label, probabilities, ours } = await judged(await gradientBoosting().fit({ X, y }), X);
    expect(largestGap(probabilities.data as Float64Array, ours.data)).toBeLessThan(1e-12);
    expect(label.type).toBe('float64');
  });
});

describe('classes without rows', () => {
  for (const entry of learners) {
    if (refused.has(entry.name) || pairsOnly.has(entry.name)) continue;
    it(`get 0 from ${entry.name}`, async () => {
      const drawn = overlapping(120, columns, 2, 9);
      const data = entry.counts ? counts(drawn) : drawn;
      const y = { codes: data.y.codes.map((code) => 2 * code), classes: ['a', 'b', 'c', 'd'] };
      const { probabilities, ours } = await judged(await entry.create().fit({ X: data.X, y }), data.X);
      expect(probabilities.dims).toEqual([120, 4]);
      expect(largestGap(probabilities.data as Float64Array, ours.data)).toBeLessThan(1e-11);
      expect((probabilities.data as Float64Array)[1]).toBe(0);
    });
  }

  for (const [name, entry] of ensembles) {
    if (refused.has(name)) continue;
    it(`get from ${name} what it says`, async () => {
      const data = overlapping(120, columns, 2, 9);
      const y = { codes: data.y.codes.map((code) => 2 * code), classes: ['a', 'b', 'c', 'd'] };
      const { probabilities, ours } = await judged(
        await entry.create({ seed: 1, nEstimators: 3 }).fit({ X: data.X, y }),
        data.X,
      );
      expect(probabilities.dims).toEqual([120, 4]);
      expect(largestGap(probabilities.data as Float64Array, ours.data)).toBeLessThan(1e-11);
    });
  }
});

describe('what cannot be exported', () => {
  it('is refused in one line that says why', async () => {
    const data = overlapping(90, columns, 3, 1);
    for (const name of [...refused, ...pairsOnly]) {
      const entry = learners.find((one) => one.name === name) ?? ensembles.get(name)!;
      const model = await entry.create().fit(data);
      expect(() => modelToOnnx(model)).toThrow(/ONNX cannot hold this .*(neighbours|equations|iteration)/);
    }
  });

  it('and so are names that do not fit', async () => {
    const model = await logisticRegression().fit(overlapping(90, columns, 2, 1));
    expect(() => modelToOnnx(model, { featureNames: ['a'] })).toThrow('featureNames names 1');
    expect(() => modelToOnnx(model, { input: 'half' as 'float32' })).toThrow('input must be');
  });

  it('writes the same bytes for the same model, read back or not', async () => {
    const data = overlapping(90, columns, 2, 1);
    const model = await gradientBoosting({ maxIterations: 3 }).fit(data);
    const { fromJSON } = learners.find(({ name }) => name === 'gradient-boosting')!;
    const again = fromJSON(JSON.parse(JSON.stringify(model.toJSON())));
    expect(Buffer.from(modelToOnnx(again)).equals(Buffer.from(modelToOnnx(model)))).toBe(true);
  });
});
