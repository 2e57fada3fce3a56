import * as core from '@counterweight/core';
import { measureSuccess } from '../lib/measure.mjs';
import { median, seconds } from '../lib/numbers.mjs';
import { peerScript } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'class-conditional p-values of 100,000 rows x 100 classes, beside crepes';

export const options = {
  rows: { type: 'string', default: '100000', help: 'rows to judge (default 100000)' },
  calibration: { type: 'string', default: '10000', help: 'calibration rows (default 10000)' },
  'peer-rows': {
    type: 'string',
    default: '200',
    help: 'rows that the peer judges; its time is scaled up (default 200)',
  },
};

const classes = 100;

/** Ours judges all rows. The peer is linear in rows and would take hours, so it judges a few and is scaled. */
export async function run({ options, runs, python, machine, log }) {
  const rows = Number(options.rows);
  const calibration = Number(options.calibration);
  const peerRows = Number(options['peer-rows']);
  const stream = core.randomStream(1, 'conformal bench');
  const known = draw(calibration, stream);
  const asked = draw(rows, stream).probabilities;
  const ours = [];
  const theirs = [];
  for (let turn = 0; turn < runs; turn++) {
    const start = performance.now();
    core.mondrianConformal().fit(known.probabilities, known.labels).pValues(asked, { smoothed: true });
    ours.push((performance.now() - start) / 1000);
    log(`counterweight, run ${turn + 1}: ${seconds(ours.at(-1))}`);
    if (python) {
      const args = [peerScript('conformal.py'), String(calibration), String(peerRows), String(classes)];
      theirs.push(JSON.parse((await measureSuccess(python, args)).stdout));
      log(`crepes, run ${turn + 1}, ${peerRows} rows: ${seconds(theirs.at(-1).wrapped)}`);
    }
  }
  const mine = median(ours);
  const scaled = (name) => (theirs.length === 0 ? null : (median(theirs.map((one) => one[name])) * rows) / peerRows);
  const results = [
    { name: 'counterweight', seconds: mine },
    { name: 'crepes, as its wrapper computes them', seconds: scaled('wrapped') },
    { name: 'crepes, only the p-values that are kept', seconds: scaled('own') },
  ];
  keepResults('conformal', {
    title: 'Class-conditional p-values, beside crepes',
    machine,
    sections: [
      `Smoothed p-values of ${rows.toLocaleString('en')} rows for ${classes} classes from ${calibration.toLocaleString('en')} calibration rows, sorting and scores included; medians of ${runs} runs. The peer judged ${peerRows} rows and its time is scaled by the number of rows.`,
      markdownTable([
        ['contender', 'time', 'ratio'],
        ...results.map((one) => [
          one.name,
          one.seconds === null ? 'no Python' : seconds(one.seconds),
          one.seconds === null ? '' : `${Math.round(one.seconds / mine).toLocaleString('en')} x`,
        ]),
      ]),
    ],
    figures: { rows, calibration, classes, peerRows, results },
  });
}

function draw(rows, stream) {
  const data = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    let total = 0;
    for (let label = 0; label < classes; label++) {
      data[row * classes + label] = -Math.log(1 - stream.uniform());
      total += data[row * classes + label];
    }
    for (let label = 0; label < classes; label++) data[row * classes + label] /= total;
  }
  const codes = Int32Array.from({ length: rows }, () => stream.integer(classes));
  const labels = { codes, classes: Array.from({ length: classes }, (_, code) => code) };
  return { probabilities: core.matrix(data, rows, classes), labels };
}
