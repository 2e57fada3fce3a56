import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@counterweight/core';
import { measureSuccess } from '../lib/measure.mjs';
import { brief, median, seconds } from '../lib/numbers.mjs';
import { peerScript, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'inductive Venn-Abers of 1,000,000 calibration rows and 1,000,000 look-ups, beside venn-abers';

export const options = {
  rows: { type: 'string', default: '1000000', help: 'calibration rows, and look-ups (default 1000000)' },
  'peer-runs': { type: 'string', default: '1', help: 'runs of the peer, minutes each (default 1)' },
};

const kinds = [
  { kind: 'tied', title: '10,001 distinct values', score: (value) => Math.round(value * 10_000) / 10_000 },
  { kind: 'distinct', title: 'all distinct', score: (value) => value },
];

/** How far apart the same isotonic value may come out of sums in another order. */
const alike = 1e-9;

/** Both sides are warm and hold the scores in memory; the answers of the last runs are compared row by row. */
export async function run({ options, runs, python, machine, log }) {
  const rows = Number(options.rows);
  const peerRuns = Math.min(runs, Number(options['peer-runs']));
  const results = [];
  await withTemporaryFolder(async (folder) => {
    for (const { kind, title, score } of kinds) {
      const data = draw(rows, score);
      const files = Object.entries(data).map(([name, values]) => {
        const path = join(folder, name);
        writeFileSync(path, new Uint8Array(values.buffer));
        return path;
      });
      const answers = [join(folder, 'p0'), join(folder, 'p1')];
      results.push({ kind, title, ...(await compare({ data, files, answers, runs, peerRuns, python, log })) });
    }
  });
  const apart = Math.max(...results.map((one) => one.apart ?? 0));
  keepResults('venn-abers', {
    title: 'Inductive Venn-Abers, beside venn-abers',
    machine,
    sections: [
      `${rows.toLocaleString('en')} calibration rows, a fiftieth of them positive, and as many look-ups. Both sides are warm and hold the scores in memory; the time is from the arrays to p0 and p1 of every look-up. Medians of ${runs} runs, of the peer ${peerRuns === 1 ? 'one run in their midst' : peerRuns}.${python ? ` The peer is venn-abers ${results[0].version}; the answers of the same run differ by at most ${brief(apart)}.` : ''}`,
      markdownTable([
        ['scores', 'fit', 'look-ups', 'counterweight', 'venn-abers', 'ratio'],
        ...results.map(({ title, fit, lookUp, ours, peer }) => [
          title,
          seconds(fit),
          seconds(lookUp),
          seconds(ours),
          peer === null ? 'no Python' : seconds(peer),
          peer === null ? '' : `${brief(peer / ours)} x`,
        ]),
      ]),
    ],
    figures: { rows, results },
  });
  return apart > alike ? 1 : 0;
}

async function compare({ data, files, answers, runs, peerRuns, python, log }) {
  const ours = [];
  const theirs = [];
  let apart = null;
  once(data);
  for (let turn = 0; turn < runs; turn++) {
    const found = once(data);
    ours.push(found);
    log(`counterweight, run ${turn + 1}: ${seconds(found.fit + found.lookUp)}`);
    if (!python || turn >= peerRuns) continue;
    const peer = JSON.parse(
      (await measureSuccess(python, [peerScript('venn_abers_peer.py'), ...files, ...answers])).stdout,
    );
    theirs.push(peer);
    log(`venn-abers, run ${turn + 1}: ${seconds(peer.seconds)}`);
    apart = Math.max(farthest(found.pairs.p0, answers[0]), farthest(found.pairs.p1, answers[1]));
  }
  return {
    fit: median(ours.map(({ fit }) => fit)),
    lookUp: median(ours.map(({ lookUp }) => lookUp)),
    ours: median(ours.map(({ fit, lookUp }) => fit + lookUp)),
    peer: theirs.length === 0 ? null : median(theirs.map((one) => one.seconds)),
    version: theirs[0]?.version ?? null,
    apart,
  };
}

function once({ scores, labels, asked }) {
  const start = performance.now();
  const model = core.inductiveVennAbers({ scores, labels });
  const fitted = performance.now();
  const pairs = model.pairs(asked);
  return { fit: (fitted - start) / 1000, lookUp: (performance.now() - fitted) / 1000, pairs };
}

function farthest(values, file) {
  const bytes = readFileSync(file);
  const others = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  let most = values.length === others.length ? 0 : Number.POSITIVE_INFINITY;
  for (let row = 0; row < values.length; row++) most = Math.max(most, Math.abs(values[row] - others[row]));
  return most;
}

function draw(rows, score) {
  const stream = core.randomStream(1, 'venn-abers bench');
  const labels = new Int32Array(rows);
  const scores = new Float64Array(rows);
  const asked = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    labels[row] = stream.uniform() < 0.02 ? 1 : 0;
    scores[row] = score(1 / (1 + Math.exp(3 - 1.5 * labels[row] - stream.normal())));
    asked[row] = score(1 / (1 + Math.exp(3 - (stream.uniform() < 0.02 ? 1.5 : 0) - stream.normal())));
  }
  return { scores, labels, asked };
}
