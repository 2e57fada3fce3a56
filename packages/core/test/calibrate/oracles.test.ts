import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type BetaParameters,
  bayesianBinningCalibrator,
  betaCalibrator,
  type Calibrator,
  dirichletCalibrator,
  inductiveVennAbers,
  isotonicCalibrator,
  matrixScalingCalibrator,
  plattCalibrator,
  splineCalibrator,
  temperatureCalibrator,
  vectorScalingCalibrator,
  vennAbersCalibrator,
} from '../../src/calibrate/index.ts';
import { matrix } from '../../src/data/matrix.ts';
import { twenty } from './twenty-points.ts';

interface Case {
  classes?: number;
  scores: number[];
  labels: number[];
  weights: number[] | null;
  asked: number[];
  expected: Record<string, number[]>;
}

/** Values of scikit-learn, venn-abers, betacal and scipy; fixtures/calibrators.py made them. */
const fixture = JSON.parse(
  readFileSync(fileURLToPath(new URL('../fixtures/calibrators.json', import.meta.url)), 'utf8'),
) as { binary: Case[]; multi: Case[] };

/**
 * How far apart the answers may be. The optimisers that scikit-learn (Platt, temperature) and betacal use stop early; what
 * has a closed form or a tight oracle agrees to rounding.
 */
const methods: Record<string, readonly [Calibrator, number]> = {
  platt: [plattCalibrator(), 2e-5],
  isotonic: [isotonicCalibrator(), 1e-13],
  temperature: [temperatureCalibrator(), 1e-7],
  spline: [splineCalibrator(), 1e-7],
  'bayesian-binning': [bayesianBinningCalibrator(), 1e-12],
  'venn-abers': [vennAbersCalibrator(), 1e-13],
  'one-vs-one': [vennAbersCalibrator(), 1e-13],
  'one-vs-rest': [vennAbersCalibrator({ multiClass: 'one-vs-rest' }), 1e-13],
  'matrix-scaling': [matrixScalingCalibrator(), 1e-8],
  'vector-scaling': [vectorScalingCalibrator(), 1e-7],
  dirichlet: [dirichletCalibrator(), 1e-7],
  ...Object.fromEntries(
    (['am', 'ab', 'abm'] as const).flatMap((parameters: BetaParameters) => [
      [`beta-${parameters}`, [betaCalibrator({ parameters }), 1e-9] as const],
      [`betacal-${parameters}`, [betaCalibrator({ parameters }), 5e-3] as const],
    ]),
  ),
};

async function answers(item: Case, calibrator: Calibrator): Promise<Float64Array> {
  const classes = item.classes ?? 2;
  const columns = item.classes ?? 1;
  const labels = { codes: Int32Array.from(item.labels), classes: Array.from({ length: classes }, (_, i) => i) };
  const rows = (values: number[]) => matrix(Float64Array.from(values), values.length / columns, columns);
  const weights = item.weights ? Float64Array.from(item.weights) : undefined;
  const calibration = await calibrator.fit(rows(item.scores), labels, { weights });
  const { data } = calibration.apply(rows(item.asked));
  return classes === 2 ? data.filter((_, i) => i % 2 === 1) : data;
}

describe('calibrators beside their oracles', () => {
  it.each([...fixture.binary, ...fixture.multi].map((item, i) => [i, item] as const))('set %i', async (_, item) => {
    for (const [name, expected] of Object.entries(item.expected)) {
      if (name === 'p0' || name === 'p1') continue;
      const [calibrator, tolerance] = methods[name]!;
      const gaps = (await answers(item, calibrator)).map((p, i) => Math.abs(p - expected[i]!));
      expect(Math.max(...gaps), name).toBeLessThan(tolerance);
    }
    if (!item.expected['p0']) return;
    const model = inductiveVennAbers({ scores: Float64Array.from(item.scores), labels: Int32Array.from(item.labels) });
    const pairs = model.pairs(Float64Array.from(item.asked));
    for (const name of ['p0', 'p1'] as const) {
      pairs[name].forEach((p, i) => {
        expect(p).toBeCloseTo(item.expected[name]![i]!, 14);
      });
    }
  });
});

describe('golden values of the twenty points', () => {
  const scores = matrix(twenty.scores, 20, 1);
  const labels = { codes: twenty.labels, classes: ['no', 'yes'] };
  const maps = async (calibrator: Calibrator) =>
    ((await calibrator.fit(scores, labels)).toJSON()['maps'] as Record<string, number>[])[0]!;

  it('Platt', async () => {
    const { a, b } = await maps(plattCalibrator());
    expect(a).toBeCloseTo(-3.555153897232283, 13);
    expect(b).toBeCloseTo(1.7194661751513844, 13);
    const three = matrix(Float64Array.of(5, -4, 1), 3, 1);
    const fitted = await plattCalibrator({ input: 'scores' }).fit(three, {
      codes: Int32Array.of(1, 0, 0),
      classes: [-1, 1],
    });
    const map = (fitted.toJSON()['maps'] as { a: number; b: number }[])[0]!;
    // Of scikit-learn's test: three digits are known there. Here the gradient is 0 to rounding.
    expect(map.a).toBeCloseTo(-0.2026, 4);
    expect(map.b).toBeCloseTo(0.65237, 4);
    const residuals = [2 / 3, 1 / 4, 1 / 4].map((target, i) => {
      const score = three.data[i]!;
      return { residual: 1 / (1 + Math.exp(map.a * score + map.b)) - target, score };
    });
    expect(residuals.reduce((sum, { residual }) => sum + residual, 0)).toBeCloseTo(0, 14);
    expect(residuals.reduce((sum, { residual, score }) => sum + residual * score, 0)).toBeCloseTo(0, 14);
  });

  it('beta: am is slope and intercept; abm drops the slope that would be negative', async () => {
    const am = await maps(betaCalibrator({ parameters: 'am' }));
    expect([am['a'], am['b']]).toEqual([am['a'], am['a']]);
    expect(am['a']).toBeCloseTo(0.9060475512903515, 13);
    expect(am['c']).toBeCloseTo(0.07682036805428524, 13);
    const abm = await maps(betaCalibrator());
    expect(abm['a']).toBe(0);
    expect(abm['b']).toBeCloseTo(2.2005592843521793, 13);
    expect(abm['c']).toBeCloseTo(-1.6933136891887552, 13);
    const fitted = await betaCalibrator().fit(scores, labels);
    expect(fitted.apply(matrix(Float64Array.of(0.42), 1, 1)).data[1]).toBeCloseTo(0.3788083498266372, 14);
  });

  it('temperature', async () => {
    const fitted = await temperatureCalibrator().fit(scores, labels);
    expect(fitted.toJSON()['inverseTemperature']).toBeCloseTo(0.90135728962844, 7);
  });

  it('isotonic', async () => {
    const fitted = await isotonicCalibrator().fit(scores, labels);
    const values = fitted.apply(scores).data.filter((_, i) => i % 2 === 1);
    expect([...values]).toEqual([
      ...[0, 0.2, 0.2, 0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.4, 0.4, 0.5, 0.5],
      ...[2 / 3, 2 / 3, 2 / 3, 1, 1, 1, 1],
    ]);
    expect(fitted.apply(matrix(Float64Array.of(0.42), 1, 1)).data[1]).toBe(0.4);
  });
});

describe('Venn-Abers of three classes', () => {
  it('couples the pairs as Price, Knerr, Personnaz and Dreyfus do', async () => {
    const cells = [
      ...[0.7, 0.2, 0.1, 0.5, 0.3, 0.2, 0.4, 0.4, 0.2, 0.2, 0.6, 0.2, 0.3, 0.5, 0.2, 0.1, 0.7, 0.2],
      ...[0.2, 0.2, 0.6, 0.1, 0.3, 0.6, 0.3, 0.2, 0.5, 0.6, 0.3, 0.1, 0.3, 0.3, 0.4, 0.25, 0.5, 0.25],
    ];
    const codes = Int32Array.of(0, 0, 1, 1, 1, 1, 2, 2, 2, 0, 0, 2);
    const fitted = await vennAbersCalibrator().fit(matrix(Float64Array.from(cells), 12, 3), {
      codes,
      classes: ['a', 'b', 'c'],
    });
    const asked = matrix(Float64Array.of(0.5, 0.3, 0.2, 0.2, 0.5, 0.3, 0.15, 0.25, 0.6), 3, 3);
    const expected = [
      ...[0.5025380710659899, 0.22335025380710657, 0.2741116751269035],
      ...[0.2258064516129032, 0.3387096774193548, 0.4354838709677419],
      ...[0.16702819956616055, 0.2863340563991323, 0.5466377440347071],
    ];
    fitted.apply(asked).data.forEach((p, i) => {
      expect(p).toBeCloseTo(expected[i]!, 15);
    });
  });
});
