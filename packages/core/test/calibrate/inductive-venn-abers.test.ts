import { describe, expect, it } from 'vitest';
import {
  crossVennAbers,
  crossVennAbersFromJSON,
  inductiveVennAbers,
  inductiveVennAbersFromJSON,
  onlineVennAbers,
  onlineVennAbersFromJSON,
} from '../../src/calibrate/index.ts';
import { type RandomStream, randomStream } from '../../src/runtime/random.ts';
import { twenty } from './twenty-points.ts';

interface Cases {
  readonly scores: Float64Array;
  readonly labels: Int32Array;
  readonly weights: Float64Array;
}

/** Few distinct scores, so that ties abound; at times one label only. */
function randomRows(random: RandomStream): Cases {
  const rows = 1 + random.integer(24);
  const levels = 1 + random.integer(20);
  const share = [0, 0.1, 0.5, 0.9, 1][random.integer(5)]!;
  return {
    scores: Float64Array.from({ length: rows }, () => random.integer(levels) / 8 - 1),
    labels: Int32Array.from({ length: rows }, () => (random.uniform() < share ? 1 : 0)),
    weights: Float64Array.from({ length: rows }, () => random.integer(4)),
  };
}

/** The definition itself: pool adjacent violators over all rows and (score, label), read off at the score. */
function byDefinition({ scores, labels }: { scores: Float64Array; labels: Int32Array }, score: number, label: number) {
  const rows = [...scores].map((value, i) => [value, labels[i]!] as const);
  const blocks: { top: number; sum: number; rows: number }[] = [];
  const sorted = [...rows, [score, label] as const].sort((a, b) => a[0] - b[0]);
  for (let i = 0; i < sorted.length; ) {
    const top = sorted[i]![0];
    const block = { top, sum: 0, rows: 0 };
    for (; i < sorted.length && sorted[i]![0] === top; i++) {
      block.sum += sorted[i]![1];
      block.rows++;
    }
    while (blocks.length > 0 && blocks.at(-1)!.sum * block.rows >= block.sum * blocks.at(-1)!.rows) {
      const before = blocks.pop()!;
      block.sum += before.sum;
      block.rows += before.rows;
    }
    blocks.push(block);
  }
  const block = blocks.find(({ top }) => top >= score)!;
  return block.sum / block.rows;
}

function repeated({ scores, labels, weights }: Cases) {
  const rows = [...weights].flatMap((weight, i) => Array<number>(weight).fill(i));
  return { scores: Float64Array.from(rows, (i) => scores[i]!), labels: Int32Array.from(rows, (i) => labels[i]!) };
}

/** All scores of the grid, between them, and beyond both ends. */
const asked = Float64Array.from({ length: 47 }, (_, i) => i / 16 - 1.25);

describe('inductiveVennAbers', () => {
  it('gives the values of the reference on twenty points', () => {
    const model = inductiveVennAbers(twenty);
    const scores = Float64Array.of(0, 0.05, 0.1, 0.12, 0.4, 0.42, 0.65, 0.7, 0.95, 0.99);
    const { p0, p1 } = model.pairs(scores);
    expect([...p0]).toEqual([0, 0, 0, 1 / 6, 1 / 3, 1 / 3, 0.5, 0.5, 0.8, 0.8]);
    expect([...p1]).toEqual([2 / 7, 2 / 7, 1 / 3, 1 / 3, 0.5, 0.5, 0.75, 0.75, 1, 1]);
    const log = [
      2 / 9,
      2 / 9,
      0.25,
      0.2857142857142857,
      3 / 7,
      3 / 7,
      0.6,
      0.6,
      0.8333333333333334,
      0.8333333333333334,
    ];
    const brier = [
      ...[0.24489795918367346, 0.24489795918367346, 0.2777777777777778, 0.29166666666666663, 0.4305555555555556],
      ...[0.4305555555555556, 0.59375, 0.59375, 0.82, 0.82],
    ];
    model.probabilities(scores).forEach((p, i) => {
      expect(p).toBeCloseTo(log[i]!, 15);
    });
    model.probabilities(scores, 'brier').forEach((p, i) => {
      expect(p).toBeCloseTo(brier[i]!, 15);
    });
  });

  it('equals the definition on larger sets whose shares change slowly', () => {
    const random = randomStream(2, 'large');
    for (let set = 0; set < 20; set++) {
      const scores = Float64Array.from({ length: 400 }, () => Math.round(random.uniform() * 300) / 300);
      const labels = Int32Array.from(scores, (score) => (random.uniform() < score ** 2 ? 1 : 0));
      const { p0, p1 } = inductiveVennAbers({ scores, labels }).pairs(scores);
      for (let i = 0; i < 400; i += 7) {
        expect(p0[i]).toBe(byDefinition({ scores, labels }, scores[i]!, 0));
        expect(p1[i]).toBe(byDefinition({ scores, labels }, scores[i]!, 1));
      }
    }
  });

  it('takes whole-number weights as repetition, to the bit', () => {
    const random = randomStream(3, 'weights');
    for (let set = 0; set < 500; set++) {
      const rows = randomRows(random);
      expect(inductiveVennAbers(repeated(rows)).toJSON()).toEqual(inductiveVennAbers(rows).toJSON());
    }
  });

  it('stays ordered and inside 0 .. 1 with fractional weights', () => {
    const random = randomStream(4, 'fractions');
    for (let set = 0; set < 500; set++) {
      const rows = randomRows(random);
      const weights = rows.weights.map((weight) => weight * random.uniform());
      const { p0, p1 } = inductiveVennAbers({ ...rows, weights }).pairs(asked);
      for (let i = 0; i < asked.length; i++) {
        expect(p0[i]! >= 0 && p0[i]! < 1 && p1[i]! > 0 && p1[i]! <= 1 && p0[i]! < p1[i]!).toBe(true);
        if (i > 0) expect(p0[i]! >= p0[i - 1]! && p1[i]! >= p1[i - 1]!).toBe(true);
      }
    }
  });

  it('does not depend on the order of rows, and mirrors when labels and scores are turned', () => {
    const random = randomStream(5, 'order');
    for (let set = 0; set < 200; set++) {
      const { scores, labels } = randomRows(random);
      const order = random.permutation(scores.length);
      const turned = { scores: scores.map((s) => -s), labels: labels.map((label) => 1 - label) };
      const shuffled = {
        scores: scores.map((_, i) => scores[order[i]!]!),
        labels: labels.map((_, i) => labels[order[i]!]!),
      };
      const model = inductiveVennAbers({ scores, labels });
      expect(inductiveVennAbers(shuffled).toJSON()).toEqual(model.toJSON());
      const { p0, p1 } = model.pairs(asked);
      const mirrored = inductiveVennAbers(turned).pairs(asked.map((s) => -s));
      for (let i = 0; i < asked.length; i++) {
        expect(mirrored.p1[i]).toBeCloseTo(1 - p0[i]!, 15);
        expect(mirrored.p0[i]).toBeCloseTo(1 - p1[i]!, 15);
      }
    }
  });

  it('states total ignorance without calibration rows, and needs no special case for one label', () => {
    const none = inductiveVennAbers({ scores: new Float64Array(0), labels: new Int32Array(0) });
    expect(none.pairs(Float64Array.of(3))).toEqual({ p0: Float64Array.of(0), p1: Float64Array.of(1) });
    expect([...none.probabilities(Float64Array.of(3))]).toEqual([0.5]);
    const zeros = inductiveVennAbers({ scores: Float64Array.of(1, 2, 3), labels: new Int32Array(3) });
    expect([...zeros.pairs(Float64Array.of(0, 1, 2, 3, 4)).p1]).toEqual([1 / 4, 1 / 4, 1 / 3, 1 / 2, 1]);
    expect([...zeros.pairs(Float64Array.of(0, 4)).p0]).toEqual([0, 0]);
  });

  it('takes -0 for 0 and the extremes of float64', () => {
    const model = inductiveVennAbers({
      scores: Float64Array.of(-0, 0, -Number.MAX_VALUE, Number.MAX_VALUE, 5e-324),
      labels: Int32Array.of(0, 1, 0, 1, 1),
    });
    expect(model.pairs(Float64Array.of(-0, 0))).toEqual(model.pairs(Float64Array.of(0, -0)));
    expect(model.pairs(Float64Array.of(0)).p0[0]).toBe(1 / 3);
  });

  it('survives a round through JSON to the bit and refuses damage', () => {
    const model = inductiveVennAbers(twenty);
    const again = inductiveVennAbersFromJSON(JSON.parse(JSON.stringify(model)));
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
    expect(again.pairs(asked)).toEqual(model.pairs(asked));
    const json = JSON.parse(JSON.stringify(model));
    const damaged = [null, [], {}, { ...json, f0: json.f1 }, { ...json, scores: [...json.scores].reverse() }];
    for (const wrong of [...damaged, { ...json, f1: json.f1.slice(1) }, { ...json, version: 2 }]) {
      expect(() => inductiveVennAbersFromJSON(wrong)).toThrowError(expect.objectContaining({ code: 'bad-model' }));
    }
  });

  it('refuses scores that are not finite, other labels and bad weights', () => {
    const code = (rows: Parameters<typeof inductiveVennAbers>[0]) => {
      try {
        inductiveVennAbers(rows);
      } catch (error) {
        return (error as { code: string }).code;
      }
      return 'none';
    };
    const scores = Float64Array.of(1, 2);
    const labels = Int32Array.of(0, 1);
    expect(code({ scores: Float64Array.of(1, Number.NaN), labels })).toBe('bad-scores');
    expect(code({ scores: Float64Array.of(1, Number.POSITIVE_INFINITY), labels })).toBe('bad-scores');
    expect(code({ scores, labels: Int32Array.of(0, 2) })).toBe('bad-labels');
    expect(code({ scores, labels: Int32Array.of(0) })).toBe('shape-mismatch');
    expect(code({ scores, labels, weights: Float64Array.of(1, -1) })).toBe('bad-weights');
    expect(() => inductiveVennAbers({ scores, labels }).pairs(Float64Array.of(Number.NaN))).toThrowError(/finite/);
    expect(() => inductiveVennAbers({ scores, labels }).probabilities(scores, 'mean' as never)).toThrowError(/merge/);
  });
});

describe('onlineVennAbers', () => {
  it('equals the batch to the bit, row by row and in blocks', () => {
    const random = randomStream(6, 'online');
    for (let set = 0; set < 300; set++) {
      const { scores, labels, weights } = randomRows(random);
      let online = onlineVennAbers();
      for (let i = 0; i < scores.length; ) {
        const end = Math.min(scores.length, i + 1 + random.integer(3));
        online = online.withRows({
          scores: scores.slice(i, end),
          labels: labels.slice(i, end),
          weights: weights.slice(i, end),
        });
        i = end;
        const batch = inductiveVennAbers({
          scores: scores.slice(0, end),
          labels: labels.slice(0, end),
          weights: weights.slice(0, end),
        });
        expect(online.predictor.toJSON()).toEqual(batch.toJSON());
      }
      expect(online.weight).toBe(weights.reduce((sum, weight) => sum + weight, 0));
      const read = onlineVennAbersFromJSON(JSON.parse(JSON.stringify(online)));
      expect(JSON.stringify(read)).toBe(JSON.stringify(online));
      expect(read.predictor.toJSON()).toEqual(online.predictor.toJSON());
    }
    expect(() => onlineVennAbersFromJSON({ kind: 'online-venn-abers', version: 1, scores: [1] })).toThrowError(
      /weights/,
    );
  });
});

describe('crossVennAbers', () => {
  /** A predictor that answers one pair for every score between its two calibration scores. */
  const constant = (f0: number, f1: number) =>
    inductiveVennAbersFromJSON({
      kind: 'inductive-venn-abers',
      version: 1,
      scores: [-1, 1],
      f0: [0, f0, f0],
      f1: [f1, f1, 1],
    });
  const folds = [constant(0.1, 0.3), constant(0.2, 0.25), constant(0.15, 0.4)];
  const zero = Float64Array.of(0);

  it('merges folds by geometric means or by the mean Brier merge', () => {
    const log = crossVennAbers(folds).predict([zero, zero, zero]);
    expect(log.p[0]).toBeCloseTo(0.2679245247200824, 15);
    expect(log.width[0]).toBeCloseTo((0.2 + 0.05 + 0.25) / 3, 15);
    const brier = crossVennAbers(folds, { merge: 'brier' }).predict([zero, zero, zero]);
    expect(brier.p[0]).toBeCloseTo(0.27666666666666667, 15);
  });

  it('keeps apart the scores of each fold, and of one fold is the inductive predictor', () => {
    const random = randomStream(7, 'cross');
    const rows = randomRows(random);
    const one = inductiveVennAbers(rows);
    const alone = crossVennAbers([one]).predict([asked]).p;
    one.probabilities(asked).forEach((p, i) => {
      expect(alone[i]).toBeCloseTo(p, 14);
    });
    const pairs = crossVennAbers([folds[0]!, one]).pairs([zero, Float64Array.of(7)]);
    expect(pairs[0]!.p1[0]).toBe(0.3);
    expect(pairs[1]!.p1[0]).toBe(1);
  });

  it('does not underflow over many folds', () => {
    const many = Array.from({ length: 2000 }, () => constant(0, 1e-3));
    expect(crossVennAbers(many).predict(many.map(() => zero)).p[0]).toBeCloseTo(1e-3 / 1.001, 12);
  });

  it('survives a round through JSON and refuses other shapes', () => {
    const model = crossVennAbers(folds, { merge: 'brier' });
    const again = crossVennAbersFromJSON(JSON.parse(JSON.stringify(model)));
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
    expect(() => model.predict([zero])).toThrowError(/3 folds/);
    expect(() => crossVennAbers([])).toThrowError(/fold/);
    expect(() => crossVennAbersFromJSON({ ...model.toJSON(), merge: 'x' })).toThrowError(/merge/);
  });
});
