import { readFileSync, writeFileSync } from 'node:fs';
import * as core from '@counterweight/core';

// One method for tables on one set, in a process of its own:
//   table-cell.mjs METHOD OPTIONS RUNS X Y COLUMNS CATEGORICAL THREADS OUT
// X holds float64 rows, those of the columns CATEGORICAL (by comma) codes. Prints one JSON document a run, as the peer's script
// does: `growth` is how far the process grew above what it held with the rows read, in bytes.

const [method, options, runs, x, y, columns, categorical, threads, out] = process.argv.slice(2);

const aligned = (path) => {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};
const held = (field) =>
  1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))[1]);

function readTable(rows) {
  const cells = new Float64Array(aligned(x));
  const width = Number(columns);
  const coded = new Set(categorical.split(',').filter(Boolean).map(Number));
  const table = Array.from({ length: width }, (_, j) => {
    const values = Float64Array.from({ length: rows }, (_, i) => cells[i * width + j]);
    const name = String(j);
    if (!coded.has(j)) return { kind: 'numeric', name, values };
    const codes = Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : value));
    const levels = codes.reduce((most, code) => Math.max(most, code + 1), 0);
    return { kind: 'categorical', name, codes, dictionary: Array.from({ length: levels }, (_, c) => `${1e6 + c}`) };
  });
  return { kind: 'table', rows, columns: table };
}

const codes = new Int32Array(aligned(y));
const data = { X: readTable(codes.length), y: { codes, classes: [...new Set(codes)].sort((a, b) => a - b) } };
const runtime = await core.createKernelRuntime({ threads: Number(threads) });
const [seconds, growth] = [[], []];
let made;
for (let run = 0; run < Number(runs); run++) {
  globalThis.gc?.();
  writeFileSync('/proc/self/clear_refs', '5');
  const before = held('VmRSS');
  const start = performance.now();
  made = await core.createTableResampler(method, JSON.parse(options)).resample(data, { runtime });
  seconds.push((performance.now() - start) / 1000);
  growth.push(held('VmHWM') - before);
  const input = data.X.columns.reduce((sum, column) => sum + (column.values ?? column.codes).byteLength, 0);
  process.stdout.write(`${JSON.stringify({ seconds, growth, input, rows: made.data.X.rows })}\n`);
}
await runtime.dispose();
const { rows, columns: output } = made.data.X;
const cells = new Float64Array(rows * output.length);
output.forEach((column, j) => {
  for (let i = 0; i < rows; i++) {
    const code = column.codes?.[i];
    cells[i * output.length + j] = column.values ? column.values[i] : code < 0 ? Number.NaN : code;
  }
});
writeFileSync(out, new Uint8Array(cells.buffer));
