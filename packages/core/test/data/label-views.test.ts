import { describe, expect, it } from 'vitest';
import { classCounts, classIndex, oneVersusRest, positiveClass, tooSmallClasses } from '../../src/data/label-views.ts';
import { type ClassLabel, subsetLabels } from '../../src/data/labels.ts';
import { codeOf } from './tables.ts';

const labels = (classes: readonly ClassLabel[], ...codes: number[]) => ({ classes, codes: Int32Array.from(codes) });

describe('label views', () => {
  it('counts and subsets without renaming classes', () => {
    const y = labels(['a', 'b', 'c'], 0, 2, 2, 0, 0);
    expect([...classCounts(y)]).toEqual([3, 0, 2]);
    const part = subsetLabels(y, Int32Array.of(4, 1));
    expect([...part.codes]).toEqual([0, 2]);
    expect(part.classes).toBe(y.classes);
  });

  it('takes the rarer class as positive, the later one of two equal ones, or the one named', () => {
    expect(positiveClass(labels(['no', 'yes'], 0, 0, 1))).toBe(1);
    expect(positiveClass(labels(['bad', 'good'], 0, 1, 1))).toBe(0);
    expect(positiveClass(labels(['a', 'b'], 0, 1))).toBe(1);
    expect(positiveClass(labels(['no', 'yes'], 0, 0, 1), 'no')).toBe(0);
    expect(codeOf(() => positiveClass(labels(['a', 'b', 'c'], 0, 1, 2)))).toBe('not-binary');
  });

  it('lists the classes where the named one is absent', () => {
    expect(() => positiveClass(labels(['no', 'yes'], 0, 1), 'Yes')).toThrow('the classes are "no", "yes"');
    expect(codeOf(() => classIndex(labels(['a', 'b'], 0, 1), ''))).toBe('no-such-class');
  });

  it('takes a numeric class by its written form, as a command line gives it', () => {
    expect(classIndex(labels([0, 1], 0, 1), '1')).toBe(1);
    expect(classIndex(labels([0, 1], 0, 1), '1.0')).toBe(1);
    expect(classIndex(labels(['0', '1'], 0, 1), 0)).toBe(0);
    expect(codeOf(() => classIndex(labels([0, 1], 0, 1), ' '))).toBe('no-such-class');
  });

  it('sets one class against the rest, with sorted classes of one type', () => {
    const y = labels(['setosa', 'virginica', 'zebra'], 0, 1, 2, 1);
    expect(oneVersusRest(y, 'virginica')).toEqual(labels(['not virginica', 'virginica'], 0, 1, 0, 1));
    expect(oneVersusRest(y, 'zebra').classes).toEqual(['not zebra', 'zebra']);
    expect(oneVersusRest(labels(['a', 'b', 'c'], 0, 1, 2), 'b')).toEqual(labels(['b', 'not b'], 1, 0, 1));
    expect(oneVersusRest(labels([1, 2, 3], 0, 1, 2), 3)).toEqual(labels(['3', 'not 3'], 1, 1, 0));
  });

  it('points who asks it for a learner to the one of that name', () => {
    for (const wrong of [undefined, null, {}, { learner: 1 }]) {
      expect(() => oneVersusRest(wrong as never, 'a')).toThrow(
        expect.objectContaining({ code: 'bad-labels', message: expect.stringContaining('oneVersusRestLearner') }),
      );
    }
  });

  it('names classes with fewer than three rows', () => {
    expect(tooSmallClasses(labels(['a', 'b', 'c'], 0, 0, 0, 1, 1, 2))).toEqual([
      { class: 'b', code: 1, rows: 2 },
      { class: 'c', code: 2, rows: 1 },
    ]);
  });
});
