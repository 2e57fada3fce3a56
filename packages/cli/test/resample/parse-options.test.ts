import { describe, expect, it } from 'vitest';
import { parseOptions, parseSamplingStrategy } from '../../src/resample/parse-options.ts';

describe('parseOptions', () => {
  it('takes keys in the spelling of either language and values by their form', () => {
    expect(
      parseOptions([
        'k-neighbors=3',
        'n_neighbors=4',
        'evenBase=false',
        'kind=all',
        'gap = 1e-3',
        'list=[1,"a"]',
        'text="3"',
        'empty=',
      ]),
    ).toEqual({
      kNeighbors: 3,
      nNeighbors: 4,
      evenBase: false,
      kind: 'all',
      gap: 0.001,
      list: [1, 'a'],
      text: '3',
      empty: '',
    });
  });

  it('refuses what it cannot take', () => {
    expect(() => parseOptions(['kind'])).toThrow('--option kind: write it as key=value');
    expect(() => parseOptions(['=3'])).toThrow('key=value');
    expect(() => parseOptions(['k-neighbors=3', 'kNeighbors=4'])).toThrow('kNeighbors is given twice');
    expect(() => parseOptions(['a={x}'])).toThrow('{x} is not valid JSON');
  });
});

describe('parseSamplingStrategy', () => {
  it('reads words, ratios, pairs and JSON', () => {
    expect(parseSamplingStrategy('not majority')).toBe('not majority');
    expect(parseSamplingStrategy(' 0.5 ')).toBe(0.5);
    expect(parseSamplingStrategy('a=500, b=0.5,c=1.0')).toEqual({ a: 500, b: { ratio: 0.5 }, c: { ratio: 1 } });
    expect(parseSamplingStrategy('["a","b"]')).toEqual(['a', 'b']);
    expect(parseSamplingStrategy('{"a":{"count":3}}')).toEqual({ a: { count: 3 } });
  });

  it('takes any class name', () => {
    expect(parseSamplingStrategy(String.raw`a\,b=5,x\=y=6`)).toEqual({ 'a,b': 5, 'x=y': 6 });
    const strange = parseSamplingStrategy('__proto__=7') as object;
    expect(Object.entries(strange)).toEqual([['__proto__', 7]]);
  });

  it('refuses half a pair and a class given twice', () => {
    expect(() => parseSamplingStrategy('a=x')).toThrow('a=x must be class=rows or class=ratio');
    expect(() => parseSamplingStrategy('a=1,b')).toThrow('b must be class=rows');
    expect(() => parseSamplingStrategy('a=1,a=2')).toThrow('class a is given twice');
  });
});
