import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as core from '@counterweight/core';
import { peerScript } from '../lib/places.mjs';
import { readNumbers } from '../lib/split-rows.mjs';

/** Both ways in which ranks are judged, of scores of the test rows. */
const ranking = (scores, truth) => {
  const ranked = core.rankScores({ scores, truth });
  return { averagePrecision: core.averagePrecisionOfRanked(ranked), rocAuc: core.rocAucOfRanked(ranked) };
};

/** Fits one of our detectors to the training rows, without their labels, and ranks the test rows. */
export async function ourCell({ detector, options, draws }, { train, test }, seed, runtime) {
  const made = core.createDetector(detector, draws ? { ...options, seed } : options);
  const model = await made.fit(train.X, { runtime });
  const scores = await model.score(test.X, { runtime });
  return { ...ranking(scores, test.y.codes), notices: model.notices.map(({ code }) => code) };
}

/** One process of the peers, which imports its libraries once. `score` does all detectors of a split. */
export function startPeers(python, folder) {
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const child = spawn(python, [peerScript('anomaly_evidence.py')], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const file = (name) => join(folder, name);
  return {
    async score(names, { train, test }, seed) {
      for (const [name, { data }] of [
        ['train', train.X],
        ['test', test.X],
      ]) {
        writeFileSync(file(name), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
      const files = { train: file('train'), test: file('test'), scores: file('scores') };
      child.stdin.write(`${JSON.stringify({ ...files, columns: train.X.columns, seed, detectors: names })}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error('the process of the peers ended');
      return peerCells(JSON.parse(value), names, readNumbers(files.scores), test);
    },
    stop: () => child.stdin.end(),
  };
}

function peerCells(found, names, all, test) {
  const rows = test.X.rows;
  return names.map((name, place) => {
    const { peer, failure } = found[name];
    if (failure) return { name, cell: { peer, error: failure } };
    return { name, cell: { ...ranking(all.slice(place * rows, (place + 1) * rows), test.y.codes), peer } };
  });
}
