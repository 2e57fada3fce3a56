import { describe, expect, it } from 'vitest';
import { inductiveVennAbers, onlineVennAbers } from '../../src/calibrate/index.ts';
import { type RandomStream, randomStream } from '../../src/runtime/random.ts';

interface Rows {
  readonly scores: Float64Array;
  readonly labels: Int32Array;
  readonly weights: Float64Array;
}

const sets = 10_000;

/** From one row to thirty, with few to many distinct scores, at times all tied, at times of one label. */
function randomRows(random: RandomStream): Rows {
  const rows = 1 + random.integer(30);
  const levels = 1 + random.integer(25);
  const share = [0, 0.1, 0.5, 0.9, 1][random.integer(5)]!;
  return {
    scores: Float64Array.from({ length: rows }, () => random.integer(levels) / 7 - 1),
    labels: Int32Array.from({ length: rows }, () => (random.uniform() < share ? 1 : 0)),
    weights: Float64Array.from({ length: rows }, () => random.integer(4)),
  };
}

/** Every calibration score, a place between any two, and places below and above all. */
function everyPlace(scores: Float64Array): Float64Array {
  const distinct = [...new Set(scores)].sort((a, b) => a - b);
  const between = distinct.slice(1).map((score, i) => (score + distinct[i]!) / 2);
  return Float64Array.of(-1e300, -5, ...distinct, ...between, 5, 1e300);
}

/**
 * The definition in whole numbers: isotonic regression of all rows and one more with the given label, at the place of the
 * one more. Means are kept as (sum, count) and compared by cross-multiplication, so no rounding enters; the fraction is
 * divided once, at the end.
 */
function byDefinition({ scores, labels, weights }: Rows, place: number, label: number): number {
  const groups = new Map<number, [number, number]>();
  const add = (score: number, own: number, count: number) => {
    const group = groups.get(score) ?? [0, 0];
    groups.set(score, [group[0] + own * count, group[1] + count]);
  };
  scores.forEach((score, row) => {
    if (weights[row]! > 0) add(score, labels[row]!, weights[row]!);
  });
  add(place, label, 1);
  const pooled: { sum: number; count: number; top: number }[] = [];
  for (const top of [...groups.keys()].sort((a, b) => a - b)) {
    let [sum, count] = groups.get(top)!;
    for (let last = pooled.at(-1); last && last.sum * count >= sum * last.count; last = pooled.at(-1)) {
      sum += last.sum;
      count += last.count;
      pooled.pop();
    }
    pooled.push({ sum, count, top });
  }
  const { sum, count } = pooled.find(({ top }) => top >= place)!;
  return sum / count;
}

function expectDefinition(rows: Rows, places: Float64Array, p0: Float64Array, p1: Float64Array, title: string) {
  for (let i = 0; i < places.length; i++) {
    const [low, high] = [byDefinition(rows, places[i]!, 0), byDefinition(rows, places[i]!, 1)];
    if (p0[i] === low && p1[i] === high) continue;
    expect.fail(`${title}, score ${places[i]}: (${p0[i]}, ${p1[i]}) for (${low}, ${high})`);
  }
}

function repeated({ scores, labels, weights }: Rows): Rows {
  const rows = [...weights].flatMap((weight, row) => new Array<number>(weight).fill(row));
  return {
    scores: Float64Array.from(rows, (row) => scores[row]!),
    labels: Int32Array.from(rows, (row) => labels[row]!),
    weights: new Float64Array(rows.length).fill(1),
  };
}

describe('inductive Venn-Abers against its definition in whole numbers', () => {
  it(`is equal to the bit on ${sets} random sets, at every score, between and beyond`, () => {
    const random = randomStream(41, 'definition');
    let places = 0;
    for (let set = 0; set < sets; set++) {
      const { scores, labels } = randomRows(random);
      const asked = everyPlace(scores);
      const { p0, p1 } = inductiveVennAbers({ scores, labels }).pairs(asked);
      expectDefinition({ scores, labels, weights: new Float64Array(scores.length).fill(1) }, asked, p0, p1, `${set}`);
      places += asked.length;
    }
    expect(places).toBeGreaterThan(15 * sets);
  });

  it(`is equal to the bit with weights, which are repeated rows, on ${sets} random sets`, () => {
    const random = randomStream(42, 'weights');
    for (let set = 0; set < sets; set++) {
      const rows = randomRows(random);
      const asked = everyPlace(rows.scores);
      const weighted = inductiveVennAbers(rows);
      const { p0, p1 } = weighted.pairs(asked);
      expectDefinition(rows, asked, p0, p1, `${set}`);
      const copies = inductiveVennAbers(repeated(rows)).pairs(asked);
      if (p0.some((p, i) => p !== copies.p0[i]) || p1.some((p, i) => p !== copies.p1[i])) expect.fail(`set ${set}`);
    }
  });

  it(`is equal to the bit when the rows come one by one or in blocks, on ${sets} random sets`, () => {
    const random = randomStream(43, 'online');
    for (let set = 0; set < sets; set++) {
      const { scores, labels, weights } = randomRows(random);
      const block = 1 + random.integer(10);
      let online = onlineVennAbers();
      for (let from = 0; from < scores.length; from += block) {
        const part = <A extends { slice(from: number, to: number): A }>(of: A) => of.slice(from, from + block);
        online = online.withRows({ scores: part(scores), labels: part(labels), weights: part(weights) });
      }
      const asked = everyPlace(scores);
      const now = online.predictor.pairs(asked);
      const batch = inductiveVennAbers({ scores, labels, weights }).pairs(asked);
      if (now.p0.some((p, i) => p !== batch.p0[i]) || now.p1.some((p, i) => p !== batch.p1[i])) {
        expect.fail(`set ${set}`);
      }
    }
  });
});

describe('the numerical ends', () => {
  const pairsOf = (scores: number[], labels: number[], asked: number[], weights?: number[]) => {
    const { p0, p1 } = inductiveVennAbers({
      scores: Float64Array.from(scores),
      labels: Int32Array.from(labels),
      ...(weights ? { weights: Float64Array.from(weights) } : {}),
    }).pairs(Float64Array.from(asked));
    return asked.map((_, i) => [p0[i]!, p1[i]!]);
  };

  it('one row', () => {
    expect(pairsOf([0.5], [0], [0.4, 0.5, 0.6])).toEqual([
      [0, 1 / 2],
      [0, 1 / 2],
      [0, 1],
    ]);
    expect(pairsOf([0.5], [1], [0.4, 0.5, 0.6])).toEqual([
      [0, 1],
      [1 / 2, 1],
      [1 / 2, 1],
    ]);
  });

  it('all tied: the share of positives with one more of either label', () => {
    expect(pairsOf([2, 2, 2, 2], [0, 1, 0, 0], [1, 2, 3])).toEqual([
      [0, 2 / 5],
      [1 / 5, 2 / 5],
      [1 / 5, 1],
    ]);
  });

  it('one label only', () => {
    expect(pairsOf([1, 2, 3], [1, 1, 1], [0, 1, 2, 3, 4])).toEqual([
      [0, 1],
      [1 / 2, 1],
      [2 / 3, 1],
      [3 / 4, 1],
      [3 / 4, 1],
    ]);
  });

  it('rows that differ by one unit in the last place, subnormal scores and both zeros', () => {
    const ordinary = pairsOf([1, 2], [0, 1], [1, 2]);
    expect(ordinary).toEqual([
      [0, 1 / 2],
      [1 / 2, 1],
    ]);
    const next = 0.5 + 2 ** -53;
    expect(pairsOf([0.5, next], [0, 1], [0.5, next])).toEqual(ordinary);
    expect(pairsOf([5e-324, 1e-323], [0, 1], [5e-324, 1e-323])).toEqual(ordinary);
    expect(pairsOf([-Number.MAX_VALUE, Number.MAX_VALUE], [0, 1], [-Number.MAX_VALUE, Number.MAX_VALUE])).toEqual(
      ordinary,
    );
    expect(pairsOf([-0, 0], [0, 1], [-0, 0])).toEqual([
      [1 / 3, 2 / 3],
      [1 / 3, 2 / 3],
    ]);
  });

  it('weights of a thousand million and a share of one in a thousand million', () => {
    expect(pairsOf([1, 2], [0, 1], [1, 2], [1e9, 1])).toEqual([
      [0, 1 / (1e9 + 1)],
      [1 / 2, 1],
    ]);
    expect(pairsOf([1, 1], [0, 1], [1], [1e9, 1])).toEqual([[1 / (1e9 + 2), 2 / (1e9 + 2)]]);
  });

  it('twenty thousand rows whose shares rise slowly, and the same turned round', () => {
    const random = randomStream(44, 'slow');
    const n = 20_000;
    const scores = Float64Array.from({ length: n }, () => random.integer(9_000) / 9_000);
    const labels = Int32Array.from(scores, (score) => Number(random.uniform() < 0.01 + 0.02 * score));
    const asked = Float64Array.from({ length: 7 }, (_, i) => i / 5 - 0.1);
    for (const turned of [false, true]) {
      const rows = {
        scores: turned ? scores.map((score) => 1 - score) : scores,
        labels,
        weights: new Float64Array(n).fill(1),
      };
      const { p0, p1 } = inductiveVennAbers(rows).pairs(asked);
      expectDefinition(rows, asked, p0, p1, `turned ${turned}`);
    }
  });
});
