import { describe, expect, it } from 'vitest';
import type { Labels } from '../../src/data/labels.ts';
import { timeFolds } from '../../src/data/time-folds.ts';
import { codeOf, repeat } from './tables.ts';

const labelled = (codes: readonly number[]): Labels => ({ classes: ['a', 'b', 'c'], codes: Int32Array.from(codes) });

describe('timeFolds', () => {
  it('always validates on what comes right after the training rows, in a growing window', () => {
    const rows = 120;
    const time = Float64Array.from(repeat(rows, (i) => Math.floor(((i * 77) % rows) / 3)));
    const { folds, notices } = timeFolds({ labels: labelled(repeat(rows, (i) => i % 2)), time, folds: 4 });
    expect(notices).toEqual([]);
    expect(folds).toHaveLength(4);
    let known = 24;
    for (const { train, validate } of folds) {
      const latest = Math.max(...Array.from(train, (row) => time[row]!));
      const earliest = Math.min(...Array.from(validate, (row) => time[row]!));
      expect(latest).toBeLessThan(earliest);
      expect(train).toHaveLength(known);
      expect([...validate]).toEqual([...validate].sort((a, b) => a - b));
      known += validate.length;
    }
    expect(known).toBe(rows);
  });

  it('moves the cuts where equal blocks would lack the rare class', () => {
    // All events lie in the second half; blocks of equal rows would leave the first two without any.
    const labels = labelled(repeat(100, (i) => (i >= 60 && i % 5 === 0 ? 1 : 0)));
    const { folds, notices } = timeFolds({ labels, time: Float64Array.from(repeat(100, (i) => i)), folds: 3 });
    expect(folds).toHaveLength(3);
    expect(notices).toEqual([]);
    for (const { train, validate } of folds) {
      for (const part of [train, validate]) expect(new Set(Array.from(part, (row) => labels.codes[row])).size).toBe(2);
    }
  });

  it('drops folds without both classes and says so', () => {
    const labels = labelled(repeat(60, (i) => (i === 10 || i === 55 ? 1 : 0)));
    const { folds, notices } = timeFolds({ labels, time: Float64Array.from(repeat(60, (i) => i)), folds: 4 });
    expect(folds).toHaveLength(1);
    expect(notices).toMatchObject([{ code: 'fewer-folds', numbers: { folds: 1, wanted: 4 } }]);
  });

  it('is content with two classes of many where no fold has all', () => {
    const labels = labelled(repeat(60, (i) => (i === 59 ? 2 : i % 2)));
    const { folds, notices } = timeFolds({ labels, time: Float64Array.from(repeat(60, (i) => i)), folds: 3 });
    expect(folds).toHaveLength(2);
    expect(notices.map(({ code }) => code)).toEqual(['fewer-folds', 'class-missing-in-fold']);
  });

  it('refuses data without two usable parts', () => {
    const labels = labelled([0, 0, 0, 1]);
    expect(codeOf(() => timeFolds({ labels, time: new Float64Array(4), folds: 2 }))).toBe('too-few-rows');
    expect(codeOf(() => timeFolds({ labels, time: Float64Array.of(1, 2, 3, 4), folds: 2 }))).toBe('too-few-rows');
    expect(codeOf(() => timeFolds({ labels, time: Float64Array.of(1, 2, 3, Number.NaN), folds: 2 }))).toBe(
      'missing-time',
    );
  });
});
