import { describe, expect, it } from 'vitest';
import { evaluateFold, type FoldContext } from '../../src/experiment/cross-validate.ts';
import { decodeNumbers, encodeNumbers } from '../../src/experiment/fold-codec.ts';
import { defaultInnerFolds, innerFoldsOf, planFolds } from '../../src/experiment/plan-folds.ts';
import { type PreparedData, prepareData } from '../../src/experiment/prepare-data.ts';
import { settleTask } from '../../src/experiment/settle-task.ts';
import { strategiesOf } from '../../src/experiment/strategy.ts';
import { mixedTable, withCells } from './small-tables.ts';

const options = { target: 'outcome', seed: 1 };
const table = mixedTable(400, 8);
const data = prepareData(table, options);
const task = settleTask(data, options);
const fold = planFolds(data, 5, 1, 1).folds[2]!;

function contextOf(own: PreparedData): FoldContext {
  return {
    table: own.table,
    labels: own.labels,
    schema: own.schema,
    strategies: strategiesOf(),
    positive: own.positive,
    seed: 1,
    innerFolds: (train, of) => innerFoldsOf(own, train, of, 3, 1),
    tune: task.tune,
    costs: task.costs,
    onFit: () => {},
  };
}

describe('evaluateFold', () => {
  it('fits encoder, treatment, model and threshold on training rows only: other classes in the validation rows change no bit', async () => {
    const before = await evaluateFold(contextOf(data), fold, {});
    const codes = data.labels.codes.slice();
    for (const row of fold.validate) codes[row] = 1 - codes[row]!;
    const swapped = { ...data, labels: { ...data.labels, codes } };
    const after = await evaluateFold(contextOf(swapped), fold, {});
    for (const [s, outcome] of before.entries()) {
      expect(after[s]!.tuned).toEqual(outcome.tuned);
      expect(after[s]!.raw.data).toEqual(outcome.raw.data);
      expect(after[s]!.correction.toJSON()).toEqual(outcome.correction.toJSON());
    }
  });

  it('lets the features of a validation row touch no other row', async () => {
    const before = await evaluateFold(contextOf(data), fold, {});
    const [odd] = fold.validate;
    const moved = { ...data, table: withCells(data.table, 'size', [odd!], () => 1e6) };
    const after = await evaluateFold(contextOf(moved), fold, {});
    for (const [s, outcome] of before.entries()) {
      expect(after[s]!.tuned).toEqual(outcome.tuned);
      expect(after[s]!.raw.data.subarray(2)).toEqual(outcome.raw.data.subarray(2));
    }
  });

  it('gives a strategy the same numbers whichever others run beside it', async () => {
    const all = await evaluateFold(contextOf(data), fold, {});
    const context = contextOf(data);
    const alone = await evaluateFold({ ...context, strategies: strategiesOf(['smote']) }, fold, {});
    expect(alone[1]!.raw.data).toEqual(all[4]!.raw.data);
    expect(alone[1]!.tuned).toEqual(all[4]!.tuned);
  });
});

describe('the codec of saved scores', () => {
  it('gives back the same bits', () => {
    const values = Float64Array.from([0, -0, 1 / 3, Number.MIN_VALUE, 1e308, Number.NaN, Number.NEGATIVE_INFINITY]);
    const back = decodeNumbers(encodeNumbers(values));
    expect(new Uint8Array(back.buffer)).toEqual(new Uint8Array(values.buffer));
    expect(decodeNumbers(encodeNumbers(new Float64Array(5000).map((_, i) => i * 1.1)))[4999]).toBe(4999 * 1.1);
  });
});

describe('innerFoldsOf', () => {
  it('holds the last third out where one part is asked for, stratified', () => {
    const [only, ...others] = innerFoldsOf(data, fold.train, fold, 1, 1);
    expect(others).toEqual([]);
    expect(only).toEqual(innerFoldsOf(data, fold.train, fold, 3, 1).at(-1));
    const shares = [only!.train, only!.validate].map(
      (rows) => rows.filter((row) => data.labels.codes[row] === 1).length / rows.length,
    );
    expect(shares[0]).toBeCloseTo(shares[1]!, 1);
    expect(only!.validate.length * 2).toBeGreaterThan(only!.train.length * 0.95);
    expect(only!.validate.some((row) => fold.validate.includes(row))).toBe(false);
  });

  it('tunes on the latest rows where rows have a time', () => {
    const timed = prepareData(mixedTable(400, 8), { ...options, time: 'size' });
    const outer = planFolds(timed, 5, 1, 1).folds.at(-1)!;
    const [only] = innerFoldsOf(timed, outer.train, outer, 1, 1);
    const time = timed.time!;
    const latest = Math.max(...Array.from(only!.train, (row) => time[row]!));
    expect(Math.min(...Array.from(only!.validate, (row) => time[row]!))).toBeGreaterThanOrEqual(latest);
  });

  it('is one part by default where every class has plenty of rows', () => {
    expect(defaultInnerFolds([50_000, 2000])).toBe(1);
    expect(defaultInnerFolds([50_000, 1999])).toBe(3);
  });
});
