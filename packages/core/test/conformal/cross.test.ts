import { describe, expect, it } from 'vitest';
import { crossConformal, cvPlus, lac, mondrianConformal, splitConformal } from '../../src/conformal/index.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { sample } from './rows.ts';

const shares = [0.5, 0.3, 0.2];
const calibration = sample(61, shares, 1);
const folds = Int32Array.from({ length: 61 }, (_, row) => row % 4);
const models = [3, 4, 5, 6].map((seed) => sample(40, shares, seed).probabilities);

const scoreOf = ({ data, columns }: Matrix, row: number, label: number) => 1 - data[row * columns + label]!;

describe('CV+', () => {
  it.each([0.05, 0.1, 0.42, 0.5])(
    'takes y where fewer than (1 - alpha)(n + 1) held-out rows score lower, alpha %s',
    (alpha) => {
      const sets = cvPlus().fit(calibration.probabilities, calibration.labels, { folds }).sets(models, { alpha });
      for (let row = 0; row < 40; row++) {
        for (let label = 0; label < 3; label++) {
          let lower = 0;
          for (let i = 0; i < 61; i++) {
            const own = scoreOf(calibration.probabilities, i, calibration.labels.codes[i]!);
            if (own < scoreOf(models[folds[i]!]!, row, label)) lower++;
          }
          expect(sets.members[row * 3 + label]).toBe(lower < (1 - alpha) * 62 - 1e-9 ? 1 : 0);
        }
      }
    },
  );
});

describe('cross-conformal prediction', () => {
  it('has the sets of CV+', () => {
    for (const alpha of [0.02, 0.1, 0.3, 0.5]) {
      const one = crossConformal()
        .fit(calibration.probabilities, calibration.labels, { folds })
        .sets(models, { alpha });
      const other = cvPlus().fit(calibration.probabilities, calibration.labels, { folds }).sets(models, { alpha });
      expect(one.members).toEqual(other.members);
    }
  });

  it('is split or Mondrian conformal prediction where all folds share one model', () => {
    const same = Array<Matrix>(4).fill(models[0]!);
    for (const [by, plain] of [
      ['all', splitConformal()],
      ['class', mondrianConformal()],
    ] as const) {
      const cross = crossConformal({ by, score: lac() }).fit(calibration.probabilities, calibration.labels, { folds });
      const one = plain.fit(calibration.probabilities, calibration.labels);
      expect(cross.pValues!(same)).toEqual(one.pValues!(models[0]!));
      expect(cross.pValues!(same, { smoothed: true })).toEqual(one.pValues!(models[0]!, { smoothed: true }));
    }
  });

  it('refuses another number of matrices than folds, or of rows', () => {
    const model = crossConformal().fit(calibration.probabilities, calibration.labels, { folds });
    expect(() => model.sets(models.slice(1), { alpha: 0.1 })).toThrow(/4 matrices/);
    expect(() => model.sets([...models.slice(1), matrix(new Float64Array(3), 1, 3)], { alpha: 0.1 })).toThrow(
      /4 matrices/,
    );
    expect(() =>
      splitConformal().fit(calibration.probabilities, calibration.labels).sets(models, { alpha: 0.1 }),
    ).toThrow(/one matrix/);
    expect(() => cvPlus().fit(calibration.probabilities, calibration.labels, { folds: folds.map(() => -1) })).toThrow(
      /row 0/,
    );
  });
});
