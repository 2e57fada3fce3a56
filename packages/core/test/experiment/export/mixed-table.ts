import type { Column, Table } from '../../../src/data/table.ts';
import { randomStream } from '../../../src/runtime/random.ts';

/**
 * A table with a column of every kind that ONNX can encode, cells missing in most, and class codes that hang on them.
 * Numbers other than dates are float32.
 */
export function mixedTable(
  rows: number,
  seed: number,
  classes = 2,
): { readonly table: Table; readonly codes: Int32Array } {
  const stream = randomStream(seed, 'mixed table');
  const share = (missing: number) => stream.uniform() < missing;
  const amount = Float64Array.from({ length: rows }, () =>
    share(0.15) ? Number.NaN : Math.fround(1e5 * stream.uniform() ** 3),
  );
  const age = Float64Array.from({ length: rows }, () => 18 + stream.integer(60));
  const colours = ['blue', 'gre\u00fcn', 'red', 'very rare', 'yellow'];
  const colour = Int32Array.from({ length: rows }, () => {
    if (share(0.1)) return -1;
    return share(0.02) ? 3 : [0, 1, 2, 4][stream.integer(4)]!;
  });
  const known = Int8Array.from({ length: rows }, () => (share(0.1) ? -1 : stream.integer(2)));
  const seen = Float64Array.from({ length: rows }, () =>
    share(0.05)
      ? Number.NaN
      : Date.UTC(1960 + stream.integer(90), stream.integer(12), 1 + stream.integer(28), stream.integer(24)),
  );
  const columns: Column[] = [
    { kind: 'numeric', name: 'amount', values: amount },
    { kind: 'categorical', name: 'label', codes: colour, dictionary: colours },
    { kind: 'boolean', name: 'known', values: known },
    { kind: 'date-time', name: 'first seen', values: seen },
    { kind: 'numeric', name: 'age', values: age },
  ];
  const codes = Int32Array.from({ length: rows }, (_, i) => {
    const score =
      (Number.isNaN(amount[i]!) ? 1 : amount[i]! / 5e4) + (colour[i] === 2 ? 1 : 0) + known[i]! + stream.normal();
    return Math.max(0, Math.min(classes - 1, Math.floor(score)));
  });
  return { table: { kind: 'table', rows, columns }, codes };
}
