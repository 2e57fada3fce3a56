import { describe, expect, it } from 'vitest';
import { strategiesOf } from '../../src/experiment/strategy.ts';

const data = {
  X: { kind: 'dense', rows: 4, columns: 0, data: new Float64Array(0) } as const,
  y: { codes: Int32Array.of(0, 0, 0, 1), classes: ['a', 'b', 'c'] },
};

describe('strategies', () => {
  it('pairs every treatment with every learner, and has ensembles stand alone', () => {
    const ids = strategiesOf(
      ['easy-ensemble', 'smote', 'easy-ensemble'],
      ['logistic', 'random-forest', 'logistic'],
    ).map(({ id }) => id);
    const pairs = ['none/logistic', 'smote/logistic', 'none/random-forest', 'smote/random-forest'];
    expect(ids).toEqual([...pairs, 'easy-ensemble']);
  });

  it('says that balanced members saw even shares of the classes that occur', async () => {
    const shares = async (name: string) => {
      const strategy = strategiesOf([name]).find(({ id }) => id === name)!;
      return [...(await strategy.treatment.treat(data, 0)).seenShares];
    };
    expect(await shares('balanced-random-forest')).toEqual([0.5, 0.5, 0]);
    expect(await shares('voting')).toEqual([0.75, 0.25, 0]);
  });

  it('refuses what is neither a treatment nor an ensemble', () => {
    expect(() => strategiesOf(['balanced-forest'])).toThrow(expect.objectContaining({ code: 'unknown-strategy' }));
  });
});
