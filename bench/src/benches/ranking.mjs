import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@counterweight/core';
import { measureSuccess } from '../lib/measure.mjs';
import { brief, median, seconds } from '../lib/numbers.mjs';
import { peerScript, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'ROC-AUC and average precision of 10,000,000 scores, beside scikit-learn';

export const options = {
  rows: { type: 'string', default: '10000000', help: 'scores (default 10000000)' },
};

const kinds = [
  { kind: 'distinct', title: 'nearly all distinct', score: (value) => value },
  { kind: 'tied', title: '10,001 distinct values', score: (value) => Math.round(value * 10_000) / 10_000 },
];

/** Both sides are warm, hold the scores in memory and are timed from the scores to the two numbers, which must agree. */
export async function run({ options, runs, python, machine, log }) {
  const rows = Number(options.rows);
  const results = [];
  await withTemporaryFolder(async (folder) => {
    for (const { kind, title, score } of kinds) {
      const { scores, truth } = draw(rows, score);
      const files = [join(folder, 'scores'), join(folder, 'truth')];
      writeFileSync(files[0], new Uint8Array(scores.buffer));
      writeFileSync(files[1], new Uint8Array(truth.buffer));
      results.push({ kind, title, ...(await compare({ scores, truth, files, runs, python, log })) });
    }
  });
  keepResults('ranking', {
    title: 'ROC-AUC and average precision, beside scikit-learn',
    machine,
    sections: [
      `${rows.toLocaleString('en')} scores, a hundredth of them of positive rows. Each side is warm and holds the scores in memory; the time is that of both metrics together. ${runs} runs each, taken in turn; medians. Both find the same values to ${results.some((one) => one.apart > 1e-12) ? brief(Math.max(...results.map((one) => one.apart))) : '1e-12'}.`,
      markdownTable([
        ['scores', 'counterweight', 'scikit-learn', 'ratio', 'ROC-AUC', 'average precision'],
        ...results.map(({ title, ours, peer, rocAuc, averagePrecision }) => [
          title,
          seconds(ours),
          peer === null ? 'no Python' : seconds(peer),
          peer === null ? '' : `${brief(peer / ours)} x`,
          rocAuc,
          averagePrecision,
        ]),
      ]),
    ],
    figures: { rows, results },
  });
  return results.some((one) => one.apart > 1e-12) ? 1 : 0;
}

async function compare({ scores, truth, files, runs, python, log }) {
  const ours = [];
  const theirs = [];
  let apart = 0;
  let values = both(scores, truth);
  for (let turn = 0; turn < runs; turn++) {
    const start = performance.now();
    values = both(scores, truth);
    ours.push((performance.now() - start) / 1000);
    log(`counterweight, run ${turn + 1}: ${seconds(ours.at(-1))}`);
    if (!python) continue;
    const peer = JSON.parse((await measureSuccess(python, [peerScript('ranking.py'), ...files])).stdout);
    theirs.push(peer.seconds);
    apart = Math.max(apart, ...Object.keys(values).map((name) => Math.abs(values[name] - peer[name])));
    log(`scikit-learn, run ${turn + 1}: ${seconds(peer.seconds)}`);
  }
  return { ours: median(ours), peer: theirs.length === 0 ? null : median(theirs), apart, ...values };
}

function both(scores, truth) {
  const ranked = core.rankScores({ scores, truth });
  return { rocAuc: core.rocAucOfRanked(ranked), averagePrecision: core.averagePrecisionOfRanked(ranked) };
}

function draw(rows, score) {
  const stream = core.randomStream(1, 'ranking bench');
  const truth = new Int32Array(rows);
  const scores = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    truth[row] = stream.uniform() < 0.01 ? 1 : 0;
    scores[row] = score(1 / (1 + Math.exp(3 - 1.5 * truth[row] - stream.normal())));
  }
  return { scores, truth };
}
