import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import type { ClassLabel } from '../../src/data/labels.ts';
import { matrix } from '../../src/data/matrix.ts';
import { selectNumericRows } from '../../src/data/select-numeric-rows.ts';
import { resamplers } from '../../src/resample/registry.ts';
import type { CounterweightError } from '../../src/runtime/errors.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { columnAt, gaussianDataset, labelsOf } from './data.ts';
import {
  bothModes,
  countsOf,
  drawsByColumn,
  drawsNothing,
  everyMethod,
  goesBeyond,
  hangsOnOrder,
  hangsOnUnits,
  originOf,
  originsByLabel,
  overlapping,
  redrawsAll,
  resample,
  startsEverywhere,
  stopsAsPeer,
} from './every-method.ts';

/** What must not matter to a resampler: the order of columns and rows, their units and origin, the names of classes. */

describe.each(bothModes)('$title', ({ name, counts, options }) => {
  const exact = counts === 'exact';

  it('follows a permutation and a scaling of the columns to the last bit, and a shift', async () => {
    const data = overlapping(9);
    const { rows, columns } = data.X;
    const plain = await resample(name, data, { seed: 6, ...options });
    const mapped = (value: (row: number, column: number) => number) => {
      const cells = Float64Array.from({ length: rows * columns }, (_, i) =>
        value(Math.floor(i / columns), i % columns),
      );
      return resample(name, { ...data, X: matrix(cells, rows, columns) }, { seed: 6, ...options });
    };
    const cell = (row: number, column: number) => data.X.data[row * columns + column]!;
    const order = [2, 0, 3, 1];
    const permuted = await mapped((row, column) => cell(row, order[column]!));
    const scaled = await mapped((row, column) => 4 * cell(row, column));
    const shifted = await mapped((row, column) => cell(row, column) + 100);
    if (options['compat'] && hangsOnUnits.has(name)) {
      expect(permuted.provenance).toEqual(plain.provenance);
      return;
    }
    for (const other of [permuted, scaled, shifted]) expect(other.provenance).toEqual(plain.provenance);
    for (let j = 0; j < columns; j++) {
      if (!drawsByColumn.has(name)) {
        if (!redrawsAll.has(name)) expect(columnAt(permuted.data.X, j)).toEqual(columnAt(plain.data.X, order[j]!));
      }
      expect(columnAt(scaled.data.X, j)).toEqual(columnAt(plain.data.X, j).map((value) => 4 * value));
      columnAt(shifted.data.X, j).forEach((value, i) => {
        expect(value).toBeCloseTo(columnAt(plain.data.X, j)[i]! + 100, 10);
      });
    }
  });

  it('works on any coding of the labels', async () => {
    const codings: [ClassLabel, ClassLabel][] = [
      [-1, 1],
      [1, 2],
      [0, 1],
      ['no', 'yes'],
      ['true', 'false'],
      [0.5, 1e9],
      ['', 'é'],
    ];
    const results = await Promise.all(
      codings.map(async ([many, few]) => {
        const labels = Array.from({ length: 40 }, (_, i) => (i % 5 === 0 ? few : many));
        const X = gaussianDataset([[0, 40]], 2, 3).X;
        const set = { X, y: labelsOf(labels) };
        const made = await resample(name, set, { seed: 1, ...options }).catch((error: CounterweightError) => error);
        if (made instanceof Error) {
          expect(stopsAsPeer[name]).toContain(made.code);
          expect(options['compat']).toBeDefined();
          return [made.code];
        }
        const { data, provenance } = made;
        if (exact) expect(new Set(Object.values(countsOf(made))).size).toBe(1);
        expect(new Set(data.y.classes)).toEqual(new Set([many, few]));
        return [...provenance.source.keys()].map((i) => originOf(provenance, i)).sort();
      }),
    );
    // Codings that sort alike give the same rows with compat; without it, all codings do.
    const comparable = options['compat'] ? [0, 1, 2, 3, 5, 6] : codings.keys();
    for (const i of comparable) expect(results[i]).toEqual(results[0]);
  });
});

describe.each(everyMethod)('$title', ({ name, samplingType, makes, counts }) => {
  const over = samplingType === 'over-sampling';
  const exact = counts === 'exact';

  it.runIf(drawsNothing.has(name))('does the same to the same rows whatever their order', async () => {
    const data = overlapping(15);
    const order = randomStream(1, 'order').permutation(data.X.rows);
    const shuffled = {
      X: selectNumericRows(data.X, order),
      y: { classes: data.y.classes, codes: order.map((row) => data.y.codes[row]!) },
    };
    const plain = await resample(name, data);
    const other = await resample(name, shuffled);
    expect(plain.provenance.dropped.length).toBeGreaterThan(0);
    const back = other.provenance.source.map((row) => order[row]!);
    expect(back.sort()).toEqual(plain.provenance.source.slice().sort());
  });

  it('makes the same rows whatever the classes are called', async () => {
    const plain = originsByLabel(await resample(name, overlapping(11), { seed: 9 }));
    const { X, y } = overlapping(11);
    const names = ['zebra', 'apple', 'mango'];
    const renamed = { X, y: labelsOf([...y.codes].map((code) => names[code]!)) };
    const other = originsByLabel(await resample(name, renamed, { seed: 9 }));
    y.classes.forEach((label, code) => {
      expect(other.get(names[code]!)).toEqual(plain.get(label));
    });
  });

  it.runIf(over && exact)('draws from the same rows whatever their order', async () => {
    const data = gaussianDataset(
      [
        ['a', 4000],
        ['b', 8],
      ],
      3,
      12,
    );
    const order = randomStream(1, 'order').permutation(4008);
    const shuffled = {
      X: selectNumericRows(data.X, order),
      y: { classes: data.y.classes, codes: Int32Array.from(order, (row) => data.y.codes[row]!) },
    };
    const pairs = async (input: Dataset, rowOf: (row: number) => number | undefined) => {
      const { provenance } = await resample(name, input, { seed: 1 });
      const seen = new Set<string>();
      for (let i = 4008; i < provenance.source.length; i++) {
        const { source, base, neighbour } = provenance;
        seen.add([source, base, neighbour].map((side) => rowOf(side[i]!) ?? -1).join(' '));
      }
      return [...seen].sort();
    };
    const seen = await pairs(data, (row) => (row < 0 ? -1 : row));
    if (makes === 'copies') expect(seen.length).toBe(8);
    else if (startsEverywhere.has(name)) expect(seen.length).toBe(40);
    else expect(seen.length).toBeGreaterThan(0);
    const others = await pairs(shuffled, (row) => order[row]);
    if (!hangsOnOrder.has(name)) expect(others).toEqual(seen);
  });
});

describe('the registry', () => {
  it('has no method whose rows may hang on their order without a reason', () => {
    for (const { name, samplingType, counts } of everyMethod) {
      const isTested = drawsNothing.has(name) || (samplingType === 'over-sampling' && counts === 'exact');
      expect([name, isTested || hangsOnOrder.has(name)]).toEqual([name, true]);
    }
    const named = [drawsNothing, startsEverywhere, drawsByColumn, hangsOnUnits, goesBeyond, redrawsAll];
    for (const set of [...named, new Set(hangsOnOrder.keys()), new Set(Object.keys(stopsAsPeer))]) {
      for (const name of set) expect(resamplers.has(name)).toBe(true);
    }
  });
});
