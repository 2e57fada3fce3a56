import { Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/experiment/decision.ts';
import {
  allRows,
  bayesianBinningCalibrator,
  betaCalibrator,
  type Calibrator,
  type Column,
  dirichletCalibrator,
  fitEncoder,
  gaussianNaiveBayes,
  gradientBoosting,
  histogramBinningCalibrator,
  inferSchema,
  isotonicCalibrator,
  type Learner,
  logisticRegression,
  type Matrix,
  type Pipeline,
  pipelineOf,
  pipelineToOnnx,
  plattCalibrator,
  priorCorrection,
  recalibrationFromJSON,
  splineCalibrator,
  type Table,
  temperatureCalibrator,
  vectorScalingCalibrator,
} from '../../../src/index.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { float64Input, openOnnx } from '../../learn/export/onnx-runtime.ts';
import { largestGap } from '../../learn/helpers.ts';
import { mixedTable } from './mixed-table.ts';

const half: Decision = { name: 'half', kind: 'threshold', threshold: 0.5 };
const own: Decision = { name: 'half', kind: 'own' };

interface Made {
  readonly learner?: Learner;
  readonly classes?: number;
  readonly calibrator?: Calibrator;
  readonly corrected?: boolean;
  readonly decision?: Decision;
}

/** A pipeline of a mixed table, and other rows to score. */
async function made({ learner = logisticRegression(), classes = 2, calibrator, corrected, decision }: Made) {
  const { table, codes } = mixedTable(500, 1, classes);
  const labels = Array.from({ length: classes }, (_, k) => `class ${k}`);
  const y = { codes, classes: labels };
  const encoder = fitEncoder({ table, rows: allRows(table.rows), schema: inferSchema(table) });
  const X = encoder.transform(table);
  const model = await learner.fit({ X, y });
  const shares = Float64Array.from({ length: classes }, (_, k) => 1 + k);
  const seenShares = Float64Array.from({ length: classes }, () => 1);
  const correction = corrected ? priorCorrection({ trueShares: shares, seenShares, positive: 1 }) : null;
  const raw = await model.predictProba(X);
  const calibration = calibrator ? await calibrator.fit(correction?.apply(raw) ?? raw, y) : null;
  const recalibration = recalibrationFromJSON({
    kind: 'recalibration',
    version: 1,
    decision: calibration ? 'recalibrated' : correction ? 'prior-correction' : 'none',
    correction: correction?.toJSON() ?? null,
    calibration: calibration?.toJSON() ?? null,
  });
  const pipeline = pipelineOf({
    strategy: 'none/logistic',
    target: 'outcome',
    classes: labels,
    positive: classes === 2 ? 1 : null,
    encoder,
    model,
    recalibration,
    decision: decision ?? (classes === 2 ? half : own),
    uncertainty: null,
  });
  return { pipeline, fresh: mixedTable(300, 2, classes).table };
}

/** The inputs of a file from the columns of a table. */
function feedsOf({ columns, rows }: Table): Record<string, Tensor> {
  const cellsOf = (column: Column): Tensor => {
    if (column.kind === 'categorical') {
      const texts = Array.from(column.codes, (code) => (code < 0 ? '' : column.dictionary[code]!));
      return new Tensor('string', texts, [rows, 1]);
    }
    const numbers = Float64Array.from(column.values, (v) => (column.kind === 'boolean' && v < 0 ? Number.NaN : v));
    return float64Input(numbers, 1);
  };
  return Object.fromEntries(columns.map((column) => [column.name, cellsOf(column)]));
}

async function compared(pipeline: Pipeline, table: Table) {
  const { bytes, outputs } = pipelineToOnnx(pipeline);
  const found = await (await openOnnx(bytes)).run(feedsOf(table));
  const ours = await pipeline.score(table);
  const gap = largestGap(found[outputs.probabilities]!.data as Float64Array, ours.probabilities.data);
  const labels = Array.from(ours.decisions, (code) => pipeline.classes[code]);
  return { gap, labels, found: [...(found[outputs.label]!.data as string[])] };
}

describe('a pipeline in ONNX', () => {
  const cases: [string, Made][] = [
    ['logistic regression', {}],
    ['gradient boosting', { learner: gradientBoosting() }],
    ['several classes', { classes: 4, learner: gradientBoosting({ maxIterations: 20 }) }],
    ['a prior correction', { corrected: true }],
    ['a prior correction of several classes', { corrected: true, classes: 3 }],
    ['a beta calibration', { calibrator: betaCalibrator(), learner: gaussianNaiveBayes() }],
    ['a beta calibration on a correction', { calibrator: betaCalibrator({ parameters: 'am' }), corrected: true }],
    ['a Platt calibration of several classes', { calibrator: plattCalibrator(), classes: 3 }],
    ['a temperature', { calibrator: temperatureCalibrator(), classes: 3 }],
    ['vector scaling', { calibrator: vectorScalingCalibrator(), classes: 3 }],
    ['a Dirichlet calibration', { calibrator: dirichletCalibrator(), classes: 3, corrected: true }],
    ['an isotonic calibration', { calibrator: isotonicCalibrator(), learner: gradientBoosting({ maxIterations: 5 }) }],
    ['bins', { calibrator: histogramBinningCalibrator(), classes: 3, corrected: true }],
    ['averaged bins', { calibrator: bayesianBinningCalibrator() }],
    ['class weights', { classes: 3, decision: { name: 'tuned', kind: 'weights', weights: [1, 2.5, 0.7] } }],
    ['a threshold never reached', { decision: { name: 'tuned', kind: 'threshold', threshold: 1 + Number.EPSILON } }],
    ['a tuned threshold', { decision: { name: 'tuned', kind: 'threshold', threshold: 0.83 } }],
    [
      'costs',
      {
        classes: 3,
        decision: {
          name: 'cost',
          kind: 'costs',
          matrix: [
            [0, 5, 9],
            [1, 0, 5],
            [2, 1, 0],
          ],
        },
      },
    ],
  ];
  for (const [name, how] of cases) {
    it(`scores raw rows with ${name} as score does, missing and unseen cells too`, async () => {
      const { pipeline, fresh } = await made(how);
      const { gap, labels, found } = await compared(pipeline, fresh);
      expect(gap).toBeLessThan(1e-11);
      expect(found).toEqual(labels);
    });
  }

  it('has one named input a column, and outputs that no column is called', async () => {
    const { pipeline } = await made({});
    const { bytes, inputs, outputs } = pipelineToOnnx(pipeline);
    const opened = await openOnnx(bytes);
    expect(inputs).toEqual([
      { name: 'amount', kind: 'numeric', type: 'float64' },
      { name: 'label', kind: 'categorical', type: 'string' },
      { name: 'known', kind: 'boolean', type: 'float64' },
      { name: 'first seen', kind: 'date-time', type: 'float64' },
      { name: 'age', kind: 'numeric', type: 'float64' },
    ]);
    expect(opened.inputs).toEqual(inputs.map(({ name }) => name));
    expect(outputs).toEqual({ label: 'label_', probabilities: 'probabilities' });
  });

  it('knows dates of all centuries, before 1970 and on leap days', async () => {
    const { pipeline, fresh } = await made({});
    const stream = randomStream(5, 'dates');
    const times = Float64Array.from({ length: fresh.rows }, (_, i) => {
      const year = [1600, 1900, 2000, 2024, 2100][i % 5]!;
      return i % 3 === 0 ? Date.UTC(year, 1, 28 + (i % 2), 23, 59) : Math.floor(8e13 * (stream.uniform() - 0.3));
    });
    const columns = fresh.columns.map((column) =>
      column.name === 'first seen' ? { ...column, values: times } : column,
    ) as Column[];
    expect((await compared(pipeline, { ...fresh, columns })).gap).toBeLessThan(1e-11);
  });

  it('takes texts that mean missing', async () => {
    const { pipeline, fresh } = await made({});
    const { bytes, outputs } = pipelineToOnnx(pipeline, { missingTexts: ['', 'NA'] });
    const texts = (feedsOf(fresh)['label']!.data as string[]).map((text) => (text === '' ? 'NA' : text));
    const feeds = { ...feedsOf(fresh), label: new Tensor('string', texts, [fresh.rows, 1]) };
    const found = await (await openOnnx(bytes)).run(feeds);
    const { probabilities } = await pipeline.score(fresh);
    expect(largestGap(found[outputs.probabilities]!.data as Float64Array, probabilities.data)).toBeLessThan(1e-11);
  });

  it('takes the encoded matrix where that is asked for', async () => {
    const { pipeline, fresh } = await made({ corrected: true });
    const { bytes, inputs } = pipelineToOnnx(pipeline, { rows: 'encoded' });
    expect(inputs).toEqual([{ name: 'X', type: 'float64', kind: 'encoded' }]);
    const X = pipeline.encoder.transform(fresh) as Matrix;
    const found = await (await openOnnx(bytes)).run({ X: float64Input(X.data, X.columns) });
    const { probabilities } = await pipeline.score(fresh);
    expect(largestGap(found['probabilities']!.data as Float64Array, probabilities.data)).toBeLessThan(1e-11);
  });

  it('is refused where a column is free text, or the calibration a spline', async () => {
    const { pipeline } = await made({ calibrator: splineCalibrator() });
    expect(() => pipelineToOnnx(pipeline)).toThrow('put right by spline');
    const sentence = Array.from(
      { length: 60 },
      (_, i) => `the claim number ${i} was about the ${i % 2 ? 'car' : 'house'} of a neighbour`,
    );
    const dictionary = [...sentence].sort();
    const column: Column = {
      kind: 'categorical',
      name: 'notes',
      codes: Int32Array.from(sentence, (text) => dictionary.indexOf(text)),
      dictionary,
    };
    const table: Table = { kind: 'table', rows: 60, columns: [column] };
    const schema = inferSchema(table);
    expect(schema.columns[0]!.type).toBe('text');
    const encoder = fitEncoder({ table, rows: allRows(60), schema });
    const y = { codes: Int32Array.from({ length: 60 }, (_, i) => i % 2), classes: ['class 0', 'class 1'] };
    const model = await logisticRegression().fit({ X: encoder.transform(table), y });
    const none = recalibrationFromJSON({
      kind: 'recalibration',
      version: 1,
      decision: 'none',
      correction: null,
      calibration: null,
    });
    const texts = pipelineOf({ ...pipeline, encoder, model, recalibration: none });
    expect(() => pipelineToOnnx(texts)).toThrow('column "notes" is free text');
    expect(pipelineToOnnx(texts, { rows: 'encoded' }).bytes.length).toBeGreaterThan(100);
  });
});
