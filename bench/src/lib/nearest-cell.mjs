import { readFileSync, writeFileSync } from 'node:fs';
import * as core from '@counterweight/core';

// One self-join in a process of its own, as the peer's script does it:
//   nearest-cell.mjs ROWS COLUMNS K METRIC THREADS OUT

const [rows, columns, k, metric, threads, out] = process.argv.slice(2);
const bytes = readFileSync(rows);
const data = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const X = core.matrix(data, data.length / Number(columns), Number(columns));
const runtime = await core.createKernelRuntime({ threads: Number(threads) });
const start = performance.now();
const busy = process.cpuUsage();
const index = await core.neighbourIndex({ rows: X, metric }, { runtime });
const { distances } = await index.nearest({ k: Number(k) });
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(busy);
process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 })}\n`);
index.dispose();
await runtime.dispose();
writeFileSync(out, new Uint8Array(distances.buffer, distances.byteOffset, distances.byteLength));
