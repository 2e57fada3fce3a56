import { join } from 'node:path';
import * as core from '@counterweight/core';
import { encodedRows } from '../lib/encoded-rows.mjs';
import { madeFlags } from '../lib/made-flags.mjs';
import { measureSuccess } from '../lib/measure.mjs';
import { brief, median, seconds } from '../lib/numbers.mjs';
import { configuration, made, peerScript, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { layOut, precisionOf, readNumbers, splitRows } from '../lib/split-rows.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'gradient boosting: 100 rounds of 31 leaves and scoring up to a million rows, beside LightGBM';

export const options = {
  threads: { type: 'string', default: '2', help: 'threads of each side (default 2)' },
};

const manyRows = 1_000_000;
/** Each side fits as often as takes a second before it is timed: code is compiled as it runs. */
const warmSeconds = 1;
/** Wide sets have fewer rows scored, so that both sides hold them in memory. */
const manyValues = 125_000_000;

/** Both sides are warm, hold the rows in memory, bin them within the time of the fit, and may use as many threads. */
export async function run({ options, runs, python, data, machine, log }) {
  const threads = Number(options.threads);
  const results = [];
  const runtime = await core.createKernelRuntime({ threads });
  let version = null;
  await withTemporaryFolder(async (folder) => {
    for (const [index, set] of configuration('boosting-sets.json').entries()) {
      const rows = set.made ? madeFlags(set.made) : encodedRows(set, data, folder);
      if (!rows) {
        log(`${set.name} is not there`);
        continue;
      }
      const title = set.title ?? set.name;
      const place = made(folder, String(index));
      const parts = { ...splitRows(rows, 1, 'boosting bench'), categorical: rows.categorical };
      layOut(place, parts);
      const turns = [];
      for (let turn = 0; turn < runs; turn++) {
        const ours = await ourTurn(parts, runtime);
        const args = [
          peerScript('boosting.py'),
          place,
          String(rows.columns),
          rows.categorical.join(','),
          options.threads,
          String(scoredRows(rows.columns)),
        ];
        const peer = python ? JSON.parse((await measureSuccess(python, args)).stdout) : null;
        version = peer?.version ?? version;
        turns.push({ ours, peer });
        log(`${title}, run ${turn + 1}: ${seconds(ours.fit)} beside ${peer ? seconds(peer.fit) : 'no Python'}`);
      }
      results.push({ title, ...summed(turns, parts, python ? readNumbers(join(place, 'scores')) : null), turns });
    }
  });
  await runtime.dispose();
  keepResults('boosting', {
    title: `Gradient boosting, beside LightGBM ${version ?? '(no Python)'}`,
    machine,
    sections: [
      `100 rounds, 31 leaves, 255 bins, learning rate 0.1, ${threads === 1 ? 'one thread' : `${threads} threads`}; 7 rows in 10 train, 3 test. Each side has made the same fit before, for a second at least, and holds the rows in memory; a fit includes the binning. ${runs} runs each, taken in turn; medians. Processor time is that of all threads: on a busy machine LightGBM's threads wait for each other by spinning, so that with more than one neither figure compares there.`,
      markdownTable([
        [
          'fit',
          'training rows',
          'columns',
          'counterweight',
          'LightGBM',
          'ratio',
          'processor time',
          'LightGBM',
          'ratio',
        ],
        ...results.map((one) => [
          one.title,
          one.rows.toLocaleString('en'),
          one.columns,
          ...compared(one, 'fit'),
          ...compared(one, 'fitCpu'),
        ]),
      ]),
      markdownTable([
        ['scoring', 'rows', 'counterweight', 'LightGBM', 'ratio', 'processor time', 'LightGBM', 'ratio'],
        ...results.map((one) => [
          one.title,
          one.scored.toLocaleString('en'),
          ...compared(one, 'predict'),
          ...compared(one, 'predictCpu'),
        ]),
      ]),
      markdownTable([
        ['average precision of the test part', 'counterweight', 'LightGBM'],
        ...results.map((one) => [one.title, one.averagePrecision.toFixed(4), one.peerPrecision?.toFixed(4) ?? '']),
      ]),
    ],
    figures: { threads, results },
  });
  return 0;
}

const scoredRows = (columns) => Math.min(manyRows, Math.floor(manyValues / columns));

async function ourTurn({ train, test, categorical }, runtime) {
  const learner = core.gradientBoosting({ categoricalFeatures: categorical });
  const timed = async (work) => {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const result = await work();
    const used = process.cpuUsage(cpu);
    return { result, wall: (performance.now() - start) / 1000, cpu: (used.user + used.system) / 1e6 };
  };
  const begin = performance.now();
  do await learner.fit(train, { runtime });
  while (performance.now() - begin < 1000 * warmSeconds);
  const fit = await timed(() => learner.fit(train, { runtime }));
  const model = fit.result;
  const many = repeated(test.X, scoredRows(test.X.columns));
  const predict = await timed(() => model.predictProba(many, { runtime }));
  const scores = (await model.predictProba(test.X, { runtime })).data.filter((_, i) => i % 2 === 1);
  return {
    fit: fit.wall,
    fitCpu: fit.cpu,
    predict: predict.wall,
    predictCpu: predict.cpu,
    averagePrecision: precisionOf(scores, test.y.codes),
  };
}

function summed(turns, { train, test }, peer) {
  const figures = { rows: train.X.rows, columns: train.X.columns, scored: scoredRows(train.X.columns) };
  for (const name of ['fit', 'fitCpu', 'predict', 'predictCpu']) {
    figures[name] = median(turns.map(({ ours }) => ours[name]));
    figures[`${name}Peer`] = peer ? median(turns.map((turn) => turn.peer[name])) : null;
  }
  figures.averagePrecision = turns[0].ours.averagePrecision;
  figures.peerPrecision = peer ? precisionOf(peer, test.y.codes) : null;
  return figures;
}

function compared(one, name) {
  const peer = one[`${name}Peer`];
  return [seconds(one[name]), peer === null ? '' : seconds(peer), peer === null ? '' : `${brief(one[name] / peer)} x`];
}

function repeated(X, rows) {
  const cells = new Float64Array(rows * X.columns);
  for (let at = 0; at < cells.length; at += X.data.length) {
    cells.set(X.data.subarray(0, Math.min(X.data.length, cells.length - at)), at);
  }
  return core.matrix(cells, rows, X.columns);
}
