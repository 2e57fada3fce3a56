import { describe, expect, it } from 'vitest';
import {
  binomialPValue,
  conformalRiskControl,
  conformalRiskOfMeans,
  hoeffdingBentkus,
  learnThenTest,
  lossTable,
  meanLosses,
  splitConformal,
} from '../../src/conformal/index.ts';
import { matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { sample } from './rows.ts';

describe('conformal risk control', () => {
  it('is split conformal prediction for the loss of missing the label', () => {
    const rows = sample(137, [0.6, 0.3, 0.1], 1);
    const score = (row: number) => 1 - rows.probabilities.data[row * 3 + rows.labels.codes[row]!]!;
    const lambdas = Float64Array.from({ length: 137 }, (_, row) => score(row)).sort();
    const losses = lossTable(137, 137, (row, at) => (score(row) > lambdas[at]! ? 1 : 0));
    for (const alpha of [0.05, 0.1, 0.33]) {
      const { lambda } = conformalRiskControl({ losses, lambdas, alpha });
      expect(lambda).toBe(splitConformal().fit(rows.probabilities, rows.labels).thresholds!(alpha)[0]);
    }
  });

  it('follows from the means alone', () => {
    const losses = lossTable(40, 7, (row, at) => (row % 7 > at ? 1 : 0));
    const lambdas = [0, 1, 2, 3, 4, 5, 6];
    const means = { risks: meanLosses(losses), rows: 40, lambdas };
    for (const alpha of [0.02, 0.1, 0.4]) {
      expect(conformalRiskOfMeans({ ...means, alpha })).toEqual(conformalRiskControl({ losses, lambdas, alpha }));
    }
    const rising = { ...means, risks: [0, 0, 0, 0, 0, 0, 1], alpha: 0.1 };
    expect(() => conformalRiskOfMeans(rising)).toThrow(expect.objectContaining({ code: 'not-monotone' }));
    expect(() => conformalRiskOfMeans({ ...means, rows: -1, alpha: 0.1 })).toThrow(/rows/);
  });

  it('keeps the expected loss of a new row', () => {
    const stream = randomStream(2, 'risk');
    const lambdas = Float64Array.from({ length: 101 }, (_, i) => i / 100);
    let total = 0;
    const rounds = 4000;
    for (let round = 0; round < rounds; round++) {
      // The loss falls from 1 to 0 as lambda passes a point of the row's own.
      const points = Float64Array.from({ length: 31 }, stream.uniform);
      const loss = (point: number, lambda: number) => Math.max(0, Math.min(1, 2 * (point - lambda)));
      const losses = lossTable(30, 101, (row, at) => loss(points[row]!, lambdas[at]!));
      const { lambda } = conformalRiskControl({ losses, lambdas, alpha: 0.2 });
      total += loss(points[30]!, lambda!);
    }
    expect(total / rounds).toBeLessThan(0.2 + 4 * (0.3 / Math.sqrt(rounds)));
    expect(total / rounds).toBeGreaterThan(0.15);
  });

  it('says that no lambda will do, and refuses losses that grow', () => {
    const none = conformalRiskControl({ losses: matrix(new Float64Array(8), 8, 1), lambdas: [0.5], alpha: 0.1 });
    expect([none.index, none.lambda, none.notices[0]!.code]).toEqual([-1, null, 'no-lambda']);
    const one = conformalRiskControl({ losses: matrix(new Float64Array(9), 9, 1), lambdas: [0.5], alpha: 0.1 });
    expect([one.index, one.lambda, one.bounds[0]]).toEqual([0, 0.5, 0.1]);
    const grows = matrix(Float64Array.of(0, 0, 0, 1), 2, 2);
    expect(() => conformalRiskControl({ losses: grows, lambdas: [0, 1], alpha: 0.1 })).toThrow(
      expect.objectContaining({ code: 'not-monotone', details: { row: 1 } }),
    );
    expect(() => conformalRiskControl({ losses: grows, lambdas: [1, 0], alpha: 0.1 })).toThrow(/ascending/);
    expect(() => conformalRiskControl({ losses: grows, lambdas: [1], alpha: 0.1 })).toThrow(/1 lambdas/);
    expect(() => lossTable(1, 2, () => Number.NaN)).toThrow(expect.objectContaining({ code: 'bad-losses' }));
    expect([...meanLosses(matrix(Float64Array.of(1, 0, 0, 1, 1, 0), 3, 2))]).toEqual([2 / 3, 1 / 3]);
  });
});

describe('p-values of a risk', () => {
  it.each([
    [0.05, 100, 0.1, 0.15651020427695356, 0.05757688648703396],
    [0, 50, 0.1, 0.0051537752073201, 0.0051537752073201135],
    [0.12, 200, 0.1, 1, 0.8551059765109519],
    [0.031, 1000, 0.05, 0.005968809337952878, 0.0021958022437049913],
    [0.2, 25, 0.5, 0.005541646085905118, 0.0020386576652526855],
  ] as const)('agree with scipy at risk %s, %s rows, alpha %s', (risk, rows, alpha, bentkus, binomial) => {
    expect(hoeffdingBentkus(risk, rows, alpha)).toBeCloseTo(bentkus, 12);
    expect(binomialPValue(risk, rows, alpha)).toBeCloseTo(binomial, 12);
  });

  it('are 1 without rows and grow with the risk', () => {
    expect(hoeffdingBentkus(0, 0, 0.1)).toBe(1);
    const p = Array.from({ length: 51 }, (_, hits) => hoeffdingBentkus(hits / 50, 50, 0.3));
    expect(p).toEqual([...p].sort((a, b) => a - b));
    expect(p.at(-1)).toBe(1);
    expect(() => hoeffdingBentkus(1.2, 3, 0.1)).toThrow(/risks/);
  });
});

describe('Learn then Test', () => {
  const risks = [0.01, 0.02, 0.055, 0.03, 0.09];
  const safe = (control: 'bonferroni' | 'bonferroni-holm' | 'fixed-sequence') => [
    ...learnThenTest({ risks, rows: 500, alpha: 0.08, delta: 0.1, control, test: 'binomial' }).safe,
  ];

  it('tests by Bonferroni, by Holm and in a fixed sequence', () => {
    const { pValues } = learnThenTest({ risks, rows: 500, alpha: 0.08, test: 'binomial' });
    // Only the third setting tells them apart: above delta / 5 and delta / 2, below delta.
    expect(pValues[2]).toBeGreaterThan(0.02);
    expect(pValues[2]).toBeLessThan(0.05);
    expect(safe('bonferroni')).toEqual([0, 1, 3]);
    expect(safe('bonferroni-holm')).toEqual([0, 1, 2, 3]);
    expect(safe('fixed-sequence')).toEqual([0, 1, 2, 3]);
    const turned = learnThenTest({ risks: [...risks].reverse(), rows: 500, alpha: 0.08, control: 'fixed-sequence' });
    expect([...turned.safe]).toEqual([]);
  });

  it('calls an unsafe threshold safe at most as often as asked', () => {
    const stream = randomStream(3, 'ltt');
    let wrong = 0;
    const rounds = 1500;
    for (let round = 0; round < rounds; round++) {
      // Ten settings with the same rows; the true risk of setting j is j / 40, unsafe from j = 4 on (alpha just below 0.1).
      const points = Float64Array.from({ length: 200 }, stream.uniform);
      const losses = lossTable(200, 10, (row, at) => (points[row]! < at / 40 ? 1 : 0));
      const { safe } = learnThenTest({
        risks: meanLosses(losses),
        rows: 200,
        alpha: 0.0999,
        delta: 0.1,
        control: 'fixed-sequence',
        test: 'binomial',
      });
      if (safe.some((setting) => setting >= 4)) wrong++;
    }
    expect(wrong / rounds).toBeLessThanOrEqual(0.1 + 3 * Math.sqrt(0.09 / rounds));
    expect(wrong / rounds).toBeGreaterThan(0.03);
  });

  it('takes a number of rows for each setting, as precision needs', () => {
    const { pValues } = learnThenTest({ risks: [0.1, 0.1], rows: [10, 1000], alpha: 0.2, test: 'binomial' });
    expect(pValues[1]).toBeLessThan(1e-10);
    expect(pValues[0]).toBeGreaterThan(0.3);
    expect(() => learnThenTest({ risks: [0.1], rows: [1, 2], alpha: 0.1 })).toThrow(/2 row counts/);
    expect(() => learnThenTest({ risks: [0.1], rows: 1.5, alpha: 0.1 })).toThrow(/whole/);
    expect(() => learnThenTest({ risks: [0.1], rows: 1, alpha: 0.1, delta: 0 })).toThrow(/delta/);
  });
});
