import { describe, expect, it } from 'vitest';
import type { ClassLabel, Labels } from '../../src/data/labels.ts';
import { type PlanOptions, planSampling, type SamplingStrategy } from '../../src/resample/sampling-strategy.ts';
import { CounterweightError } from '../../src/runtime/errors.ts';
import { labelsOf, shuffledLabels } from './data.ts';

const three = labelsOf(
  shuffledLabels(
    [
      [1, 50],
      [2, 100],
      [3, 25],
    ],
    1,
  ),
);
const two = labelsOf(
  shuffledLabels(
    [
      [0, 100],
      [1, 25],
    ],
    2,
  ),
);
const compat = 'imbalanced-learn';
const over: PlanOptions = { samplingType: 'over-sampling' };
const under: PlanOptions = { samplingType: 'under-sampling' };
const clean: PlanOptions = { samplingType: 'clean-sampling' };

function plan(strategy: unknown, labels: Labels, options: PlanOptions): [ClassLabel, number][] {
  const { targets } = planSampling(strategy as SamplingStrategy, labels, options);
  return targets.map(({ label, count }) => [label, count]);
}

function thrown(run: () => unknown): CounterweightError {
  try {
    run();
  } catch (error) {
    if (error instanceof CounterweightError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const map = (...entries: [ClassLabel, unknown][]) => new Map(entries);
const largest = (counts: ReadonlyMap<ClassLabel, number>) => Math.max(...counts.values());

describe('planSampling, the forms of imbalanced-learn', () => {
  const table: [string, unknown, Labels, PlanOptions, [ClassLabel, number][]][] = [
    [
      'auto, under',
      'auto',
      three,
      under,
      [
        [1, 25],
        [2, 25],
      ],
    ],
    [
      'auto, over',
      'auto',
      three,
      over,
      [
        [1, 50],
        [3, 75],
      ],
    ],
    [
      'all, over',
      'all',
      three,
      over,
      [
        [1, 50],
        [2, 0],
        [3, 75],
      ],
    ],
    [
      'all, under',
      'all',
      three,
      under,
      [
        [1, 25],
        [2, 25],
        [3, 25],
      ],
    ],
    ['majority, under', 'majority', three, under, [[2, 25]]],
    ['minority, over', 'minority', three, over, [[3, 75]]],
    [
      'not minority, over',
      'not minority',
      three,
      over,
      [
        [1, 50],
        [2, 0],
      ],
    ],
    [
      'not minority, under',
      'not minority',
      three,
      under,
      [
        [1, 25],
        [2, 25],
      ],
    ],
    [
      'not majority, over',
      'not majority',
      three,
      over,
      [
        [1, 50],
        [3, 75],
      ],
    ],
    [
      'not majority, under',
      'not majority',
      three,
      under,
      [
        [1, 25],
        [3, 25],
      ],
    ],
    [
      'targets, over',
      map([1, 70], [2, 100], [3, 70]),
      three,
      over,
      [
        [1, 20],
        [2, 0],
        [3, 45],
      ],
    ],
    [
      'targets, under',
      map([1, 30], [2, 45], [3, 25]),
      three,
      under,
      [
        [1, 30],
        [2, 45],
        [3, 25],
      ],
    ],
    [
      'unsorted targets',
      map([3, 70], [1, 70]),
      three,
      over,
      [
        [1, 20],
        [3, 45],
      ],
    ],
    ['list, clean', [1], three, clean, [[1, 25]]],
    [
      'auto, clean',
      'auto',
      three,
      clean,
      [
        [1, 25],
        [2, 25],
      ],
    ],
    [
      'all, clean',
      'all',
      three,
      clean,
      [
        [1, 25],
        [2, 25],
        [3, 25],
      ],
    ],
    ['majority, clean', 'majority', three, clean, [[2, 25]]],
    ['ratio, over', 0.5, two, over, [[1, 25]]],
    ['ratio, under', 0.5, two, under, [[0, 50]]],
    [
      'function, over',
      (counts: ReadonlyMap<ClassLabel, number>) => new Map([...counts.keys()].map((label) => [label, largest(counts)])),
      three,
      over,
      [
        [1, 50],
        [2, 0],
        [3, 75],
      ],
    ],
    [
      'function with multipliers, over',
      (counts: ReadonlyMap<ClassLabel, number>) =>
        new Map([...counts].map(([label, count]) => [label, count * ({ 1: 1.5, 2: 1, 3: 3 }[Number(label)] ?? 1)])),
      three,
      over,
      [
        [1, 25],
        [2, 0],
        [3, 50],
      ],
    ],
  ];
  it.each(table)('%s', (_title, strategy, labels, options, expected) => {
    expect(plan(strategy, labels, options)).toEqual(expected);
    expect(plan(strategy, labels, { ...options, compat })).toEqual(expected);
  });

  it('gives ties for largest and smallest to the class that sorts first', () => {
    const tied = labelsOf(['b', 'a', 'c', 'b', 'a', 'c', 'd']);
    expect(plan('majority', tied, under)).toEqual([['a', 1]]);
    expect(plan('not majority', tied, over)).toEqual([
      ['b', 0],
      ['c', 0],
      ['d', 1],
    ]);
    expect(plan('minority', labelsOf(['b', 'a', 'c', 'c']), over)).toEqual([['a', 1]]);
  });

  const refused: [string, unknown, Labels, PlanOptions, string][] = [
    ['majority, over', 'majority', three, over, '"majority" cannot be used where rows are added'],
    ['minority, under', 'minority', three, under, '"minority" cannot be used where rows are removed'],
    ['minority, clean', 'minority', three, clean, '"minority" cannot be used where rows are removed'],
    ['unknown word', 'most', three, over, 'must be one of auto, all'],
    ['list, over', [1], three, over, 'a list of classes is for cleaning methods only'],
    ['list, under', [1], three, under, 'a list of classes is for cleaning methods only'],
    ['targets, clean', map([1, 20]), three, clean, 'cleaning methods take no targets per class'],
    ['ratio, clean', 0.5, two, clean, 'a ratio cannot be set for cleaning methods'],
    ['ratio 0', 0, two, over, 'above 0 and at most 1, got 0'],
    ['ratio above 1', 1.1, two, under, 'above 0 and at most 1, got 1.1'],
    ['ratio NaN', Number.NaN, two, over, 'above 0 and at most 1, got NaN'],
    ['negative count', map([3, -1]), three, over, 'class 3 must be a whole number of at least 0'],
    ['fraction for a count', map([3, 70.5]), three, over, 'class 3 must be a whole number of at least 0'],
    ['count as text', map([3, '70']), three, over, 'class 3 must be a whole number of at least 0'],
    ['nothing', null, three, over, 'a Map or a plain record'],
    ['a date', new Date(0), three, over, 'a Map or a plain record'],
    ['a boolean', true, three, over, 'a Map or a plain record'],
  ];
  it.each(refused)('refuses %s', (_title, strategy, labels, options, message) => {
    const error = thrown(() => plan(strategy, labels, options));
    expect(error.code).toBe('bad-option');
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
  });

  it('names the class and the counts when rows would have to go the other way', () => {
    const fewer = thrown(() => plan(map([2, 99]), three, over));
    expect(fewer).toMatchObject({ code: 'target-out-of-reach', details: { class: 2, rows: 100, asked: 99 } });
    expect(fewer.message).toContain('class 2 has 100 rows and 99 are asked');
    const more = thrown(() => plan(map([2, 101]), three, under));
    expect(more).toMatchObject({ code: 'target-out-of-reach', details: { class: 2, rows: 100, asked: 101 } });
    expect(thrown(() => plan(0.2, two, over)).code).toBe('target-out-of-reach');
    expect(thrown(() => plan(0.2, two, under)).code).toBe('target-out-of-reach');
  });

  it('refuses classes that are not there, one class, and no rows', () => {
    const error = thrown(() => plan(map([4, 200]), three, over));
    expect(error).toMatchObject({ code: 'unknown-class', details: { class: 4 } });
    expect(error.message).toContain('the classes are 1, 2, 3');
    expect(thrown(() => plan([9], three, clean)).code).toBe('unknown-class');
    const single = thrown(() => plan('auto', labelsOf(['x', 'x']), over));
    expect(single).toMatchObject({ code: 'one-class', details: { class: 'x' } });
    expect(single.message).toContain('all 2 rows are of class "x"');
    expect(thrown(() => plan('auto', labelsOf([]), under)).code).toBe('one-class');
  });

  it('counts a class without rows as absent', () => {
    const gone = { classes: [0, 1, 2], codes: Int32Array.of(0, 0, 0, 2) };
    expect(plan('auto', gone, under)).toEqual([[0, 1]]);
    expect(plan('all', gone, over)).toEqual([
      [0, 0],
      [2, 2],
    ]);
    expect(thrown(() => plan(map([1, 3]), gone, over)).code).toBe('unknown-class');
    expect(plan(0.5, gone, { ...under, compat })).toEqual([[0, 2]]);
  });

  it('refuses codes outside the classes', () => {
    const error = thrown(() => plan('auto', { classes: ['a', 'b'], codes: Int32Array.of(0, 1, -1) }, over));
    expect(error).toMatchObject({ code: 'bad-labels', details: { row: 2 } });
  });

  it('refuses a ratio so large that no row is left', () => {
    const error = thrown(() =>
      plan(new Map([['b', { ratio: 9.5 }]]), { classes: ['a', 'b'], codes: Int32Array.of(0, 1, 1) }, under),
    );
    expect(error.message).toBe('samplingStrategy: the ratio 9.5 leaves no row of class "b"; a count is a whole number');
  });

  it('refuses a class that is named twice, and tells 1 from "1"', () => {
    const error = thrown(() => plan('auto', { classes: ['a', 'b', 'a'], codes: Int32Array.of(0, 1, 2) }, over));
    expect(error).toMatchObject({ code: 'bad-labels', details: { class: 'a' } });
    expect(error.message).toBe('the classes name "a" twice; one name is one class');
    expect(plan('auto', { classes: [1, '1'], codes: Int32Array.of(0, 1, 1) }, over)).toEqual([[1, 1]]);
  });
});

describe('planSampling, beyond imbalanced-learn', () => {
  it('takes a ratio for any number of classes and leaves alone those that reached it', () => {
    expect(plan(0.4, three, over)).toEqual([
      [1, 0],
      [3, 15],
    ]);
    expect(plan(0.4, three, under)).toEqual([
      [1, 50],
      [2, 62],
    ]);
    const { notices } = planSampling(0.4, three, over);
    expect(notices).toMatchObject([{ code: 'already-at-ratio', numbers: { classes: 1, count: 40 } }]);
    expect(thrown(() => plan(0.4, three, { ...over, compat })).message).toContain('two classes only');
    expect(thrown(() => plan(0.1, three, over)).code).toBe('target-out-of-reach');
  });

  it('says that balanced data have nothing to resample, where compat follows the error', () => {
    const even = labelsOf([0, 1, 1, 0]);
    expect(plan(1, even, over)).toEqual([[1, 0]]);
    expect(planSampling('auto', even, over).notices.map(({ code }) => code)).toEqual(['nothing-to-resample']);
    expect(planSampling(1, even, under).notices.map(({ code }) => code)).toContain('nothing-to-resample');
    expect(thrown(() => plan(1, even, { ...over, compat })).code).toBe('target-out-of-reach');
    expect(plan(1, even, { ...under, compat })).toEqual([[1, 2]]);
  });

  it('does not lose a row to rounding noise in a ratio, where compat does', () => {
    const hundred = labelsOf(
      shuffledLabels(
        [
          [0, 100],
          [1, 5],
        ],
        3,
      ),
    );
    expect(100 * 0.29).toBeLessThan(29);
    expect(plan(0.29, hundred, over)).toEqual([[1, 24]]);
    expect(plan(0.29, hundred, { ...over, compat })).toEqual([[1, 23]]);
    expect(plan(0.299, hundred, over)).toEqual([[1, 24]]);
  });

  it('takes counts and ratios class by class', () => {
    expect(plan(map([1, { ratio: 0.6 }], [3, { count: 30 }]), three, over)).toEqual([
      [1, 10],
      [3, 5],
    ]);
    expect(plan(map([3, { ratio: 1.2 }]), three, over)).toEqual([[3, 95]]);
    expect(plan(map([1, { ratio: 0.5 }], [2, { ratio: 0.25 }]), three, under)).toEqual([
      [1, 50],
      [2, 100],
    ]);
    expect(thrown(() => plan(map([1, { ratio: -1 }]), three, over)).message).toContain('ratio of class 1');
    expect(thrown(() => plan(map([1, { ratio: 0.6, count: 60 }]), three, over)).message).toContain(
      'both a count and a ratio',
    );
  });

  it('reads the keys of a record as text and those of a Map by type', () => {
    expect(plan({ 3: 70, '1': 70 }, three, over)).toEqual([
      [1, 20],
      [3, 45],
    ]);
    expect(thrown(() => plan(map(['3', 70]), three, over)).message).toContain('names the class "3"');
    const words = labelsOf(['1', '1', '2']);
    expect(plan({ 2: 2 }, words, over)).toEqual([['2', 1]]);
    expect(thrown(() => plan(map([2, 2]), words, over)).message).toContain('the classes are "1", "2"');
  });

  it('is not fooled by classes called like members of every object', () => {
    const odd = labelsOf(['__proto__', 'constructor', 'constructor', 'toString', 'constructor']);
    expect(plan({ toString: 2 }, odd, over)).toEqual([['toString', 1]]);
    expect(plan(JSON.parse('{"__proto__": 2}'), odd, over)).toEqual([['__proto__', 1]]);
    expect(plan(map(['__proto__', 3]), odd, over)).toEqual([['__proto__', 2]]);
    expect(thrown(() => plan({ ['__proto__' as string]: 2, hasOwnProperty: 2 }, odd, over)).code).toBe('unknown-class');
    expect(thrown(() => plan({ __proto__: { count: 2 } }, odd, over)).message).toContain('use a Map');
    expect(thrown(() => plan({ valueOf: 2 }, labelsOf([0, 1]), over)).code).toBe('unknown-class');
  });

  it('lets a function choose the classes to clean', () => {
    const rarest = (counts: ReadonlyMap<ClassLabel, number>) => [...counts.keys()].slice(0, 2);
    expect(plan(rarest, three, clean)).toEqual([
      [1, 25],
      [2, 25],
    ]);
    expect(thrown(() => plan(rarest, three, { ...clean, compat })).message).toContain('no targets per class');
    expect(thrown(() => plan(() => undefined, three, over)).message).toContain('a Map or a plain record');
  });

  it('shares maxNew by largest remainder and says so', () => {
    const limited = planSampling('auto', three, { ...over, maxNew: 7 });
    // 50 and 75 of 125: exact shares 2.8 and 4.2.
    expect(limited.targets.map(({ count }) => count)).toEqual([3, 4]);
    expect(limited.notices).toMatchObject([{ code: 'max-new-reached', numbers: { asked: 125, added: 7 } }]);
    expect(planSampling('auto', three, { ...over, maxNew: 125 }).notices).toEqual([]);
    expect(plan('auto', three, { ...over, maxNew: 0 })).toEqual([
      [1, 0],
      [3, 0],
    ]);
    expect(thrown(() => plan('auto', three, { ...over, maxNew: 1.5 })).message).toContain('maxNew');
    expect(thrown(() => plan('auto', three, { ...under, maxNew: 1 })).message).toContain('over-sampling');
    expect(thrown(() => plan('auto', three, { ...over, maxNew: 1, compat })).code).toBe('bad-option');
  });

  it('refuses a result that no array can hold before it starts', () => {
    expect(thrown(() => plan(map([3, 3e9]), three, over)).code).toBe('too-many-rows');
    expect(thrown(() => plan(map([3, 1e300]), three, over)).code).toBe('bad-option');
  });
});

describe('the median size of a class', () => {
  const four = labelsOf(
    shuffledLabels(
      [
        ['a', 10],
        ['b', 25],
        ['c', 90],
        ['d', 40],
      ],
      3,
    ),
  );

  it('is what smaller classes are brought up to, and larger ones down to', () => {
    expect(plan('median', three, over)).toEqual([[3, 25]]);
    expect(plan('median', three, under)).toEqual([[2, 50]]);
    expect(plan('median', three, clean)).toEqual([[2, 25]]);
  });

  it('of an even number of classes lies between the two in the middle, rounded down', () => {
    // (25 + 40) / 2 = 32.5
    expect(plan('median', four, over)).toEqual([
      ['a', 22],
      ['b', 7],
    ]);
    expect(plan('median', four, under)).toEqual([
      ['c', 32],
      ['d', 32],
    ]);
    expect(plan('median', two, over)).toEqual([[1, 37]]);
  });

  it('moves nothing where all classes have one size, with a notice; the other library has no such strategy', () => {
    const even = labelsOf(['x', 'y', 'x', 'y']);
    expect(planSampling('median', even, over).notices[0]!.code).toBe('nothing-to-resample');
    expect(thrown(() => plan('median', three, { ...over, compat })).code).toBe('bad-option');
  });
});
