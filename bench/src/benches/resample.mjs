import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as core from '@counterweight/core';
import { growthChart } from '../lib/growth-chart.mjs';
import { measure } from '../lib/measure.mjs';
import { brief, busyWarning, median, megabytes, seconds } from '../lib/numbers.mjs';
import { numericRows, sampled } from '../lib/numeric-rows.mjs';
import { configuration, peerScript, resultsFolder, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'resampling methods on large sets, beside imbalanced-learn';

export const options = {
  methods: { type: 'string', help: 'only these, by comma (names of resample-methods.json)' },
  sets: { type: 'string', help: 'only these, by comma (names of resample-sets.json)' },
  timeout: { type: 'string', default: '600', help: 'seconds after which a run is given up (default 600)' },
  rows: { type: 'string', help: 'at most so many rows of each set' },
  growth: { type: 'boolean', help: 'instead: how the time grows with the rows of a mixture, as a table and a plot' },
  sizes: {
    type: 'string',
    default: '10000,30000,100000,300000,1000000',
    help: 'with --growth: numbers of rows, by comma (default 10000 to 1000000)',
  },
  'peer-rows': {
    type: 'string',
    default: '30000',
    help: 'with --growth: imbalanced-learn is asked up to so many rows (default 30000)',
  },
  keep: { type: 'string', default: 'resample', help: 'name of the results (default resample)' },
};

const growing = ['tomek-links', 'edited-nearest-neighbours', 'near-miss-1', 'smote', 'condensed-nearest-neighbour'];
const threads = 2;
const seed = 1;
const cell = fileURLToPath(new URL('../lib/resample-cell.mjs', import.meta.url));

/**
 * Every cell is a process of its own that reads float64 rows, then resamples; timed is the resampling alone, memory is the
 * process's. Ours runs with its own defaults for the time and with `compat` for the comparison of the answers.
 */
export async function run(context) {
  const { options, log } = context;
  const chosen = (names, all) =>
    names ? names.split(',').flatMap((wanted) => all.filter(({ name }) => name === wanted)) : all;
  const wanted = options.methods ?? (options.growth ? growing.join(',') : undefined);
  const methods = chosen(wanted, configuration('resample-methods.json')).filter(({ name, method = name }) => {
    if (core.resamplers.has(method)) return true;
    log(`${method} is not there yet`);
    return false;
  });
  const sets = options.growth
    ? options.sizes.split(',').map((rows) => ({ name: `${Number(rows)} rows`, rows: Number(rows), features: 10 }))
    : chosen(
        options.sets,
        configuration('resample-sets.json').filter(({ byName }) => options.sets || !byName),
      );
  const results = [];
  await withTemporaryFolder(async (folder) => {
    for (const set of sets) {
      const whole = numericRows(set, context.data, folder);
      if (!whole) {
        log(`${set.name} is not in the data folder`);
        continue;
      }
      for (const method of methods) {
        const limit = options.growth ? Infinity : Math.min(Number(options.rows ?? Infinity), method.rows ?? Infinity);
        const rows = sampled(whole, Number.isFinite(limit) ? limit : 0);
        // What took too long on fewer rows is not asked again.
        const before = options.growth ? results.filter((each) => each.method === method.name) : [];
        if (before.some(({ givenUp }) => givenUp)) continue;
        const most = options.growth ? Number(options['peer-rows']) : Infinity;
        const asked = rows.y.length > most || before.some(({ peerGivenUp }) => peerGivenUp) ? null : context.python;
        results.push({ set: set.name, ...(await compare(method, rows, folder, { ...context, python: asked })) });
        log(describe(results.at(-1)));
        // Cells take long: what was measured outlasts an interruption.
        keep(results, context, true);
      }
    }
  });
  keep(results, context);
  return results.some(({ agreement }) => agreement === 'differs') ? 1 : 0;
}

function keep(results, context, quiet = false) {
  const { options, machine } = context;
  const name = options.keep === 'resample' && options.growth ? 'resample-growth' : options.keep;
  if (options.growth) writeFileSync(join(resultsFolder, `${name}.svg`), drawGrowth(results));
  const sections = options.growth ? growthSections(results, context) : sectionsOf(results, context);
  keepResults(name, {
    title: options.growth ? 'How the time of resampling grows' : 'Resampling, beside imbalanced-learn',
    machine,
    sections: [...sections, ...busyWarning(results.map(({ othersShare }) => ({ othersShare })))],
    figures: { threads, results },
    quiet,
  });
}

async function compare(method, set, folder, { runs, python, options }) {
  const { name, method: ours = name, options: own = {}, peer, jobs, seed: seeded } = method;
  const files = {
    x: join(folder, 'x'),
    y: join(folder, 'y'),
    ours: join(folder, 'ours'),
    theirs: join(folder, 'theirs'),
  };
  writeFileSync(files.x, new Uint8Array(set.X.buffer, set.X.byteOffset, set.X.byteLength));
  writeFileSync(files.y, new Uint8Array(set.y.buffer, set.y.byteOffset, set.y.byteLength));
  const shape = [files.x, files.y, String(set.columns)];
  const timeoutMs = 1000 * Number(options.timeout);
  const asOurs = (more) => ({ ...own, ...(seeded && { seed }), ...more });
  const runOurs = (given, times) =>
    timed(
      process.execPath,
      [cell, ours, JSON.stringify(given), String(times), ...shape, String(threads), files.ours],
      timeoutMs,
    );
  const asPeer = { ...own, ...(jobs && { n_jobs: threads }), ...(seeded && { random_state: seed }) };
  const runPeer = (times) =>
    timed(
      python,
      [peerScript('resample.py'), peer, JSON.stringify(asPeer), String(times), ...shape, files.theirs],
      timeoutMs,
    );

  const mine = [];
  const theirs = [];
  // In turn, so that a slow spell of the machine meets both; what was given up once is not asked again.
  for (let turn = 0; turn < runs; turn++) {
    if (!mine.some(({ givenUp }) => givenUp)) mine.push(await runOurs(asOurs({}), 1));
    if (python && !theirs.some(({ givenUp }) => givenUp)) theirs.push(await runPeer(1));
  }
  const compared = method.compared ?? true;
  const like =
    python && compared && !theirs[0].givenUp ? await runOurs(asOurs({ compat: 'imbalanced-learn' }), 1) : null;
  return {
    method: name,
    rows: set.y.length,
    columns: set.columns,
    ours: middle(mine),
    peer: theirs.length === 0 ? null : middle(theirs),
    oursCpu: middle(mine, 'cpuSeconds'),
    peerCpu: theirs.length === 0 ? null : middle(theirs, 'cpuSeconds'),
    compat: like?.seconds ?? null,
    oursBytes: Math.max(...mine.map(({ peakBytes }) => peakBytes ?? 0)) || null,
    peerBytes: Math.max(0, ...theirs.map(({ peakBytes }) => peakBytes ?? 0)) || null,
    kept: mine[0].rows,
    givenUp: mine.some(({ givenUp }) => givenUp),
    peerGivenUp: theirs.some(({ givenUp }) => givenUp),
    peerAtLeast: theirs.find(({ givenUp }) => givenUp)?.ranSeconds ?? null,
    failed: mine.find(({ error }) => error)?.error ?? theirs.find(({ error }) => error)?.error ?? null,
    othersShare: Math.max(...[...mine, ...theirs].map(({ othersShare }) => othersShare ?? 0)),
    ...(like && !like.error ? agreementOf(files.ours, files.theirs, set.columns) : { agreement: 'not compared' }),
  };
}

async function timed(command, args, timeoutMs) {
  let began = null;
  const onStart = (child) => child.stdout.once('data', () => (began = performance.now()));
  const { code, signal, stdout, stderr, peakBytes, othersShare } = await measure(command, args, {
    timeoutMs,
    onStart,
    env: { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
  });
  const lines = stdout.trim().split('\n');
  const last = lines[0] === '' ? { seconds: [], cpuSeconds: [] } : JSON.parse(lines.at(-1));
  const givenUp = signal === 'SIGKILL';
  // Programs print a line before they resample: from then on counts what was given up.
  const ranSeconds = givenUp && began !== null ? (performance.now() - began) / 1000 : null;
  const error = code === 0 || givenUp ? null : stderr.trim().split('\n').at(-1);
  const [clock, processors] = [last.seconds.at(-1) ?? null, last.cpuSeconds.at(-1) ?? null];
  const measured = { seconds: clock, cpuSeconds: processors, rows: last.rows ?? null };
  return { ...measured, peakBytes, othersShare, givenUp, ranSeconds, error };
}

function middle(measured, of = 'seconds') {
  const known = measured.map((each) => each[of]).filter((value) => value !== null);
  return known.length === measured.length ? median(known) : null;
}

/** Whether two results have the same rows; if not, in how many places, and how many rows are in one only. */
function agreementOf(ours, theirs, columns) {
  if (!existsSync(ours) || !existsSync(theirs)) return { agreement: 'not compared' };
  const [a, b] = [readFileSync(ours), readFileSync(theirs)];
  if (a.equals(b)) return { agreement: 'same bytes', rowsApart: 0 };
  const [x, y] = [numbersOf(a), numbersOf(b)];
  let apart = x.length === y.length ? 0 : Infinity;
  for (let i = 0; i < x.length && apart < Infinity; i++) {
    const difference = Math.abs(x[i] - y[i]);
    if (difference > apart) apart = difference;
  }
  if (apart <= 1e-12) return { agreement: `to ${brief(apart)}`, rowsApart: 0 };
  return { agreement: 'differs', rowsApart: rowsApart(a, b, 8 * columns) };
}

const numbersOf = (bytes) =>
  new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

/** Rows that one result has and the other has not, counted with repetition. */
function rowsApart(a, b, width) {
  const counts = new Map();
  for (const [bytes, sign] of [
    [a, 1],
    [b, -1],
  ]) {
    for (let at = 0; at < bytes.length; at += width) {
      const row = bytes.latin1Slice(at, at + width);
      counts.set(row, (counts.get(row) ?? 0) + sign);
    }
  }
  return [...counts.values()].reduce((sum, count) => sum + Math.abs(count), 0);
}

const shown = (value) => (value === null ? 'not known' : value < 0.1 ? `${brief(1000 * value)} ms` : seconds(value));

const ratio = (ours, peer) => (ours === null || peer === null ? null : peer / ours);
const ratioOf = ({ ours, peer }) => ratio(ours, peer);
/** What the ratio is at least where the peer was given up. */
const leastOf = ({ ours, peerAtLeast }) => ratio(ours, peerAtLeast);
const cpuRatioOf = ({ oursCpu, peerCpu }) => ratio(oursCpu, peerCpu);
const times = (value) => (value === null ? '' : `${brief(value)} x`);
const shownRatio = (result) =>
  result.peer === null && leastOf(result) !== null ? `at least ${times(leastOf(result))}` : times(ratioOf(result));
const shownOurs = ({ ours, givenUp, failed }) =>
  givenUp ? 'given up' : failed && ours === null ? failed : shown(ours);

function describe(result) {
  const { set, method, failed, agreement, rowsApart, compat } = result;
  const parts = [`${set}, ${method}: ${shownOurs(result)}`, `imbalanced-learn ${shownPeer(result)}`];
  if (shownRatio(result)) parts.push(shownRatio(result));
  if (ratioOf(result)) parts.push(`of processor time ${times(cpuRatioOf(result))}`);
  if (compat !== null)
    parts.push(`compat ${shown(compat)}`, rowsApart ? `${agreement} (${rowsApart} rows)` : agreement);
  return [...parts, ...(failed ? [failed] : [])].join(', ');
}

const shownPeer = ({ peer, peerGivenUp }) => (peerGivenUp ? 'given up' : peer === null ? 'not known' : shown(peer));

function sectionsOf(results, { options, runs }) {
  const known = results.map(ratioOf).filter((value) => value !== null);
  const mean = (ratios) =>
    Math.exp(ratios.reduce((sum, value) => sum + Math.log(value), 0) / Math.max(1, ratios.length));
  const knownCpu = results.map(cpuRatioOf).filter((value) => value !== null);
  const slower = results.filter((result) => (ratioOf(result) ?? 2) < 1);
  const least = results.filter((result) => ratioOf(result) === null).map(leastOf);
  const withLeast = [...known, ...least.filter((value) => value !== null)];
  const more =
    withLeast.length > known.length
      ? `; with the ${withLeast.length - known.length} that were given up, at least ${brief(mean(withLeast))} x`
      : '';
  return [
    `${options.rows ? `At most ${Number(options.rows).toLocaleString('en')} rows of a set, drawn at random. ` : ''}Columns standardised, jittered by a millionth so that no distances tie (but for kdd_smtp, whose duplicates are the point). ${threads} threads each, a process each run, the resampling alone timed, ${runs} runs in turn, medians. Ours with its own defaults; "answers" compares the features of its \`compat\` result with imbalanced-learn's. Given up after ${options.timeout} s.`,
    markdownTable([
      [
        'set',
        'method',
        'rows',
        'counterweight',
        'imbalanced-learn',
        'ratio',
        'ratio of processor time',
        'memory',
        "peer's memory",
        'answers',
      ],
      ...results.map((result) => [
        result.set,
        result.method,
        result.rows.toLocaleString('en'),
        shownOurs(result),
        shownPeer(result),
        shownRatio(result),
        times(cpuRatioOf(result)),
        megabytes(result.oursBytes),
        megabytes(result.peerBytes),
        result.rowsApart ? `${result.agreement}: ${result.rowsApart} rows` : result.agreement,
      ]),
    ]),
    known.length === 0
      ? 'No peer to compare with.'
      : `Geometric mean of the ${known.length} ratios: ${brief(mean(known))} x, of those of processor time ${brief(mean(knownCpu))} x${more}. Slower than the peer: ${slower.map(({ set, method }) => `${method} on ${set}`).join(', ') || 'none'}.`,
  ];
}

/** Exponent of the time's growth between the sizes: the slope of a straight line through the logarithms. */
function exponent(points) {
  const logs = points.map(([rows, time]) => [Math.log(rows), Math.log(time)]);
  const mean = (index) => logs.reduce((sum, point) => sum + point[index], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const above = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return above / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

/** Sizes and processor times of a method, of ours (`oursCpu`) or the peer's (`peerCpu`). */
function pointsOf(results, method, side) {
  return results.filter((each) => each.method === method && each[side] !== null).map((each) => [each.rows, each[side]]);
}

function growthSections(results, { options }) {
  const sizes = [...new Set(results.map(({ rows }) => rows))].sort((a, b) => a - b);
  const names = [...new Set(results.map(({ method }) => method))];
  const rowsOf = (method) =>
    ['oursCpu', 'peerCpu'].map((side) => {
      const points = pointsOf(results, method, side);
      const gaveUp = side === 'oursCpu' ? 'givenUp' : 'peerGivenUp';
      const at = (size) => {
        if (results.some((each) => each.method === method && each.rows === size && each[gaveUp])) return 'given up';
        const point = points.find(([rows]) => rows === size);
        return point ? shown(point[1]) : '';
      };
      const slope = points.length > 1 ? exponent(points).toFixed(2) : '';
      const label = side === 'oursCpu' ? 'counterweight' : 'imbalanced-learn';
      return [method, label, ...sizes.map(at), slope];
    });
  return [
    `Mixtures of eight normal heaps in 10 columns, one row in 20 of the rare class. Processor time of the resampling, all threads together; imbalanced-learn was asked up to ${Number(options['peer-rows']).toLocaleString('en')} rows, and a run of more than ${options.timeout} s was given up. The exponent e says that the time grows as rows to the power e: 1 is in proportion, 2 as all pairs.`,
    markdownTable([
      ['method', '', ...sizes.map((size) => `${size.toLocaleString('en')} rows`), 'exponent'],
      ...names.flatMap(rowsOf).filter((row) => row.slice(2).some((cell) => cell !== '')),
    ]),
  ];
}

function drawGrowth(results) {
  const names = [...new Set(results.map(({ method }) => method))];
  const series = names.flatMap((method, colour) =>
    ['oursCpu', 'peerCpu'].map((side) => {
      const points = pointsOf(results, method, side);
      const name = points.length > 1 ? `${method}: ${exponent(points).toFixed(2)}` : method;
      return { name, dashed: side === 'peerCpu', colour, points };
    }),
  );
  return growthChart({
    title: 'How the time of resampling grows',
    note: 'Solid: counterweight, with the exponent of its growth. Dashed, same colour: imbalanced-learn.',
    xTitle: 'rows (10 columns)',
    yTitle: 'processor time, s',
    series: series.filter(({ points }) => points.length > 0),
  });
}
