import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  isotonicCalibrator,
  plattCalibrator,
  temperatureCalibrator,
  vennAbersCalibrator,
} from '../../src/calibrate/index.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { matrix } from '../../src/data/matrix.ts';
import { calibratedLearner, calibratedModelFromJSON } from '../../src/experiment/calibrated-learner.ts';
import { logisticRegression } from '../../src/learn/index.ts';
import { randomStream } from '../../src/runtime/random.ts';

interface Case {
  readonly X: number[][];
  readonly y: number[];
  readonly weights: number[] | null;
  readonly fold: number[];
  readonly method: 'sigmoid' | 'isotonic' | 'temperature';
  readonly ensemble: boolean;
  readonly asked: number[][];
  readonly probabilities: number[][];
}

const cases = JSON.parse(
  readFileSync(new URL('../fixtures/calibrated-learner.json', import.meta.url), 'utf8'),
) as readonly Case[];

/** scikit-learn stops Platt's and the temperature's search after six to seven digits; isotonic is exact. */
const methods = {
  sigmoid: { calibrator: plattCalibrator(), digits: 5 },
  isotonic: { calibrator: isotonicCalibrator(), digits: 9 },
  temperature: { calibrator: temperatureCalibrator(), digits: 6 },
} as const;

const rowsOf = (rows: readonly (readonly number[])[]) =>
  matrix(Float64Array.from(rows.flat()), rows.length, rows[0]!.length);

function drawn(rows: number, positives: number): Dataset {
  const random = randomStream(7, 'calibrated learner');
  const codes = Int32Array.from({ length: rows }, (_, row) => Number(row < positives));
  const X = Float64Array.from({ length: 2 * rows }, (_, at) => random.normal() + codes[at >> 1]!);
  return { X: matrix(X, rows, 2), y: { codes, classes: ['no', 'yes'] } };
}

describe('calibratedLearner', () => {
  it.each(
    cases.map((one) => [`${one.method}, ensemble ${one.ensemble}, weights ${one.weights !== null}`, one] as const),
  )(
    'gives the probabilities of CalibratedClassifierCV: %s',
    async (_, { X, y, weights, fold, method, ensemble, asked, probabilities }) => {
      const rows = Int32Array.from(y.keys());
      const folds = [0, 1, 2].map((k) => ({
        train: rows.filter((row) => fold[row] !== k),
        validate: rows.filter((row) => fold[row] === k),
      }));
      const { calibrator, digits } = methods[method];
      const learner = calibratedLearner({
        learner: logisticRegression({ tolerance: 1e-12 }),
        calibrator,
        ensemble,
        folds,
        seed: 0,
      });
      const data = {
        X: rowsOf(X),
        y: { codes: Int32Array.from(y), classes: [...new Set(y)].sort() },
        weights: weights ? Float64Array.from(weights) : undefined,
      };
      const model = await learner.fit(data);
      const found = await model.predictProba(rowsOf(asked));
      expect(model.parts).toHaveLength(ensemble ? 3 : 1);
      probabilities.flat().forEach((p, at) => {
        expect(found.data[at]).toBeCloseTo(p, digits);
      });
    },
  );

  it('uses fewer folds than asked where a class has fewer rows, and says so', async () => {
    const learner = calibratedLearner({ learner: logisticRegression(), calibrator: vennAbersCalibrator(), seed: 1 });
    const model = await learner.fit(drawn(60, 3));
    expect(model.parts).toHaveLength(3);
    expect(model.notices).toContainEqual(expect.objectContaining({ code: 'fewer-folds', class: 'yes' }));
    await expect(learner.fit(drawn(60, 1))).rejects.toMatchObject({ code: 'too-few-rows' });
  });

  it('keeps groups together', async () => {
    const data = drawn(40, 12);
    const groups = Int32Array.from({ length: 40 }, (_, row) => (row < 12 ? row >> 2 : 3 + ((row - 12) % 6)));
    const learner = calibratedLearner({
      learner: logisticRegression(),
      calibrator: plattCalibrator(),
      folds: 3,
      seed: 1,
    });
    const whole = await learner.fit(data);
    const grouped = await learner.fit({ ...data, groups });
    const p = async (model: typeof whole) => [...(await model.predictProba(data.X)).data];
    expect(await p(grouped)).not.toEqual(await p(whole));
  });

  it('reads back what it wrote, and nothing else', async () => {
    const data = drawn(60, 20);
    for (const ensemble of [true, false]) {
      const learner = calibratedLearner({
        learner: logisticRegression(),
        calibrator: plattCalibrator(),
        ensemble,
        seed: 2,
      });
      expect(learner.name).toBe('calibrated/platt/logistic-regression');
      const model = await learner.fit(data);
      const read = calibratedModelFromJSON(JSON.parse(JSON.stringify(model)));
      expect([...(await read.predictProba(data.X)).data]).toEqual([...(await model.predictProba(data.X)).data]);
      const json = model.toJSON();
      for (const broken of [
        null,
        { ...json, kind: 'logistic-regression' },
        { ...json, parts: [] },
        { ...json, parts: [{ model: { kind: 'strange' }, calibration: {} }] },
        { ...json, parts: [{ calibration: (json['parts'] as { calibration: unknown }[])[0]!.calibration }] },
      ]) {
        expect(() => calibratedModelFromJSON(broken)).toThrow(expect.objectContaining({ code: 'bad-model' }));
      }
    }
  });

  it('refuses folds that do not hold out every row once', async () => {
    const data = drawn(6, 3);
    const half = { train: Int32Array.of(0, 1, 3, 4), validate: Int32Array.of(2, 5) };
    const learner = calibratedLearner({
      learner: logisticRegression(),
      calibrator: plattCalibrator(),
      folds: [half, half],
      seed: 0,
    });
    await expect(learner.fit(data)).rejects.toMatchObject({ code: 'bad-option' });
  });

  it('stops on request', async () => {
    const learner = calibratedLearner({ learner: logisticRegression(), calibrator: plattCalibrator(), seed: 2 });
    await expect(learner.fit(drawn(60, 20), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});
