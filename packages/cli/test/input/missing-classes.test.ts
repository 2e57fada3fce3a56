import { CounterweightError, type Notice } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { withMissingWords } from '../../src/input/missing-classes.ts';

const notice = (code: string, column: string): Notice => ({
  code,
  severity: 'warning',
  message: `said of ${column}`,
  column,
});
const failing = (code: string, notices: readonly Notice[]) =>
  withMissingWords('y', notices, () => {
    throw new CounterweightError(code, 'it failed');
  });

describe('withMissingWords', () => {
  const said = [
    notice('dressed-numbers', 'x'),
    notice('tokens-read-as-missing', 'z'),
    notice('tokens-read-as-missing', 'y'),
  ];

  it('adds the words of the target that were taken for missing where classes are too few', async () => {
    await expect(failing('one-class', said)).rejects.toThrow(/^it failed \(said of y\)$/);
  });

  it('adds a column of numbers that are not written plainly where no column is left', async () => {
    await expect(failing('no-usable-columns', said)).rejects.toThrow(/^it failed \(said of x\)$/);
  });

  it('leaves other errors and results as they are', async () => {
    await expect(failing('bad-options', said)).rejects.toThrow(/^it failed$/);
    await expect(failing('no-usable-columns', [])).rejects.toThrow(/^it failed$/);
    expect(await withMissingWords('y', said, () => 3)).toBe(3);
  });
});
