import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binQuotas, hardnessBins, pace, roundedQuotas } from '../../src/ensemble/self-paced-ensemble.ts';
import { randomStream } from '../../src/runtime/random.ts';

const hardness = Float64Array.of(0.05, 0.1, 0.15, 0.3, 0.35, 0.5, 0.55, 0.7, 0.9, 0.95);
const bins = hardnessBins(hardness, 5);

describe('self-paced ensemble', () => {
  it('bins hardness in equal widths from the least to the greatest', () => {
    expect([...bins]).toEqual([0, 0, 0, 1, 1, 2, 2, 3, 4, 4]);
    expect([...hardnessBins(new Float64Array(3).fill(0.2), 5)]).toEqual([0, 0, 0]);
  });

  it.each([
    // In proportion to 1 / (0.1, 0.325, 0.525, 0.7, 0.925), that is by ease.
    [0, [10, 1 / 0.325, 1 / 0.525, 1 / 0.7, 1 / 0.925]],
    [0.5, [1 / 0.6, 1 / 0.825, 1 / 1.025, 1 / 1.2, 1 / 1.425]],
  ])('draws from bins by 1 / (mean hardness + %f)', (alpha, weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const quotas = binQuotas(hardness, bins, 5, alpha, 8);
    weights.forEach((weight, b) => {
      expect(quotas[b]).toBeCloseTo((8 * weight) / total, 12);
    });
  });

  it('draws from all bins alike at last', () => {
    for (const quota of binQuotas(hardness, bins, 5, pace(9, 10), 8)) expect(quota).toBeCloseTo(1.6, 9);
    expect(pace(0, 10)).toBe(0);
    expect(pace(1, 3)).toBeCloseTo(1, 12);
  });

  it.each([
    [0, [5, 1, 1, 0, 1]],
    [0.5, [3, 1, 1, 1, 2]],
    [1000, [2, 1, 2, 1, 2]],
  ])('rounded as the authors do, the quotas of a draw of 8 at %f are those of their program', (alpha, drawn) => {
    const quotas = binQuotas(hardness, bins, 5, alpha, 8);
    // Down, and what is missing to 8 one by one from the fullest bin on, of bins as full from the last.
    const sizes = [0, 1, 2, 3, 4].map((bin) => bins.filter((own) => own === bin).length);
    const fullest = [0, 1, 2, 3, 4].sort((a, b) => sizes[b]! - sizes[a]! || b - a);
    const rounded = [...quotas].map(Math.floor);
    for (const bin of fullest) if (rounded.reduce((sum, count) => sum + count, 0) < 8) rounded[bin]!++;
    expect(rounded).toEqual(drawn);
    // Ours rounds every bin up or down by chance, so that small bins are not left out for good.
    quotas.forEach((quota, b) => {
      expect(Math.abs(drawn[b]! - quota)).toBeLessThan(1);
    });
  });

  it('rounds quotas up or down, to their sum, and right on average', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 8 }), (parts) => {
        const sum = parts.reduce((all, part) => all + part, 0);
        const wanted = Math.ceil(sum) + 1;
        const quotas = Float64Array.from(parts, (part) => (sum > 0 ? (part * wanted) / sum : wanted / parts.length));
        const counts = roundedQuotas(quotas, randomStream(1, 'quotas'));
        expect(counts.reduce((all, count) => all + count, 0)).toBe(wanted);
        counts.forEach((count, b) => {
          expect(Math.abs(count - quotas[b]!)).toBeLessThan(1 + 1e-9);
        });
      }),
    );
    const quotas = binQuotas(hardness, bins, 5, 0, 8);
    const means = new Float64Array(5);
    for (let draw = 0; draw < 4000; draw++) {
      const counts = roundedQuotas(quotas, randomStream(draw, 'mean'));
      for (let b = 0; b < 5; b++) means[b]! += counts[b]! / 4000;
    }
    for (let b = 0; b < 5; b++) expect(Math.abs(means[b]! - quotas[b]!)).toBeLessThan(0.04);
  });
});
