import { describe, expect, it } from 'vitest';
import { nearestName } from '../../src/input/nearest-name.ts';

describe('nearestName', () => {
  it('finds slips of the pen and the wrong case', () => {
    expect(nearestName('sicck', ['age', 'sick'])).toBe('sick');
    expect(nearestName('Fraud', ['fraud', 'frauds'])).toBe('fraud');
    expect(nearestName('ag', ['sex', 'age'])).toBe('age');
    expect(nearestName('Y', ['x', 'y'])).toBe('y');
  });

  it('takes no other letter for a name of one letter, and nothing for what is unlike', () => {
    expect(nearestName('b', ['a', 'y'])).toBeUndefined();
    expect(nearestName('amount', ['age', 'sex'])).toBeUndefined();
    expect(nearestName('', ['a'])).toBeUndefined();
  });
});
