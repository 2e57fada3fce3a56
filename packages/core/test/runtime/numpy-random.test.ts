import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type NumpyRandom, numpyRandom } from '../../src/runtime/numpy-random.ts';

interface Step {
  draw: 'randints' | 'uniforms' | 'choice' | 'permutation' | 'shuffle' | 'randn' | 'beta';
  args: (number | boolean)[];
  values: number[];
}

const fixture = JSON.parse(readFileSync(new URL('../fixtures/numpy-random.json', import.meta.url), 'utf8')) as {
  sequences: { seed: number; steps: Step[] }[];
};

function replay(stream: NumpyRandom, { draw, args }: Step): number[] {
  const [a, b, c] = args as [number, number, number];
  if (draw === 'randints') return [...stream.randints(a, b, c)];
  if (draw === 'uniforms') return [...stream.uniforms(a, b, c)];
  if (draw === 'choice') return [...stream.choice(a, b, args[2] === true)];
  if (draw === 'permutation') return [...stream.permutation(a)];
  if (draw === 'shuffle') return [...stream.shuffle(Int32Array.from({ length: a }, (_, i) => i))];
  if (draw === 'randn') return Array.from({ length: a }, () => stream.randn());
  return Array.from({ length: c }, () => stream.beta(a, b));
}

describe('numpyRandom', () => {
  it.each(fixture.sequences)('follows RandomState($seed) through every kind of draw', ({ seed, steps }) => {
    const stream = numpyRandom(seed);
    for (const step of steps) {
      const drawn = replay(stream, step);
      if (step.draw === 'randn' || step.draw === 'beta') {
        // The logarithm's last bit is the C library's own.
        drawn.forEach((value, i) => {
          expect(Math.abs(value - step.values[i]!)).toBeLessThan(4e-15);
        });
      } else {
        expect(drawn, step.draw).toEqual(step.values);
      }
    }
  });

  it('gives the first word of the reference Mersenne Twister for its default seed', () => {
    expect(numpyRandom(5489).uint32()).toBe(3499211612);
  });

  it('draws single values as it draws arrays', () => {
    const single = numpyRandom(9);
    const many = numpyRandom(9);
    expect(Array.from({ length: 20 }, () => single.randint(3, 90))).toEqual([...many.randints(3, 90, 20)]);
    expect(single.uniform(-1, 1)).toBe(many.uniforms(1, -1, 1)[0]);
  });

  it('refuses what numpy refuses', () => {
    for (const seed of [-1, 0.5, 2 ** 32, Number.NaN]) expect(() => numpyRandom(seed)).toThrow('the seed must be');
    expect(() => numpyRandom(0).randint(3, 3)).toThrow('low 3, high 3');
    expect(() => numpyRandom(0).choice(3, 4, false)).toThrow('cannot choose 4 of 3');
    expect(() => numpyRandom(0).choice(0, 1, true)).toThrow('high 0');
    expect(() => numpyRandom(0).beta(1, 2)).toThrow('shapes above 1');
    expect(numpyRandom(0).choice(0, 0, true).length).toBe(0);
  });
});
