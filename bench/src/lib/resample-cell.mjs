import { readFileSync, writeFileSync } from 'node:fs';
import * as core from '@counterweight/core';

// One method on one set, in a process of its own:
//   resample-cell.mjs METHOD OPTIONS RUNS X Y COLUMNS THREADS OUT
// Prints one JSON document a run, as the peer's script does, and writes the features of the last result to OUT.

const [method, options, runs, x, y, columns, threads, out] = process.argv.slice(2);

const aligned = (path) => {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};
const codes = new Int32Array(aligned(y));
const X = core.matrix(new Float64Array(aligned(x)), codes.length, Number(columns));
const classes = [...new Set(codes)].sort((a, b) => a - b);
const data = { X, y: { codes, classes } };
const runtime = await core.createKernelRuntime({ threads: Number(threads) });
const seconds = [];
const cpuSeconds = [];
let made;
for (let run = 0; run < Number(runs); run++) {
  const start = performance.now();
  const busy = process.cpuUsage();
  made = await core.createResampler(method, JSON.parse(options)).resample(data, { runtime });
  seconds.push((performance.now() - start) / 1000);
  const { user, system } = process.cpuUsage(busy);
  cpuSeconds.push((user + system) / 1e6);
  process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds, rows: made.data.X.rows })}\n`);
}
await runtime.dispose();
writeFileSync(out, new Uint8Array(made.data.X.data.buffer, made.data.X.data.byteOffset, made.data.X.data.byteLength));
