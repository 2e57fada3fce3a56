import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalsFor, differenceDecimals, outOf, pageFormat, terminalFormat } from '../../src/report/format.ts';

describe('number formats', () => {
  it('groups thousands and keeps decimals apart from them', () => {
    expect(terminalFormat.count(1234567)).toBe('1,234,567');
    expect(terminalFormat.count(999)).toBe('999');
    expect(terminalFormat.number(-1234.56789, 4)).toBe('-1,234.5679');
    expect(pageFormat.count(45211)).toBe('45\u202f211');
  });

  it('says that a number is not defined', () => {
    for (const text of [
      pageFormat.number(null),
      pageFormat.count(null),
      pageFormat.percent(null),
      pageFormat.probability(null),
      pageFormat.pValue(null),
      pageFormat.number(Number.NaN),
    ]) {
      expect(text).toBe('not defined');
    }
    expect(pageFormat.interval({ value: 1, low: null, high: null })).toBe('');
    expect(terminalFormat.interval({ value: 1, low: 0.5, high: null })).toBe('[0.500, open]');
  });

  it('never rounds a share to a false 0 or 100 %', () => {
    expect(terminalFormat.percent(0.9997)).toBe('99.97 %');
    expect(terminalFormat.percent(0.00012)).toBe('0.012 %');
    expect(terminalFormat.percent(0)).toBe('0 %');
    expect(terminalFormat.percent(1)).toBe('100 %');
    expect(terminalFormat.percent(0.117)).toBe('11.7 %');
    fc.assert(
      fc.property(fc.double({ min: 1e-7, max: 1 - 1e-7, noNaN: true }), (share) => {
        const text = terminalFormat.percent(share);
        expect(Number(text.replace(' %', ''))).toBeGreaterThan(0);
        expect(Number(text.replace(' %', ''))).toBeLessThan(100);
      }),
    );
  });

  it('has no minus before zero and a plus only before what is shown as positive', () => {
    expect(pageFormat.number(-0.0001)).toBe('0.000');
    expect(pageFormat.signed(0.0001)).toBe('0.000');
    expect(pageFormat.signed(0.0083, 4)).toBe('+0.0083');
    expect(pageFormat.signed(-0.5, 1)).toBe('\u22120.5');
  });

  it('gives a column the decimals that its largest number needs', () => {
    expect(decimalsFor([0.556, 0.5, null])).toBe(3);
    expect(decimalsFor([0.00074, 0.00031])).toBe(6);
    expect(decimalsFor([12345])).toBe(0);
    expect(decimalsFor([])).toBe(3);
    expect(differenceDecimals([0.55], [0.00001])).toBe(4);
  });

  it('states a share of a whole number of rows, of more where the share is small', () => {
    expect(outOf(0.431)).toEqual({ n: 43, base: 100 });
    expect(outOf(0.004)).toEqual({ n: 4, base: 1000 });
    expect(outOf(0)).toEqual({ n: 0, base: 100 });
  });
});
