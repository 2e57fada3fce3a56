import { describe, expect, it } from 'vitest';
import { calibrationScores } from '../../../src/conformal/calibration-scores.ts';
import {
  aps,
  type ConformalScore,
  conformalScoreFromJSON,
  conformalScores,
  lac,
  margin,
  pas,
  raps,
  saps,
  splitConformal,
  topK,
  tuneRaps,
  wpas,
} from '../../../src/conformal/index.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { pick, renamed, sample, sixRows } from '../rows.ts';

const shares = Float64Array.of(0.4, 0.3, 0.2, 0.1);

function scoresOf(score: ConformalScore, u?: number): number[] {
  const { probabilities, labels } = sixRows;
  const given = u === undefined ? undefined : new Float64Array(6).fill(u);
  return [...calibrationScores(probabilities, labels, { score, seed: 0, u: given }).scores];
}

function expectClose(actual: readonly number[], expected: readonly number[], digits = 15) {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, digits);
  });
}

describe('scores of the published rows', () => {
  it('LAC', () => expectClose(scoresOf(lac()), [0.5, 0.7, 0.6, 0.75, 0.7, 0.65]));
  it('margin', () => expectClose(scoresOf(margin()), [-0.2, 0.1, -0.1, 0.35, 0, 0.1]));
  it('APS, without and with randomisation', () => {
    expectClose(scoresOf(aps({ randomised: false })), [0.5, 0.7, 0.4, 0.85, 0.3, 0.8]);
    expectClose(scoresOf(aps(), 0), [0.5, 0.7, 0.4, 0.85, 0.3, 0.8]);
    expectClose(scoresOf(aps(), 0.3), [0.35, 0.61, 0.28, 0.775, 0.21, 0.695]);
  });
  it('RAPS: APS and a penalty for each rank beyond kReg', () => {
    expectClose(scoresOf(raps({ lambda: 0.1, kReg: 1 }), 0.3), [0.35, 0.71, 0.28, 0.875, 0.21, 0.795]);
    expect(scoresOf(raps({ lambda: 0, kReg: 0 }), 0.3)).toEqual(scoresOf(aps(), 0.3));
  });
  it('SAPS', () => expectClose(scoresOf(saps(), 0.3), [0.15, 0.46, 0.12, 0.66, 0.09, 0.51]));
  it('top-k, ties to the smaller code', () => {
    expect(scoresOf(topK())).toEqual([1, 2, 1, 2, 1, 2]);
    expectClose(scoresOf(topK({ randomised: true }), 0.3), [0.7, 1.7, 0.7, 1.7, 0.7, 1.7]);
  });
  it('PAS and WPAS', () => {
    expectClose(scoresOf(pas({ shares })), [-1.25, -1.5, -4, -5 / 6, -0.75, -1.75]);
    expect(scoresOf(wpas({ shares, importance: shares }))).toEqual(
      scoresOf(lac()).map((value) => expect.closeTo(value - 1, 15)),
    );
  });
});

describe.each(conformalScores.map((entry) => [entry.name, entry] as const))('%s', (_name, entry) => {
  const four = [0.55, 0.25, 0.15, 0.05];
  const score = entry.create(Float64Array.from(four));
  const rows = sample(300, four, 4);
  const u = Float64Array.from({ length: 300 }, randomStream(1, 'u').uniform);
  const all = (one = rows, numbers = u, of = score) => {
    const { data, columns } = one.probabilities;
    const out = new Float64Array(data.length);
    of.scoreRows(data, columns, 0, one.probabilities.rows, numbers, out);
    return out;
  };

  it('falls as the label grows likelier within a row', () => {
    if (entry.name === 'pas' || entry.name === 'wpas') return;
    const out = all();
    for (let row = 0; row < 300; row++) {
      const order = [0, 1, 2, 3].sort(
        (a, b) => rows.probabilities.data[row * 4 + b]! - rows.probabilities.data[row * 4 + a]!,
      );
      const values = order.map((label) => out[row * 4 + label]!);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  });

  it('never passes its largest value, and depends on u as it says', () => {
    expect(Math.max(...all())).toBeLessThanOrEqual(score.largest(4) + 1e-12);
    const other = all(
      rows,
      u.map((value) => 1 - value),
    );
    if (score.randomised) expect(other).not.toEqual(all());
    else expect(other).toEqual(all());
  });

  it('does not care where a class stands', () => {
    const to = [2, 0, 3, 1];
    const moved = entry.create(Float64Array.from([1, 3, 0, 2], (from) => four[from]!));
    const out = all(renamed(rows, to), u, moved);
    const plain = all();
    plain.forEach((value, at) => {
      expect(out[at - (at % 4) + to[at % 4]!]).toBeCloseTo(value, 12);
    });
  });

  it('scores a row the same alone', () => {
    const out = all();
    for (const row of [0, 17, 299]) {
      expect(all(pick(rows, [row]), u.slice(row, row + 1))).toEqual(out.slice(4 * row, 4 * row + 4));
    }
  });

  it('comes back from JSON, and refuses damage', () => {
    const read = conformalScoreFromJSON(JSON.parse(JSON.stringify(score)));
    expect(all(rows, u, read)).toEqual(all());
    expect(JSON.stringify(read)).toBe(JSON.stringify(score));
    const fields = Object.keys(score.toJSON());
    for (const field of fields) {
      expect(() => entry.fromJSON({ ...score.toJSON(), [field]: null })).toThrow(
        expect.objectContaining({ code: 'bad-model' }),
      );
    }
  });
});

describe('many classes', () => {
  it('rank in order of probability, ties by code, for any number of classes', () => {
    const stream = randomStream(5, 'many');
    for (const classes of [1, 2, 23, 24, 25, 48, 49, 100, 337]) {
      const p = Float64Array.from({ length: classes }, () => stream.integer(20) / 20);
      const out = new Float64Array(classes);
      topK().scoreRows(p, classes, 0, 1, new Float64Array(1), out);
      const expected = Array.from(p.keys()).sort((a, b) => p[b]! - p[a]! || a - b);
      expect(Array.from(p.keys()).sort((a, b) => out[a]! - out[b]!)).toEqual(expected);
    }
  });
});

describe('tuneRaps', () => {
  const rows = sample(600, Array(12).fill(1 / 12), 8, 1.5);

  it('takes kReg from the ranks of true labels, not from a penalty', () => {
    const { kReg, lambda, meanSizes } = tuneRaps(rows.probabilities, rows.labels, { alpha: 0.1 });
    const sets = splitConformal({ score: topK() }).fit(rows.probabilities, rows.labels);
    expect(kReg).toBe(sets.thresholds!(0.1)[0]);
    expect(kReg).toBeGreaterThan(1);
    expect(meanSizes.map((one) => one.lambda)).toEqual([0.001, 0.01, 0.1, 0.2, 0.5]);
    const chosen = meanSizes.find((one) => one.lambda === lambda)!;
    expect(chosen.meanSize).toBe(Math.min(...meanSizes.map((one) => one.meanSize)));
  });

  it('refuses what it cannot tune on', () => {
    const one = pick(rows, [0]);
    expect(() => tuneRaps(one.probabilities, one.labels, { alpha: 0.1 })).toThrow(/two rows/);
    expect(() => tuneRaps(rows.probabilities, rows.labels, { alpha: 0.1, lambdas: [] })).toThrow(/lambdas/);
  });
});

describe('bad options', () => {
  it('are refused', () => {
    expect(() => raps({ lambda: -1, kReg: 0 })).toThrow(/lambda/);
    expect(() => saps({ weight: Number.NaN })).toThrow(/weight/);
    expect(() => pas({ shares: Float64Array.of(0.5, 0) })).toThrow(/class 1/);
    expect(() => wpas({ shares, importance: Float64Array.of(1) })).toThrow(/importance/);
    const { probabilities, labels } = sixRows;
    expect(() => splitConformal({ score: pas({ shares: shares.slice(1) }) }).fit(probabilities, labels)).toThrow(
      /3 entries/,
    );
  });
});
