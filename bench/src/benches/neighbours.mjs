import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure } from '../lib/measure.mjs';
import { brief, busyWarning, median, megabytes, seconds } from '../lib/numbers.mjs';
import { numericRows, sampled } from '../lib/numeric-rows.mjs';
import { configuration, peerScript, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { readNumbers } from '../lib/split-rows.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'the k nearest rows of every row, beside scikit-learn';

export const options = {
  sets: { type: 'string', help: 'only these, by comma (names of resample-sets.json)' },
  metrics: { type: 'string', default: 'euclidean,manhattan', help: 'metrics, by comma (default euclidean,manhattan)' },
  k: { type: 'string', default: '5', help: 'neighbours (default 5)' },
  rows: { type: 'string', help: 'at most so many rows of each set' },
  timeout: { type: 'string', default: '600', help: 'seconds after which a search is given up (default 600)' },
};

const threads = 2;
const cell = fileURLToPath(new URL('../lib/nearest-cell.mjs', import.meta.url));

/** Both sides build their index and search in a process of their own, in turn; distances must agree to rounding. */
export async function run(context) {
  const { options, machine, log, data } = context;
  const wanted = options.sets?.split(',');
  const results = [];
  await withTemporaryFolder(async (folder) => {
    for (const set of configuration('resample-sets.json').filter(({ name }) => wanted?.includes(name) ?? true)) {
      const whole = numericRows(set, data, folder);
      if (!whole) {
        log(`${set.name} is not in the data folder`);
        continue;
      }
      const rows = sampled(whole, Number(options.rows ?? 0));
      for (const metric of options.metrics.split(',')) {
        results.push({ set: set.name, metric, ...(await compare(rows, metric, folder, context)) });
        log(describe(results.at(-1)));
        keep(results, { options, machine, quiet: true });
      }
    }
  });
  keep(results, { options, machine, quiet: false });
  return results.some(({ apart }) => apart > 1e-6) ? 1 : 0;
}

async function compare({ X, columns }, metric, folder, { options, runs, python }) {
  const file = join(folder, 'rows');
  const outs = { ours: join(folder, 'ours'), auto: join(folder, 'auto') };
  writeFileSync(file, new Uint8Array(X.buffer, X.byteOffset, X.byteLength));
  for (const out of Object.values(outs)) rmSync(out, { force: true });
  const timeoutMs = 1000 * Number(options.timeout);
  const shape = [file, String(columns), options.k, metric];
  const mine = [];
  const theirs = [];
  for (let turn = 0; turn < runs; turn++) {
    mine.push(await timed(process.execPath, [cell, ...shape, String(threads), outs.ours], timeoutMs));
    if (!python || theirs.some((one) => one.seconds === null)) continue;
    theirs.push(await timed(python, [peerScript('nearest.py'), ...shape, 'auto', outs.auto], timeoutMs));
  }
  const middle = (measured, name) => {
    const known = measured.map((one) => one[name]);
    return known.length === 0 || known.includes(null) ? null : median(known);
  };
  return {
    rows: X.length / columns,
    columns,
    ours: middle(mine, 'seconds'),
    peer: middle(theirs, 'seconds'),
    oursCpu: middle(mine, 'cpuSeconds'),
    peerCpu: middle(theirs, 'cpuSeconds'),
    oursBytes: middle(mine, 'peakBytes'),
    peerBytes: middle(theirs, 'peakBytes'),
    othersShare: Math.max(...[...mine, ...theirs].map(({ othersShare }) => othersShare ?? 0)),
    apart: apartOf(outs.ours, outs.auto),
  };
}

async function timed(command, args, timeoutMs) {
  const { code, signal, stdout, stderr, peakBytes, othersShare } = await measure(command, args, { timeoutMs });
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(stderr.trim().split('\n').at(-1));
  return { ...(code === 0 ? JSON.parse(stdout) : { seconds: null, cpuSeconds: null }), peakBytes, othersShare };
}

/** The largest difference between the distances of both, relative to the larger; null where one is missing. */
function apartOf(ours, theirs) {
  if (!existsSync(ours) || !existsSync(theirs)) return null;
  const [x, y] = [ours, theirs].map(readNumbers);
  let apart = 0;
  for (let i = 0; i < x.length; i++) {
    // Products of float64 lose what lies below 1e-7 of the norm; such distances are rounding noise on the peer's side.
    const scale = Math.max(x[i], y[i], 1e-6);
    apart = Math.max(apart, Math.abs(x[i] - y[i]) / scale);
  }
  return apart;
}

const ratio = (ours, peer) => (ours === null || peer === null ? '' : `${brief(peer / ours)} x`);
const shown = (value) => (value === null ? 'given up' : seconds(value));

const describe = ({ set, metric, ours, peer, oursCpu, peerCpu, apart }) =>
  `${set}, ${metric}: ${shown(ours)}, scikit-learn ${shown(peer)}, ${ratio(ours, peer)}, of processor time ${ratio(oursCpu, peerCpu)}, distances apart by ${brief(apart)}`;

function keep(results, { options, machine, quiet }) {
  const ratios = results.filter(({ peerCpu }) => peerCpu !== null).map(({ oursCpu, peerCpu }) => peerCpu / oursCpu);
  const mean = Math.exp(ratios.reduce((sum, value) => sum + Math.log(value), 0) / Math.max(1, ratios.length));
  keepResults('neighbours', {
    title: 'Nearest neighbours, beside scikit-learn',
    machine,
    sections: [
      `The ${options.k} nearest other rows of every row${options.rows ? `, at most ${Number(options.rows).toLocaleString('en')} rows of a set, drawn at random` : ''}: building the index and searching, a process each. Columns standardised and jittered (but for kdd_smtp). scikit-learn's NearestNeighbors chooses its own algorithm; ${threads} threads each.`,
      markdownTable([
        [
          'set',
          'metric',
          'rows',
          'columns',
          'counterweight',
          'scikit-learn',
          'ratio',
          'ratio of processor time',
          'memory',
          "peer's memory",
          'distances apart',
        ],
        ...results.map((one) => [
          one.set,
          one.metric,
          one.rows.toLocaleString('en'),
          String(one.columns),
          shown(one.ours),
          shown(one.peer),
          ratio(one.ours, one.peer),
          ratio(one.oursCpu, one.peerCpu),
          megabytes(one.oursBytes),
          megabytes(one.peerBytes),
          one.apart === null ? '' : brief(one.apart),
        ]),
      ]),
      `Geometric mean of the ratios of processor time: ${brief(mean)} x.`,
      ...busyWarning(results),
    ],
    figures: { threads, results },
    quiet,
  });
}
