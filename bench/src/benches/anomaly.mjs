import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@counterweight/core';
import { measureSuccess } from '../lib/measure.mjs';
import { brief, median, seconds } from '../lib/numbers.mjs';
import { numericRows, sampled } from '../lib/numeric-rows.mjs';
import { configuration, peerScript, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { readNumbers } from '../lib/split-rows.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'detectors: fitting and scoring, beside scikit-learn and PyOD';

export const options = {
  threads: { type: 'string', default: '2', help: 'threads of each side (default 2)' },
  only: { type: 'string', help: 'detectors, separated by commas (default all)' },
};

/** `most` rows where more would take minutes; `training`: both sides score each row with itself left out. */
const contenders = [
  { name: 'isolation-forest' },
  { name: 'extended-isolation-forest', peerless: true },
  { name: 'ecod' },
  { name: 'copod' },
  { name: 'hbos', settings: { bins: 10 } },
  { name: 'pca-reconstruction' },
  { name: 'mahalanobis' },
  { name: 'minimum-covariance-determinant', most: 20_000, settings: { supportFraction: 0.5 } },
  { name: 'k-nearest', most: 20_000, training: true },
  { name: 'local-outlier-factor', most: 20_000, training: true },
  { name: 'one-class-svm', most: 5_000 },
  { name: 'random-feature-svm' },
];

export async function run({ options, runs, python, data, machine, log }) {
  const threads = Number(options.threads);
  const wanted = options.only?.split(',');
  const runtime = await core.createKernelRuntime({ threads });
  const results = [];
  await withTemporaryFolder(async (folder) => {
    for (const set of configuration('anomaly-sets.json')) {
      const whole = numericRows(set, data, folder);
      if (!whole) {
        log(`${set.name} is not there`);
        continue;
      }
      for (const contender of contenders.filter(({ name }) => !wanted || wanted.includes(name))) {
        const rows = sampled(whole, contender.most);
        const turns = await compare({ contender, rows, folder, runs, python, threads, runtime, log });
        results.push({ set: set.name, name: contender.name, rows: rows.y.length, ...summed(turns, rows.y) });
      }
    }
  });
  await runtime.dispose();
  keepResults('anomaly', {
    title: 'Detectors, beside scikit-learn and PyOD',
    machine,
    sections: [
      `Each detector is fitted to all rows of a set and scores them; columns have variance 1, ${threads === 1 ? 'one thread' : `${threads} threads`}. Both sides are warm and hold the rows in memory; times are of fit and scores together, medians of ${runs} ${runs === 1 ? 'run' : 'runs'} taken in turn. k-nearest and local-outlier-factor leave each row out of its own neighbours, on 20,000 rows, which the minimum covariance determinant has too; the one-class machine has 5,000. The minimum covariance determinant trusts half of the rows on both sides. scikit-learn's random features are 256, its descent has its own stopping rule. PyOD's PCA has another score: but for a trifle the distance from the mean. The last columns hold the area under the ROC curve against the set's labels, and the rank correlation of both sides' scores.`,
      markdownTable([
        ['set', 'detector', 'rows', 'counterweight', 'peer', 'time', 'ratio', 'AUC', 'peer', 'ranks alike'],
        ...results.map((one) => [
          one.set,
          one.name,
          one.rows.toLocaleString('en'),
          seconds(one.ours),
          one.peer ?? '',
          one.theirs === null ? '' : seconds(one.theirs),
          one.theirs === null ? '' : `${brief(one.theirs / one.ours)} x`,
          one.auc.toFixed(3),
          one.peerAuc === null ? '' : one.peerAuc.toFixed(3),
          one.alike === null ? '' : one.alike.toFixed(3),
        ]),
      ]),
    ],
    figures: { threads, results },
  });
  return 0;
}

async function compare({ contender, rows, folder, runs, python, threads, runtime, log }) {
  const file = join(folder, 'rows');
  const out = join(folder, 'scores');
  writeFileSync(file, new Uint8Array(rows.X.buffer, rows.X.byteOffset, rows.X.byteLength));
  await once(contender, sampled(rows, 1000), runtime);
  const turns = [];
  for (let turn = 0; turn < runs; turn++) {
    const ours = await once(contender, rows, runtime);
    let peer = null;
    if (python && !contender.peerless) {
      const args = [peerScript('anomaly.py'), file, String(rows.columns), contender.name, String(threads), out];
      peer = JSON.parse((await measureSuccess(python, args)).stdout);
      peer.scores = readNumbers(out);
    }
    turns.push({ ours, peer });
    log(`${contender.name}: ${seconds(ours.seconds)} beside ${peer ? seconds(peer.fit + peer.score) : 'none'}`);
  }
  return turns;
}

async function once({ name, settings = {}, training }, { X, y, columns }, runtime) {
  const rows = core.matrix(X, y.length, columns);
  const start = performance.now();
  const model = await core.createDetector(name, settings).fit(rows, { runtime });
  const fitted = performance.now();
  const scores = training ? await model.trainingScores({ runtime }) : await model.score(rows, { runtime });
  const end = performance.now();
  return { seconds: (end - start) / 1000, fit: (fitted - start) / 1000, scores };
}

function summed(turns, y) {
  const { ours, peer } = turns.at(-1);
  const positive = rarer(y);
  const auc = (scores) => core.rocAuc({ scores, truth: y, positive });
  return {
    ours: median(turns.map((turn) => turn.ours.seconds)),
    fit: median(turns.map((turn) => turn.ours.fit)),
    theirs: peer ? median(turns.map((turn) => turn.peer.fit + turn.peer.score)) : null,
    peer: peer?.peer ?? null,
    auc: auc(ours.scores),
    peerAuc: peer ? auc(peer.scores) : null,
    alike: peer ? rankCorrelation(ours.scores, peer.scores) : null,
  };
}

function rarer(y) {
  const ones = y.reduce((sum, code) => sum + code, 0);
  return 2 * ones <= y.length ? 1 : 0;
}

function rankCorrelation(a, b) {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (a.length - 1) / 2;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) ** 2;
    yy += (y[i] - mean) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

/** Ranks from 0, equal values sharing their mean. */
function ranks(values) {
  const order = core.sortedOrder(values);
  const out = new Float64Array(values.length);
  for (let begin = 0; begin < order.length; ) {
    let end = begin;
    while (end < order.length && values[order[end]] === values[order[begin]]) end++;
    for (let i = begin; i < end; i++) out[order[i]] = (begin + end - 1) / 2;
    begin = end;
  }
  return out;
}
