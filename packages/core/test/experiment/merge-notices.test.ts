import { describe, expect, it } from 'vitest';
import { nameStrategies } from '../../src/experiment/merge-notices.ts';

describe('nameStrategies', () => {
  const said = (code: string, message: string, ...strategies: string[]) => ({
    code,
    message,
    severity: 'info' as const,
    ...(strategies.length > 0 && { strategies }),
  });

  it('makes one notice of what several strategies say alike, naming them, and leaves others as they are', () => {
    const lists = [
      [said('recalibrated', 'Out-of-fold rows failed.', 'none/logistic'), said('rare', 'Two levels are rare.')],
      [said('rare', 'Two levels are rare.')],
      [said('recalibrated', 'Out-of-fold rows failed.', 'smote/logistic'), said('recalibrated', 'Others.', 'x')],
    ];
    expect(nameStrategies(lists)).toEqual([
      said(
        'recalibrated',
        'none/logistic, smote/logistic: out-of-fold rows failed.',
        'none/logistic',
        'smote/logistic',
      ),
      said('rare', 'Two levels are rare.'),
      said('recalibrated', 'x: others.', 'x'),
    ]);
  });
});
