import { describe, expect, it } from 'vitest';
import { decisionFromJSON } from '../../../src/experiment/decision.ts';
import {
  allRows,
  betaCalibrator,
  type Calibrator,
  type Column,
  fitEncoder,
  gradientBoosting,
  inferSchema,
  isotonicCalibrator,
  type Learner,
  matrix,
  pipelineOf,
  pipelineToXgboost,
  priorCorrection,
  randomForest,
  recalibrationFromJSON,
  type Table,
  temperatureCalibrator,
} from '../../../src/index.ts';
import { casesFolder, expectAsXgboost, writeCases, type XgboostCase } from '../../learn/export/xgboost-cases.ts';
import { mixedTable } from './mixed-table.ts';

interface Made {
  readonly classes?: number;
  readonly calibrator?: Calibrator;
  readonly learner?: Learner;
  readonly dates?: boolean;
}

function withoutDates({ table, codes }: ReturnType<typeof mixedTable>) {
  return { codes, table: { ...table, columns: table.columns.filter(({ kind }) => kind !== 'date-time') } };
}

async function made({ classes = 2, calibrator, dates = false, learner }: Made) {
  const drawn = mixedTable(500, 1, classes);
  const { table, codes } = dates ? drawn : withoutDates(drawn);
  const labels = Array.from({ length: classes }, (_, k) => `class ${k}`);
  const y = { codes, classes: labels };
  const encoder = fitEncoder({ table, rows: allRows(table.rows), schema: inferSchema(table) });
  const X = encoder.transform(table);
  const model = await (learner ?? gradientBoosting({ maxIterations: 25, minSamplesLeaf: 4 })).fit({ X, y });
  const trueShares = Float64Array.from({ length: classes }, (_, k) => 1 + k);
  const correction = priorCorrection({ trueShares, seenShares: trueShares.map(() => 1), positive: 1 });
  const corrected = correction.apply(await model.predictProba(X));
  const calibration = calibrator ? await calibrator.fit(corrected, y) : null;
  const recalibration = recalibrationFromJSON({
    kind: 'recalibration',
    version: 1,
    decision: calibration ? 'recalibrated' : 'prior-correction',
    correction: correction.toJSON(),
    calibration: calibration?.toJSON() ?? null,
  });
  const decision = decisionFromJSON({ name: 'half', kind: 'own' }, classes);
  const positive = classes === 2 ? 1 : null;
  const parts = { strategy: 'none/gradient-boosting', target: 'outcome', classes: labels, positive };
  return pipelineOf({ ...parts, encoder, model, recalibration, decision, uncertainty: null });
}

/** Rows as XGBoost takes them. */
function cellsOf({ columns, rows }: Table, asked: ReturnType<typeof pipelineToXgboost>['columns']) {
  const cells = new Float64Array(rows * asked.length);
  for (const [place, { name, categories }] of asked.entries()) {
    const column = columns.find((one) => one.name === name)!;
    for (let i = 0; i < rows; i++) cells[i * asked.length + place] = cellOf(column, i, categories);
  }
  return matrix(cells, rows, asked.length);
}

function cellOf(column: Column, row: number, categories: readonly string[] = []): number {
  if (column.kind === 'boolean') return column.values[row]! < 0 ? Number.NaN : column.values[row]!;
  if (column.kind !== 'categorical') return column.values[row]!;
  if (column.codes[row]! < 0) return Number.NaN;
  const code = categories.indexOf(column.dictionary[column.codes[row]!]!);
  return code < 0 ? categories.length : code;
}

async function cases(): Promise<XgboostCase[]> {
  const asked: [string, Made][] = [
    ['raw rows, corrected', {}],
    ['raw rows, corrected and recalibrated', { calibrator: betaCalibrator({ parameters: 'am' }) }],
    ['raw rows of three classes', { classes: 3, calibrator: temperatureCalibrator() }],
  ];
  const found: XgboostCase[] = [];
  for (const [name, how] of asked) {
    const pipeline = await made(how);
    const { text, columns } = pipelineToXgboost(pipeline);
    const { table } = withoutDates(mixedTable(300, 2));
    const { data } = (await pipeline.score(table)).probabilities;
    const ours = how.classes === 3 ? data : data.filter((_, at) => at % 2 === 1);
    found.push({ name, text, X: cellsOf(table, columns), ours });
  }
  return found;
}

describe('a pipeline for XGBoost', () => {
  it.runIf(casesFolder)('is written for it to predict with', async () => {
    writeCases('pipeline', await cases());
  });

  it.skipIf(casesFolder)('is asked with raw rows and says what score says', async () => {
    for (const one of await cases()) expectAsXgboost(one, 1e-6);
  });

  it('names its columns, their types and the order of their categories', async () => {
    const { columns, text, classes } = pipelineToXgboost(await made({}));
    expect(columns).toEqual([
      { name: 'amount', type: 'q' },
      { name: 'label', type: 'c', categories: ['blue', 'gre\u00fcn', 'red', 'very rare', 'yellow'] },
      { name: 'known', type: 'q' },
      { name: 'age', type: 'q' },
    ]);
    expect(classes).toEqual(['class 0', 'class 1']);
    const { attributes, feature_names: names } = JSON.parse(text).learner;
    expect(names).toEqual(columns.map(({ name }) => name));
    expect(JSON.parse(attributes.columns)).toEqual(columns);
    expect(JSON.parse(attributes.positive)).toBe('class 1');
  });

  it('is refused for dates, other models and calibrations that are no shift', async () => {
    expect(pipelineToXgboost.bind(null, await made({ dates: true }))).toThrow('column "first seen", which is a date');
    expect(pipelineToXgboost.bind(null, await made({ learner: randomForest({ nEstimators: 2 }) }))).toThrow(
      'random-forest',
    );
    expect(pipelineToXgboost.bind(null, await made({ calibrator: isotonicCalibrator() }))).toThrow('(isotonic)');
    expect(pipelineToXgboost.bind(null, await made({ calibrator: betaCalibrator() }))).toThrow('(beta)');
  });
});
