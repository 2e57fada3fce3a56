import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchStream } from '../../../src/resample/batches/batch-stream.ts';
import { quotaDealer } from '../../../src/resample/batches/quota-dealer.ts';
import {
  classBalancedBatches,
  exactQuotaBatches,
  progressivelyBalancedBatches,
  squareRootBatches,
} from '../../../src/resample/batches/share-rules.ts';
import { labelsOf, shuffledLabels } from '../data.ts';

const labels = labelsOf(
  shuffledLabels(
    [
      ['a', 400],
      ['b', 100],
      ['c', 16],
    ],
    1,
  ),
);

/** Rows of each class in each batch of an epoch. */
function countsIn(stream: BatchStream, epoch: number): number[][] {
  return [...stream.epoch(epoch)].map((rows) => {
    return labels.classes.map((_, code) => rows.filter((row) => labels.codes[row] === code).length);
  });
}

function usesIn(stream: BatchStream, epoch: number): Int32Array {
  const uses = new Int32Array(labels.codes.length);
  for (const rows of stream.epoch(epoch)) for (const row of rows) uses[row]!++;
  return uses;
}

const streams = [
  classBalancedBatches({ labels, seed: 3 }),
  squareRootBatches({ labels, seed: 3 }),
  progressivelyBalancedBatches({ labels, seed: 3, epochs: 5 }),
  exactQuotaBatches({ labels, seed: 3, quotas: { a: 20, b: 7, c: 5 } }),
];

describe.each(streams.map((stream) => ({ stream, name: stream.name })))('$name batches', ({ stream }) => {
  it('are of the asked size, as many as go through the rows once', () => {
    const batches = [...stream.epoch(0)];
    expect(batches.length).toBe(Math.ceil(516 / 32));
    expect(stream.batchesPerEpoch).toBe(batches.length);
    for (const rows of batches) expect(rows.length).toBe(32);
  });

  it('use the rows of a class equally often, give or take one', () => {
    for (const epoch of [0, 4]) {
      const uses = usesIn(stream, epoch);
      labels.classes.forEach((_, code) => {
        const own = uses.filter((_, row) => labels.codes[row] === code);
        expect(Math.max(...own) - Math.min(...own)).toBeLessThanOrEqual(1);
      });
    }
  });

  it('have no row twice in a batch where the class has rows enough', () => {
    for (let epoch = 0; epoch < 5; epoch++) {
      for (const rows of stream.epoch(epoch)) expect(new Set(rows).size).toBe(32);
    }
    expect(stream.notices).toEqual([]);
  });

  it('are others in every epoch, and the same for the same seed and epoch, in whatever order they are asked for', () => {
    const plain = (epoch: number) => [...stream.epoch(epoch)].map((rows) => rows.join()).join(';');
    const third = plain(3);
    expect(plain(0)).not.toBe(third);
    expect(plain(3)).toBe(third);
    const [one, other] = [stream.epoch(3)[Symbol.iterator](), stream.epoch(3)[Symbol.iterator]()];
    one.next();
    expect([other.next().value, one.next().value]).toEqual([...stream.epoch(3)].slice(0, 2));
  });
});

describe('class-balanced batches', () => {
  it('have equal counts in every batch, the odd rows going round', () => {
    const counts = countsIn(classBalancedBatches({ labels }), 0);
    for (const batch of counts) expect([...batch].sort()).toEqual([10, 11, 11]);
    const totals = [0, 1, 2].map((code) => counts.reduce((sum, batch) => sum + batch[code]!, 0));
    expect(Math.max(...totals) - Math.min(...totals)).toBeLessThanOrEqual(1);
  });

  it('are there also when all rows fit into one batch', () => {
    const few = labelsOf(['a', 'a', 'a', 'b']);
    const stream = classBalancedBatches({ labels: few, batchSize: 8 });
    const [rows, ...more] = stream.epoch(0);
    expect(more).toEqual([]);
    expect(rows!.filter((row) => row === 3).length).toBe(4);
    expect(stream.notices).toMatchObject([
      { code: 'rows-repeated', class: 'a', numbers: { rows: 3, taken: 4 } },
      { code: 'rows-repeated', class: 'b' },
    ]);
  });
});

describe('the other shares', () => {
  it('of square-root batches are as the roots of the rows', () => {
    const shares = squareRootBatches({ labels }).shares(0);
    expect([...shares].map((share) => share * 34)).toEqual([20, 10, 4].map((share) => expect.closeTo(share, 12)));
  });

  it('of progressively balanced batches go from those of the data to equal ones and stay', () => {
    const stream = progressivelyBalancedBatches({ labels, epochs: 3 });
    const [first, middle, last, after] = [0, 1, 2, 9].map((epoch) => [...stream.shares(epoch)]);
    expect(first).toEqual([400, 100, 16].map((rows) => expect.closeTo(rows / 516, 12)));
    expect(middle).toEqual(first!.map((share) => expect.closeTo((share + 1 / 3) / 2, 12)));
    expect(last).toEqual([1, 1, 1].map(() => expect.closeTo(1 / 3, 12)));
    expect(after).toEqual(last);
  });

  it('of quota batches are exact in every batch', () => {
    for (const counts of countsIn(streams[3]!, 2)) expect(counts).toEqual([20, 7, 5]);
    const some = exactQuotaBatches({ labels, quotas: new Map([['c', 3]]), batches: 9 });
    expect([...some.epoch(0)].length).toBe(9);
    for (const counts of countsIn(some, 0)) expect(counts).toEqual([0, 0, 3]);
  });

  it('come out whatever they are: every deal is full, and near its share over any stretch from the start', () => {
    const weights = fc.array(fc.nat(50), { minLength: 1, maxLength: 6 }).filter((each) => each.some((w) => w > 0));
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 40 }), (each, batchSize) => {
        const total = each.reduce((sum, weight) => sum + weight, 0);
        const shares = Float64Array.from(each, (weight) => weight / total);
        const deal = quotaDealer(shares, batchSize);
        const dealt = new Float64Array(each.length);
        for (let batch = 1; batch <= 50; batch++) {
          const counts = deal();
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(batchSize);
          counts.forEach((count, code) => {
            expect(count).toBeGreaterThanOrEqual(0);
            dealt[code]! += count;
            expect(Math.abs(dealt[code]! - shares[code]! * batch * batchSize)).toBeLessThan(each.length);
          });
        }
      }),
    );
  });
});

describe('labels in plain arrays', () => {
  it('give the batches of the same labels by code', () => {
    const names = Array.from(labels.codes, (code) => String(labels.classes[code]));
    const [plain, coded] = [names, labels].map((given) => squareRootBatches({ labels: given, seed: 3, batchSize: 20 }));
    expect(plain!.classes).toEqual(['a', 'b', 'c']);
    expect([...plain!.epoch(2)]).toEqual([...coded!.epoch(2)]);
    const quotas = { a: 2, c: 1 };
    const own = exactQuotaBatches({ labels: names, quotas });
    expect([...own.epoch(0)]).toEqual([...exactQuotaBatches({ labels, quotas }).epoch(0)]);
    expect(classBalancedBatches({ labels: Uint8Array.of(1, 0, 1) }).classes).toEqual([0, 1]);
    expect(progressivelyBalancedBatches({ labels: [true, false, true], epochs: 3 }).classes).toEqual(['false', 'true']);
  });

  it.each([
    ['no labels', undefined, 'bad-labels', 'an array of numbers, strings or truth values, one a row, got undefined'],
    ['codes without classes', { codes: Int32Array.of(0) }, 'bad-labels', 'got an object; fitResample takes'],
    ['a row without a label', ['a', null], 'missing-label', 'row 1 has no label'],
  ])('are refused in one line: %s', (_, given, code, message) => {
    const line = expect.objectContaining({
      name: 'CounterweightError',
      code,
      message: expect.stringContaining(message),
    });
    const wrong = { labels: given as never };
    expect(() => classBalancedBatches(wrong)).toThrow(line);
    expect(() => squareRootBatches(wrong)).toThrow(line);
    expect(() => progressivelyBalancedBatches({ ...wrong, epochs: 2 })).toThrow(line);
    expect(() => exactQuotaBatches({ ...wrong, quotas: { a: 1 } })).toThrow(line);
  });
});

describe('batch options', () => {
  it('are checked', () => {
    const code = (make: () => unknown) => {
      try {
        make();
      } catch (error) {
        return (error as { code: string }).code;
      }
      return 'none';
    };
    expect(code(() => classBalancedBatches({ labels, batchSize: 0 }))).toBe('bad-option');
    expect(code(() => classBalancedBatches({ labels, batches: 1.5 }))).toBe('bad-option');
    expect(code(() => classBalancedBatches({ labels: labelsOf([]) }))).toBe('too-few-rows');
    expect(code(() => progressivelyBalancedBatches({ labels, epochs: 0 }))).toBe('bad-option');
    expect(code(() => exactQuotaBatches({ labels, quotas: { z: 1 } }))).toBe('unknown-class');
    expect(code(() => exactQuotaBatches({ labels, quotas: { a: 0 } }))).toBe('bad-option');
    expect(code(() => exactQuotaBatches({ labels, quotas: { a: -1, b: 3 } }))).toBe('bad-option');
    expect(code(() => streams[0]!.epoch(-1))).toBe('bad-option');
  });
});
