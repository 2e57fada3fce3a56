import { describe, expect, it } from 'vitest';
import { type CellOptions, cellRules, checkCellOptions } from '../../../src/resample/tables/cell-options.ts';
import { categorical, numeric, table } from '../../data/tables.ts';

const X = table(
  numeric('whole', [1, -4, 7, null]),
  numeric('real', [0.5, -1.25, 2, null]),
  numeric('empty', [null, null, null, null]),
  categorical('word', ['a', 'b', 'a', 'b']),
);

/** New values of a column after its rule, with the counts; the first `from` are left alone. */
function applied(column: string, options: CellOptions, values: number[], from = 0) {
  const cells = Float64Array.from(values);
  const counts = cellRules(X, options).get(column)?.(cells, from);
  return [[...cells], counts?.rounded ?? 0, counts?.clipped ?? 0];
}

describe('the numbers of new rows', () => {
  it('are rounded in columns that hold whole numbers only, halves to the even one', () => {
    const values = [0.5, 1.5, 2.5, -0.5, -1.5, 2.4999, 3, Number.NaN];
    expect(applied('whole', {}, values)).toEqual([[0, 2, 2, 0, -2, 2, 3, Number.NaN], 6, 0]);
    expect(applied('real', {}, values)).toEqual([values, 0, 0]);
    expect(applied('empty', {}, values)).toEqual([values, 0, 0]);
    expect(applied('whole', { integers: 'truncate' }, [1.9, -1.9])).toEqual([[1, -1], 2, 0]);
    expect(applied('whole', { integers: 'ignore' }, [1.9])).toEqual([[1.9], 0, 0]);
    expect(applied('whole', {}, [0.3, 0.3], 1)).toEqual([[0.3, 0], 1, 0]);
  });

  it('stay between the smallest and the largest of the input where asked', () => {
    expect(applied('real', { bounds: 'observed' }, [-9, 9, 1])).toEqual([[-1.25, 2, 1], 0, 2]);
    expect(applied('empty', { bounds: 'observed' }, [-9])).toEqual([[-9], 0, 0]);
  });

  it('keep declared bounds and steps; rounding never leads out of the bounds', () => {
    const bounds = { real: { min: 0.1, max: 1, step: 0.1 } };
    expect(applied('real', { bounds }, [0.34, 0, 3, 0.3000001])).toEqual([
      [0.30000000000000004, 0.1, 1, 0.30000000000000004],
      2,
      2,
    ]);
    expect(applied('real', { bounds: { real: { step: 0.1 } } }, [0.34, -0.06])).toEqual([[0.3, -0.1], 2, 0]);
    expect(applied('real', { bounds: { real: { max: 1, step: 0.3 } } }, [5])).toEqual([[0.8999999999999999], 0, 1]);
    expect(applied('whole', { bounds: { whole: { max: 2.6 } } }, [2.6, 1.5])).toEqual([[2, 2], 1, 1]);
    expect(applied('whole', { bounds: { whole: { min: 0.5, max: 0.9 } } }, [3])).toEqual([[0.9], 0, 1]);
  });

  it('refuse what is no bound', () => {
    const codeOf = (options: unknown) => () => checkCellOptions(options as CellOptions);
    expect(codeOf({ bounds: { real: { min: 2, max: 1 } } })).toThrow('min of "real" is above its max');
    expect(codeOf({ bounds: { real: { step: 0 } } })).toThrow('step of "real" must be above 0, got 0');
    expect(codeOf({ bounds: { real: { min: '1' } } })).toThrow('min of "real" must be a number, got 1');
    expect(codeOf({ bounds: 'all' })).toThrow('must be "none", "observed" or bounds by column');
    expect(codeOf({ integers: 'round' })).toThrow('integers must be one of keep, truncate, ignore');
    expect(() => cellRules(X, { bounds: { word: { min: 1 } } })).toThrow('column "word" does not hold numbers');
    expect(() => cellRules(X, { bounds: { reel: { min: 1 } } })).toThrow('did you mean "real"?');
  });
});
