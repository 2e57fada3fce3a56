import { describe, expect, it } from 'vitest';
import {
  bayesianBinningCalibrator,
  betaCalibrator,
  blackBoxShares,
  type Calibration,
  calibrationCheck,
  calibrationFromJSON,
  calibratorByName,
  calibrators,
  dirichletCalibrator,
  histogramBinningCalibrator,
  isotonicCalibrator,
  matrixScalingCalibrator,
  plattCalibrator,
  priorCalibrator,
  priorCorrection,
  saerensShares,
  splineCalibrator,
  temperatureCalibrator,
  vectorScalingCalibrator,
  vennAbersCalibrator,
} from '../../src/calibrate/index.ts';
import type { Labels } from '../../src/data/labels.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** What every calibrator owes its users. A calibrator is done when it is in the registry and passes these. */

interface Task {
  readonly scores: Matrix;
  readonly y: Labels;
}

/** Softmax of normal logits, labels drawn from flatter ones, so that there is something to put right. */
function overconfident(rows: number, classes: number, seed: number): Task {
  const random = randomStream(seed, 'calibration');
  const cells = new Float64Array(rows * classes);
  const codes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const z = Float64Array.from({ length: classes }, (_, c) => 2 * random.normal() - (c === 0 ? 0 : 1));
    const softmax = (scale: number) => {
      const e = z.map((value) => Math.exp(scale * value));
      const total = e.reduce((a, b) => a + b);
      return e.map((value) => value / total);
    };
    cells.set(softmax(1), row * classes);
    let draw = random.uniform();
    const truth = softmax(0.5);
    while (codes[row]! < classes - 1 && draw >= truth[codes[row]!]!) {
      draw -= truth[codes[row]!]!;
      codes[row] = codes[row]! + 1;
    }
  }
  return {
    scores: matrix(cells, rows, classes),
    y: { codes, classes: Array.from({ length: classes }, (_, c) => `c${c}`) },
  };
}

const tasks: readonly (readonly [string, Task])[] = [
  ['two classes', overconfident(300, 2, 1)],
  ['four classes', overconfident(400, 4, 2)],
];

function rowsOf({ data, columns }: Matrix, rows: readonly number[]): Matrix {
  const cells = rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)]);
  return matrix(Float64Array.from(cells), rows.length, columns);
}

function take({ scores, y }: Task, rows: readonly number[]): Task {
  return { scores: rowsOf(scores, rows), y: { ...y, codes: Int32Array.from(rows, (row) => y.codes[row]!) } };
}

function expectProbabilities(p: Matrix) {
  for (let row = 0; row < p.rows; row++) {
    const values = [...p.data.subarray(row * p.columns, (row + 1) * p.columns)];
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(Math.abs(values.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-14);
  }
}

function largestGap(a: Float64Array, b: Float64Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

function logLoss({ data, columns }: Matrix, codes: Int32Array): number {
  return (
    codes.reduce((sum, code, row) => sum - Math.log(Math.max(1e-15, data[row * columns + code]!)), 0) / codes.length
  );
}

/** One column of probabilities, also the extreme ones. */
const grid = matrix(
  Float64Array.of(0, 5e-324, 1e-17, 1e-9, ...Array.from({ length: 99 }, (_, i) => (i + 1) / 100), 1 - 1e-12, 1),
  105,
  1,
);

describe.each(calibrators.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
  const fit = (task: Task, weights?: Float64Array): Promise<Calibration> =>
    entry.create().fit(task.scores, task.y, { weights });

  describe.each(tasks)('%s', (_task, task) => {
    const { scores, y } = task;
    const last = y.classes.length - 1;

    it('gives probabilities that sum to 1, better ones than it was given', async () => {
      const calibration = await fit(task);
      const p = calibration.apply(scores);
      expect([p.rows, p.columns]).toEqual([scores.rows, y.classes.length]);
      expectProbabilities(p);
      const fresh = overconfident(2000, last + 1, 99);
      const after = calibration.apply(fresh.scores);
      const brier = (m: Matrix) =>
        m.data.reduce((sum, value, i) => {
          const hit = fresh.y.codes[Math.floor(i / m.columns)] === i % m.columns ? 1 : 0;
          return sum + (value - hit) ** 2 / m.rows;
        }, 0);
      expect(brier(after)).toBeLessThan(brier(fresh.scores));
      expect(calibration.notices).toEqual([]);
      expect(calibration.name).toBe(entry.name);
      expect(calibration.classes).toEqual(y.classes);
    });

    it('takes an integer weight as that many copies of the row', async () => {
      const weights = Float64Array.from({ length: scores.rows }, (_row, i) => i % 4);
      const copies = [...weights].flatMap((weight, i) => Array<number>(weight).fill(i));
      const weighted = (await fit(task, weights)).apply(scores);
      const plain = (await fit(take(task, copies))).apply(scores);
      expect(largestGap(weighted.data, plain.data)).toBeLessThan(1e-8);
    });

    it('does not care what the classes are called, in what order they or the rows stand', async () => {
      const turnedCells = scores.data.map((_value, i) => {
        const start = i - (i % scores.columns);
        return scores.data[start + last - (i - start)]!;
      });
      const turned = {
        scores: matrix(turnedCells, scores.rows, scores.columns),
        y: { codes: y.codes.map((code) => last - code), classes: y.classes.map((_c, i) => i * 10) },
      };
      const plain = (await fit(task)).apply(scores);
      const calibration = await fit(turned);
      expect(calibration.classes).toEqual(turned.y.classes);
      const p = calibration.apply(turned.scores);
      const back = p.data.map((_value, i) => p.data[i - (i % p.columns) + last - (i % p.columns)]!);
      expect(largestGap(back, plain.data)).toBeLessThan(1e-8);
      const order = [...randomStream(3, 'order').permutation(scores.rows)];
      const shuffled = (await fit(take(task, order))).apply(scores);
      expect(largestGap(shuffled.data, plain.data)).toBeLessThan(1e-8);
    });

    it('calibrates a row the same alone and in a batch, and no rows at all', async () => {
      const calibration = await fit(task);
      const batch = calibration.apply(scores);
      for (const row of [0, 1, 7, scores.rows - 1]) {
        const alone = calibration.apply(rowsOf(scores, [row]));
        expect([...alone.data]).toEqual([...rowsOf(batch, [row]).data]);
      }
      expect(calibration.apply(matrix(new Float64Array(0), 0, scores.columns)).rows).toBe(0);
    });

    it('is the same after it was saved and read, and refuses damage', async () => {
      const calibration = await fit(task);
      const json = JSON.parse(JSON.stringify(calibration));
      const read = calibrationFromJSON(json);
      expect(JSON.stringify(read)).toBe(JSON.stringify(calibration));
      expect(read.apply(scores)).toEqual(calibration.apply(scores));
      expect(json.kind).toBe(entry.name);
      for (const field of Object.keys(json)) {
        for (const wrong of [undefined, null, 'x', Number.NaN, {}, [null, null, null]]) {
          expect(() => calibrationFromJSON({ ...json, [field]: wrong }), `${field}: ${wrong}`).toThrowError(
            expect.objectContaining({ code: 'bad-model' }),
          );
        }
      }
    });

    it('gives the same bytes twice and does not change its input', async () => {
      const before = [scores.data.slice(), y.codes.slice()];
      const first = await fit(task);
      expect(JSON.stringify(await fit(task))).toBe(JSON.stringify(first));
      first.apply(scores);
      expect([scores.data, y.codes]).toEqual(before);
      expect(Object.isFrozen(first)).toBe(true);
    });

    it('keeps a class that has no calibration rows, and says so', async () => {
      const rows = [...y.codes.keys()].filter((row) => y.codes[row] !== last);
      const calibration = await fit(take(task, rows));
      expect(calibration.notices.find((notice) => notice.code === 'class-absent')).toMatchObject({ class: `c${last}` });
      expectProbabilities(calibration.apply(scores));
      expect(calibration.apply(scores).columns).toBe(last + 1);
      const again = calibrationFromJSON(JSON.parse(JSON.stringify(calibration)));
      expect(again.apply(scores)).toEqual(calibration.apply(scores));
    });

    it('fits a single row, equal scores and scores that separate the classes', async () => {
      expectProbabilities((await fit(take(task, [0]))).apply(scores));
      const uniform = matrix(new Float64Array(scores.data.length).fill(1 / (last + 1)), scores.rows, scores.columns);
      const constant = (await fit({ scores: uniform, y })).apply(uniform);
      expectProbabilities(constant);
      const sure = matrix(new Float64Array(scores.data.length), scores.rows, scores.columns);
      y.codes.forEach((code, row) => {
        sure.data[row * sure.columns + code] = 1;
      });
      const certain = await fit({ scores: sure, y });
      expectProbabilities(certain.apply(sure));
      expect(logLoss(certain.apply(sure), y.codes)).toBeLessThan(0.1);
      expectProbabilities(certain.apply(scores));
    });

    it('refuses what is no score, no label or no weight', async () => {
      const broken = (value: number) => matrix(Float64Array.from(scores.data).fill(value, 0, 1), scores.rows, last + 1);
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -0.1, 1.5]) {
        await expect(fit({ scores: broken(value), y })).rejects.toMatchObject({ code: 'bad-scores' });
        const calibration = await fit(task);
        expect(() => calibration.apply(broken(value))).toThrowError(expect.objectContaining({ code: 'bad-scores' }));
      }
      await expect(fit({ scores: rowsOf(scores, [0, 1]), y })).rejects.toMatchObject({ code: 'shape-mismatch' });
      await expect(fit(take(task, []))).rejects.toMatchObject({ code: 'too-few-rows' });
      await expect(fit(task, new Float64Array(scores.rows))).rejects.toMatchObject({ code: 'too-few-rows' });
      await expect(fit(task, new Float64Array(scores.rows).fill(-1))).rejects.toMatchObject({ code: 'bad-weights' });
      const codes = y.codes.map((code, row) => (row === 5 ? 9 : code));
      await expect(fit({ scores, y: { ...y, codes } })).rejects.toMatchObject({ code: 'bad-labels' });
      const narrow = matrix(new Float64Array(10), 2, 5);
      const calibration = await fit(task);
      expect(() => calibration.apply(narrow)).toThrowError(expect.objectContaining({ code: 'shape-mismatch' }));
    });

    it('obeys a signal', async () => {
      const aborted = entry.create().fit(scores, y, { signal: AbortSignal.abort() });
      await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
    });
  });

  it('takes one column of the second class like both', async () => {
    const task = tasks[0]![1];
    const second = matrix(
      task.scores.data.filter((_cell, i) => i % 2 === 1),
      task.scores.rows,
      1,
    );
    const one = (await fit({ scores: second, y: task.y })).apply(second);
    expect(largestGap(one.data, (await fit(task)).apply(task.scores).data)).toBeLessThan(1e-12);
  });

  it('is finite on extreme probabilities, and ascends if it says so', async () => {
    const task = tasks[0]![1];
    const extreme = task.scores.data.map((p, i) =>
      i % 20 === 0 ? 0 : i % 20 === 1 ? 1 : i % 34 < 2 ? (i % 2 ? 1e-200 : 1) : p,
    );
    const scores = matrix(extreme, task.scores.rows, 2);
    for (const calibration of [await fit(task), await fit({ scores, y: task.y })]) {
      const p = calibration.apply(grid);
      expectProbabilities(p);
      for (let row = 1; entry.ascending && row < p.rows; row++) {
        expect(p.data[2 * row + 1]).toBeGreaterThanOrEqual(p.data[2 * row - 1]!);
      }
    }
  });

  it('ascends, if it says so, also on scores that run the wrong way', async () => {
    const { scores, y } = tasks[0]![1];
    const p = (await fit({ scores, y: { ...y, codes: y.codes.map((code) => 1 - code) } })).apply(grid);
    expectProbabilities(p);
    for (let row = 1; entry.ascending && row < p.rows; row++) {
      expect(p.data[2 * row + 1]).toBeGreaterThanOrEqual(p.data[2 * row - 1]!);
    }
  });
});

describe('options', () => {
  const shares = Float64Array.of(0.9, 0.1);
  const { scores } = tasks[0]![1];
  const truth = tasks[0]![1].y.codes;
  const makers: readonly (readonly [string, (options: never) => unknown, object])[] = [
    ...calibrators.map(({ name, create }) => [`${name} by name`, create, {}] as const),
    ['platt', plattCalibrator, {}],
    ['isotonic', isotonicCalibrator, {}],
    ['beta', betaCalibrator, {}],
    ['temperature', temperatureCalibrator, {}],
    ['vector scaling', vectorScalingCalibrator, {}],
    ['matrix scaling', matrixScalingCalibrator, {}],
    ['dirichlet', dirichletCalibrator, {}],
    ['histogram binning', histogramBinningCalibrator, {}],
    ['bayesian binning', bayesianBinningCalibrator, {}],
    ['spline', splineCalibrator, {}],
    ['venn-abers', vennAbersCalibrator, {}],
    ['prior', priorCalibrator, { seenShares: shares }],
    ['prior correction', priorCorrection, { trueShares: shares, seenShares: shares }],
    ['saerens', saerensShares, { probabilities: scores, seenShares: shares }],
    ['black box', blackBoxShares, { validation: { probabilities: scores, truth }, target: scores }],
    ['calibration check', calibrationCheck, { probabilities: scores, truth }],
  ];

  describe.each(makers)('of %s', (_name, make, needed) => {
    it('are taken where they are known, and refused in one line where not', () => {
      expect(() => make(needed as never)).not.toThrow();
      const refused = expect.objectContaining({ name: 'CounterweightError', code: 'bad-option' });
      for (const wrong of [null, 5, 'input', ['input'], { ...needed, inputs: 'scores' }, { ...needed, zebra: 1 }])
        expect(() => make(wrong as never), JSON.stringify(wrong)).toThrow(refused);
    });

    it('must be there where nothing stands in for them', () => {
      const missing = Object.keys(needed).length > 0 ? [{}] : [];
      const named = expect.objectContaining({ name: 'CounterweightError' });
      for (const wrong of missing) expect(() => make(wrong as never)).toThrow(named);
    });
  });

  it.each(calibrators.map((entry) => [entry.name, entry] as const))('of %s by name say what goes in', (_, entry) => {
    for (const input of [null, 5, 'score', true]) {
      expect(() => entry.create({ input: input as never })).toThrow(expect.objectContaining({ code: 'bad-option' }));
    }
  });

  it('name the one that was meant', () => {
    expect(() => plattCalibrator({ inptu: 'scores' } as never)).toThrow(/did you mean input\?/);
    expect(() => splineCalibrator({ knots: 'toString' as never })).toThrow(/3 to 7/);
  });

  it.each(calibrators.map((entry) => [entry.name, entry] as const))(
    'hold for what %s is fitted to as well',
    async (_, entry) => {
      const { y } = tasks[0]![1];
      for (const wrong of [undefined, null, [[0.1, 0.9]], { rows: 1 }]) {
        await expect(entry.create().fit(wrong as never, y)).rejects.toMatchObject({ code: 'bad-scores' });
      }
      for (const wrong of [undefined, null, ['a', 'b'], {}]) {
        await expect(entry.create().fit(scores, wrong as never)).rejects.toMatchObject({ code: 'bad-labels' });
      }
      const calibration = await entry.create().fit(scores, y);
      for (const wrong of [undefined, null, [0.5]]) {
        expect(() => calibration.apply(wrong as never)).toThrowError(expect.objectContaining({ code: 'bad-scores' }));
      }
    },
  );
});

describe('calibratorByName', () => {
  it('finds every name and hints at a misspelt one', () => {
    for (const entry of calibrators) {
      expect(calibratorByName(entry.name)).toBe(entry);
      expect(entry.create().name).toBe(entry.name);
    }
    expect(() => calibratorByName('isotonik')).toThrowError(/did you mean "isotonic"/);
    expect(() => calibrationFromJSON({ kind: 'magic' })).toThrowError(expect.objectContaining({ code: 'bad-model' }));
  });
});
