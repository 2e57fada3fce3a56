import { describe, expect, it } from 'vitest';
import {
  betaCalibrator,
  type Calibrator,
  dirichletCalibrator,
  histogramBinningCalibrator,
  isotonicCalibrator,
  matrixScalingCalibrator,
  plattCalibrator,
  splineCalibrator,
  type TemperatureCalibration,
  temperatureCalibrator,
  vectorScalingCalibrator,
  vennAbersCalibrator,
} from '../../src/calibrate/index.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twenty } from './twenty-points.ts';

const column = (...values: number[]) => matrix(Float64Array.from(values), values.length, 1);
const binary = (...codes: number[]) => ({ codes: Int32Array.from(codes), classes: [0, 1] });
const second = ({ data }: Matrix) => [...data.filter((_, i) => i % 2 === 1)];
const three = (...codes: number[]) => ({ codes: Int32Array.from(codes), classes: ['a', 'b', 'c'] });
const everything = matrix(twenty.scores, 20, 1);
const labels = { codes: twenty.labels, classes: [0, 1] };

describe('platt', () => {
  it('does not care for the unit and the origin of decision values', async () => {
    const plain = await plattCalibrator({ input: 'scores' }).fit(everything, labels);
    const moved = matrix(
      twenty.scores.map((s) => 1e6 + 1e3 * s),
      20,
      1,
    );
    const other = await plattCalibrator({ input: 'scores' }).fit(moved, labels);
    second(other.apply(moved)).forEach((p, i) => {
      expect(p).toBeCloseTo(second(plain.apply(everything))[i]!, 7);
    });
  });

  it('answers the targets themselves for separated scores, and says when it turns the order', async () => {
    const separated = await plattCalibrator().fit(column(0.2, 0.2, 0.7), binary(0, 0, 1));
    const [low, , high] = second(separated.apply(column(0.2, 0.2, 0.7)));
    expect(low).toBeCloseTo(1 / 4, 13);
    expect(high).toBeCloseTo(2 / 3, 13);
    const turned = await plattCalibrator().fit(column(0.2, 0.2, 0.7), binary(1, 1, 0));
    expect(turned.notices.map((notice) => notice.code)).toEqual(['reversed-scores']);
  });

  it('refuses another input', () => {
    expect(() => plattCalibrator({ input: 'logits' as never })).toThrowError(/input/);
  });
});

describe('isotonic', () => {
  it('interpolates between steps, is constant beyond, and keeps tiny probabilities apart', async () => {
    const fitted = await isotonicCalibrator().fit(column(0.2, 0.4, 0.4, 0.8), binary(0, 0, 1, 1));
    second(fitted.apply(column(0, 0.2, 0.3, 0.4, 0.6, 0.9))).forEach((p, i) => {
      expect(p).toBeCloseTo([0, 0, 0.25, 0.5, 0.75, 1][i]!, 15);
    });
    const tiny = await isotonicCalibrator().fit(column(1e-18, 3e-17, 0.5, 1e-18), binary(0, 1, 1, 0));
    expect(second(tiny.apply(column(1e-18, 3e-17)))).toEqual([0, 1]);
  });
});

describe('beta', () => {
  it('is the maximum of the likelihood over a, b >= 0', async () => {
    const random = randomStream(4, 'beta');
    for (let set = 0; set < 40; set++) {
      const scores = Float64Array.from({ length: 60 }, () => random.uniform());
      const codes = Int32Array.from(scores, (s) => (random.uniform() < [s, 0.4, 1 - s, s ** 4][set % 4]! ? 1 : 0));
      codes.set([0, 1]);
      const fitted = await betaCalibrator().fit(matrix(scores, 60, 1), { codes, classes: [0, 1] });
      const { a, b, c } = (fitted.toJSON()['maps'] as { a: number; b: number; c: number }[])[0]!;
      const loss = (x: number, y: number, z: number) =>
        scores.reduce((sum, s, i) => {
          const eta = x * Math.log(s) - y * Math.log1p(-s) + z;
          return sum + Math.log1p(Math.exp(-Math.abs(eta))) + Math.max(0, eta) - codes[i]! * eta;
        }, 0);
      const best = loss(a, b, c);
      for (const [da, db, dc] of [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [1, 1, 0],
        [1, 0, -1],
        [0, 1, 1],
      ] as const) {
        for (const step of [1e-3, -1e-3]) {
          const [x, y, z] = [a + step * da, b + step * db, c + step * dc];
          if (x >= 0 && y >= 0) expect(loss(x, y, z)).toBeGreaterThan(best - 1e-10);
        }
      }
    }
  });

  it('smooths labels that the scores separate, and refuses other parameters', async () => {
    const fitted = await betaCalibrator().fit(column(0.1, 0.2, 0.7, 0.9), binary(0, 0, 1, 1));
    expect(fitted.notices.map((notice) => notice.code)).toEqual(['separable-scores']);
    const p = second(fitted.apply(column(0.1, 0.9)));
    expect(p[0]! > 0.05 && p[0]! < 0.5 && p[1]! > 0.5 && p[1]! < 0.95).toBe(true);
    expect(() => betaCalibrator({ parameters: 'abc' as never })).toThrowError(/parameters/);
  });

  it('keeps the raw probability where one label has no rows', async () => {
    const fitted = await betaCalibrator().fit(column(0.3, 0.6), binary(0, 0));
    expect(second(fitted.apply(column(0.3, 0.25)))).toEqual([0.3, 0.25]);
  });
});

describe('temperature', () => {
  it('finds the temperature that logits were multiplied by', async () => {
    const random = randomStream(5, 'temperature');
    const cells = new Float64Array(3 * 4000);
    const codes = new Int32Array(4000);
    for (let row = 0; row < 4000; row++) {
      const z = [random.normal(), random.normal(), random.normal()];
      const e = z.map(Math.exp);
      const draw = random.uniform() * (e[0]! + e[1]! + e[2]!);
      codes[row] = draw < e[0]! ? 0 : draw < e[0]! + e[1]! ? 1 : 2;
      z.forEach((value, c) => {
        cells[3 * row + c] = 2.5 * value + 100;
      });
    }
    const fitted = (await temperatureCalibrator({ input: 'scores' }).fit(matrix(cells, 4000, 3), {
      codes,
      classes: [0, 1, 2],
    })) as TemperatureCalibration;
    expect(fitted.inverseTemperature * 2.5).toBeCloseTo(1, 1);
  });

  it('stays at the ends of its range with a notice, and leaves flat logits alone', async () => {
    const sure = (await temperatureCalibrator().fit(column(0.1, 0.9), binary(0, 1))) as TemperatureCalibration;
    expect(sure.inverseTemperature).toBeCloseTo(Math.exp(10), 5);
    expect(sure.notices.map((notice) => notice.code)).toEqual(['at-bound']);
    const wrong = (await temperatureCalibrator().fit(column(0.1, 0.9), binary(1, 0))) as TemperatureCalibration;
    expect(wrong.inverseTemperature).toBeCloseTo(Math.exp(-10), 9);
    const flat = (await temperatureCalibrator().fit(column(0.5, 0.5), binary(1, 0))) as TemperatureCalibration;
    expect(flat.inverseTemperature).toBe(1);
  });
});

describe('vector, matrix and Dirichlet scaling', () => {
  const random = randomStream(6, 'softmax');
  const cells = new Float64Array(3 * 500);
  const codes = new Int32Array(500);
  for (let row = 0; row < 500; row++) {
    const e = [random.normal(), random.normal(), random.normal()].map(Math.exp);
    const total = e[0]! + e[1]! + e[2]!;
    e.forEach((value, c) => {
      cells[3 * row + c] = value / total;
    });
    const draw = random.uniform();
    codes[row] = draw < 0.5 ? [...e.keys()].reduce((best, c) => (e[c]! > e[best]! ? c : best), 0) : random.integer(3);
  }
  const scores = matrix(cells, 500, 3);
  const y = { codes, classes: ['a', 'b', 'c'] };

  it.each([
    ['vector', vectorScalingCalibrator()],
    ['matrix', matrixScalingCalibrator()],
    ['dirichlet without penalty', dirichletCalibrator({ offDiagonalPenalty: 0, biasPenalty: 0 })],
  ] as const)('%s: fitted class totals equal the counts', async (_, calibrator) => {
    const p = (await calibrator.fit(scores, y)).apply(scores);
    for (let c = 0; c < 3; c++) {
      const total = p.data.reduce((sum, value, i) => sum + (i % 3 === c ? value : 0), 0);
      expect(total).toBeCloseTo(codes.filter((code) => code === c).length, 9);
    }
  });

  it('a heavy penalty leaves Dirichlet only the diagonal, and bad penalties are refused', async () => {
    const fitted = await dirichletCalibrator({ offDiagonalPenalty: 1e5, biasPenalty: 1e5 }).fit(scores, y);
    const weights = fitted.toJSON()['weights'] as number[];
    weights.forEach((weight, i) => {
      if (i % 4 !== 0) expect(Math.abs(weight)).toBeLessThan(1e-5);
    });
    expect(() => dirichletCalibrator({ biasPenalty: -1 })).toThrowError(/biasPenalty/);
  });

  it('is exact also for many classes, where the Hessian is not written down', async () => {
    const many = 12;
    const draw = randomStream(7, 'many');
    const wide = new Float64Array(1200 * many);
    const truth = new Int32Array(1200);
    for (let row = 0; row < 1200; row++) {
      const e = Array.from({ length: many }, () => Math.exp(1.5 * draw.normal()));
      const total = e.reduce((sum, value) => sum + value, 0);
      wide.set(
        e.map((value) => value / total),
        row * many,
      );
      let rest = draw.uniform() * total;
      while (truth[row]! < many - 1 && rest >= e[truth[row]!]!) {
        rest -= e[truth[row]!]!;
        truth[row] = truth[row]! + 1;
      }
    }
    const labelled = { codes: truth, classes: Array.from({ length: many }, (_, c) => c) };
    const fitted = await dirichletCalibrator().fit(matrix(wide, 1200, many), labelled);
    expect(fitted.notices).toEqual([]);
    // At the minimum the penalised gradient of each bias is 0.
    const p = fitted.apply(matrix(wide, 1200, many));
    const biases = fitted.toJSON()['biases'] as number[];
    for (let c = 0; c < many; c++) {
      let gradient = 2e-3 * biases[c]!;
      for (let row = 0; row < 1200; row++) gradient += (p.data[row * many + c]! - Number(truth[row] === c)) / 1200;
      expect(Math.abs(gradient)).toBeLessThan(1e-12);
    }
  });

  it('keeps the raw probability of a class without rows and shares out the rest', async () => {
    const kept = [...codes.keys()].filter((row) => codes[row] !== 1);
    const part = matrix(
      Float64Array.from(kept.flatMap((row) => [...cells.subarray(3 * row, 3 * row + 3)])),
      kept.length,
      3,
    );
    const fitted = await matrixScalingCalibrator().fit(part, three(...kept.map((row) => codes[row]!)));
    const p = fitted.apply(scores);
    for (let row = 0; row < 500; row++) expect(p.data[3 * row + 1]).toBe(cells[3 * row + 1]);
  });
});

describe('histogram binning', () => {
  it('answers the share of its bin, and the score itself in an empty one', async () => {
    const scores = column(0.05, 0.1, 0.15, 0.5, 0.55);
    const fitted = await histogramBinningCalibrator({ bins: 10, strategy: 'uniform' }).fit(
      scores,
      binary(0, 1, 0, 1, 0),
    );
    expect(second(fitted.apply(column(0, 0.1, 0.199, 0.35, 0.5, 1)))).toEqual([0, 0.5, 0.5, 0.35, 0.5, 1]);
  });

  it('never parts equal scores', async () => {
    const scores = column(0.1, 0.1, 0.1, 0.1, 0.2, 0.3);
    const fitted = await histogramBinningCalibrator({ bins: 3 }).fit(scores, binary(0, 1, 0, 0, 1, 1));
    expect(second(fitted.apply(column(0.1, 0.2, 0.3)))).toEqual([0.25, 1, 1]);
    expect(() => histogramBinningCalibrator({ bins: 0 })).toThrowError(/bins/);
  });
});

describe('spline', () => {
  it('takes fewer knots where there are few scores, and refuses other numbers of knots', async () => {
    const fitted = await splineCalibrator().fit(column(0.2, 0.2, 0.6, 0.6), binary(0, 1, 0, 1));
    expect(fitted.notices.map((notice) => notice.code)).toEqual(['fewer-knots']);
    expect(second(fitted.apply(column(0.2, 0.6)))[1]).toBeCloseTo(0.5, 12);
    expect(() => splineCalibrator({ knots: 2 })).toThrowError(/knots/);
  });
});

describe('venn-abers', () => {
  it('gives intervals whose width is 1 where the calibration rows say nothing', async () => {
    const fitted = await vennAbersCalibrator().fit(everything, labels);
    const { problems, lower, upper, width } = fitted.intervals(column(0, 0.42, 0.99));
    expect(problems).toEqual([{ positive: 1, negative: 0 }]);
    expect([...lower.data]).toEqual([0, 1 / 3, 0.8]);
    expect([...upper.data]).toEqual([2 / 7, 0.5, 1]);
    expect(width[1]).toBeCloseTo(1 / 6, 15);
    expect(second(fitted.apply(column(0.42)))[0]).toBeCloseTo(3 / 7, 15);
    const brier = await vennAbersCalibrator({ merge: 'brier' }).fit(everything, labels);
    expect(second(brier.apply(column(0.42)))[0]).toBeCloseTo(0.4305555555555556, 15);
  });

  it('takes a pair of two zeros as undecided, and states its ignorance of an absent class', async () => {
    const cells = Float64Array.of(1, 0, 0, 0.5, 0.5, 0, 0, 1, 0, 0.2, 0.8, 0);
    const fitted = await vennAbersCalibrator().fit(matrix(cells, 4, 3), three(0, 0, 1, 1));
    const asked = matrix(Float64Array.of(1, 0, 0, 0, 0, 1), 2, 3);
    const p = fitted.apply(asked);
    expect(p.data.every((value) => value > 0 && value < 1)).toBe(true);
    const { problems, lower, upper, width } = fitted.intervals(asked);
    expect(problems).toEqual([
      { positive: 1, negative: 0 },
      { positive: 2, negative: 0 },
      { positive: 2, negative: 1 },
    ]);
    // Only class 0 among the rows of the pair (0, 2): p0 of class 2 is 0, and above all scores p1 is 1.
    expect([lower.data[4], upper.data[4]]).toEqual([0, 1]);
    expect(width[1]).toBe(1);
  });

  it('calibrates decision values one against the rest only', async () => {
    const cells = Float64Array.of(3, -1, 0, -2, 5, 1, 0, 0, 4, 1, 2, 0);
    const fitted = await vennAbersCalibrator({ multiClass: 'one-vs-rest', input: 'scores' }).fit(
      matrix(cells, 4, 3),
      three(0, 1, 2, 1),
    );
    expect(fitted.intervals(matrix(cells, 4, 3)).problems).toHaveLength(3);
    const pairs = vennAbersCalibrator({ input: 'scores' }).fit(matrix(cells, 4, 3), three(0, 1, 2, 1));
    await expect(pairs).rejects.toMatchObject({ code: 'bad-option' });
    expect(() => vennAbersCalibrator({ multiClass: 'ovo' as never })).toThrowError(/multiClass/);
  });
});

describe('decision values', () => {
  const methods: readonly (readonly [string, Calibrator])[] = [
    ['platt', plattCalibrator({ input: 'scores' })],
    ['isotonic', isotonicCalibrator({ input: 'scores' })],
    ['temperature', temperatureCalibrator({ input: 'scores' })],
    ['vector', vectorScalingCalibrator({ input: 'scores' })],
    ['matrix', matrixScalingCalibrator({ input: 'scores' })],
    ['venn-abers', vennAbersCalibrator({ input: 'scores', multiClass: 'one-vs-rest' })],
  ];
  it.each(methods)('%s takes any finite number, however large', async (_, calibrator) => {
    for (const unit of [1e-100, 1, 1e99]) {
      const values = twenty.scores.map((s) => (s - 0.4) * unit);
      const fitted = await calibrator.fit(matrix(values, 20, 1), labels);
      const p = second(fitted.apply(column(-1e100, ...values, 1e100)));
      expect(p.every((value) => value >= 0 && value <= 1)).toBe(true);
      // β of a temperature ends at e^10, too little to part numbers near 1e-100.
      expect(p[20]! - p[1]!).toBeGreaterThan(calibrator.name === 'temperature' && unit < 1 ? -1 : 0.1);
    }
    await expect(calibrator.fit(column(1e101), binary(0))).rejects.toMatchObject({ code: 'bad-scores' });
  });
});
