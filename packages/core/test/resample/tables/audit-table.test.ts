import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import type { Column, Table } from '../../../src/data/table.ts';
import { auditSynthetic } from '../../../src/resample/audit/audit-synthetic.ts';
import { auditTable } from '../../../src/resample/tables/audit-table.ts';
import { createTableResampler } from '../../../src/resample/tables/table-registry.ts';
import { randomStream } from '../../../src/runtime/random.ts';

const numeric = (name: string, values: readonly number[]): Column => ({
  kind: 'numeric',
  name,
  values: Float64Array.from(values),
});
const table = (columns: Column[], rows: number): Table => ({ kind: 'table', rows, columns });

function sample(rows: number) {
  const stream = randomStream(5, 'audit');
  const codes = Int32Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? 1 : 0));
  const x = Array.from(codes, (code) => stream.uniform() + code);
  const y = Array.from(codes, () => 1000 * stream.uniform());
  const colour = Int32Array.from(codes, (code) => (code === 1 ? 2 : stream.integer(2)));
  return { codes, x, y, colour, labels: { codes, classes: ['common', 'rare'] } };
}

describe('auditTable', () => {
  it('looks at numbers as the audit of rows does, on the scale of their deviations', async () => {
    const { x, y, labels } = sample(60);
    const original = { X: table([numeric('x', x), numeric('y', y)], 60), y: labels };
    const made = await createTableResampler('smote', { seed: 1, integers: 'ignore' }).resample(original);
    const rowsOf = ({ rows, columns }: Table) =>
      matrix(
        Float64Array.from({ length: 2 * rows }, (_, i) => (columns[i % 2] as { values: Float64Array }).values[i >> 1]!),
        rows,
        2,
      );
    const plain = await auditSynthetic(
      { X: rowsOf(original.X), y: labels },
      { data: { X: rowsOf(made.data.X), y: made.data.y }, provenance: made.provenance, notices: [] },
      { scale: 'standard', columnNames: ['x', 'y'] },
    );
    const { scale, ...audit } = await auditTable(original, made);
    expect(scale).toBe('standard');
    const { scale: _, ...expected } = plain;
    expect(audit.total.neighbourhood).toEqual(expected.total.neighbourhood);
    expect(audit.rows.nearest).toEqual(expected.rows.nearest);
    expect(audit.rows.kind).toEqual(expected.rows.kind);
    expect(audit.columns).toEqual(expected.columns);
    expect(audit.total.hull.untested).toBe(0);
  });

  it('counts a category that differs, and speaks of columns by their names', async () => {
    const { x, colour, labels } = sample(60);
    const X = table(
      [
        numeric('size', x),
        { kind: 'categorical', name: 'colour', codes: colour, dictionary: ['red', 'blue', 'green'] },
      ],
      60,
    );
    const base = labels.codes.indexOf(1);
    const other = labels.codes.indexOf(0);
    // One new row of the rare class: its size is the base's, its colour one that only the common class has.
    const rows = Int32Array.from({ length: 61 }, (_, i) => (i < 60 ? i : base));
    const grown = table(
      [
        numeric(
          'size',
          Array.from(rows, (row) => x[row]!),
        ),
        {
          kind: 'categorical',
          name: 'colour',
          codes: Int32Array.from(rows, (row, i) => (i < 60 ? colour[row]! : colour[other]!)),
          dictionary: ['red', 'blue', 'green'],
        },
      ],
      61,
    );
    const filled = (value: number) => new Int32Array(61).fill(-1).fill(value, 60);
    const resampled = {
      data: { X: grown, y: { classes: labels.classes, codes: Int32Array.from(rows, (row) => labels.codes[row]!) } },
      provenance: {
        source: Int32Array.from({ length: 61 }, (_, i) => (i < 60 ? i : -1)),
        base: filled(base),
        neighbour: new Int32Array(61).fill(-1),
        gap: new Float64Array(61).fill(Number.NaN),
        dropped: new Int32Array(0),
      },
      notices: [],
    };
    const audit = await auditTable({ X, y: labels }, resampled);
    const level = colour[other] === 0 ? 'red' : 'blue';
    expect(audit.columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['size', 'colour = red', 'colour = blue', 'colour = green']),
    );
    expect(audit.rows.flags[0]).toContain('outside-class-range');
    const at = audit.columns.findIndex(({ name }) => name === `colour = ${level}`);
    expect(audit.total.cells.outsideClass[at]).toBe(1);
    const ignored = await auditTable({ X, y: labels }, resampled, { ignore: ['colour'] });
    expect(ignored.columns.map(({ name }) => name)).toEqual(['size']);
    expect(ignored.rows.flags[0]).toContain('copies-own-class');
  });

  it('takes missing cells and many levels', async () => {
    const rows = 300;
    const { x, labels } = sample(rows);
    const codes = Int32Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? -1 : i % 60));
    const dictionary = Array.from({ length: 60 }, (_, i) => `level ${i}`);
    const X = table(
      [
        numeric(
          'x',
          x.map((value, i) => (i % 4 === 0 ? Number.NaN : value)),
        ),
        { kind: 'categorical', name: 'c', codes, dictionary },
      ],
      rows,
    );
    const made = await createTableResampler('smote-nc', { seed: 2 }).resample({ X, y: labels });
    const audit = await auditTable({ X, y: labels }, made);
    expect(audit.columns.length).toBe(1 + 50 + 1);
    expect(audit.columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['c = missing', 'c = others']));
    expect(audit.total.examined).toBe(made.data.X.rows - rows);
  });

  it('does not blame rows for lying between two rows, rounded or not, but blames a method that stays near', async () => {
    const { x, y, labels } = sample(400);
    const original = { X: table([numeric('x', x), numeric('y', y.map(Math.round))], 400), y: labels };
    const codesOf = async (made: Awaited<ReturnType<ReturnType<typeof createTableResampler>['resample']>>) =>
      (await auditTable(original, made)).findings.map(({ code }) => code);
    const between = await createTableResampler('smote', { seed: 1 }).resample(original);
    expect(await codesOf(between)).not.toContain('near-copies');
    const near = await createTableResampler('random-over', { seed: 1, shrinkage: 0.02, integers: 'ignore' }).resample(
      original,
    );
    expect(await codesOf(near)).toContain('near-copies');
  });
});
