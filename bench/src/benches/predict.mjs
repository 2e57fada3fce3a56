import { statSync } from 'node:fs';
import { join } from 'node:path';
import { makeRows } from '../lib/make-rows.mjs';
import { alternate, measureSuccess } from '../lib/measure.mjs';
import { brief, busyWarning, medians, megabytes, percent, seconds } from '../lib/numbers.mjs';
import { commandLine, peerScript, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'scoring a large CSV, rows per second and memory';

export const options = {
  rows: { type: 'string', default: '5000000', help: 'rows to score (default 5000000)' },
};

const trainingRows = 50_000;

/** Fits on a small part, then scores the large file into CSV and Parquet, ours and the peer's in turn. */
export async function run({ options, runs, python, machine, log }) {
  const rows = Number(options.rows);
  await withTemporaryFolder(async (folder) => {
    const train = join(folder, 'train.csv');
    const data = join(folder, 'data.csv');
    makeRows(train, { rows: trainingRows, seed: 1, target: 'churned' });
    makeRows(data, { rows, seed: 2 });
    log(`made ${rows.toLocaleString('en')} rows, ${megabytes(statSync(data).size)}`);
    const fitted = await fitModels({ folder, train, python });
    log('models fitted');
    const results = [];
    for (const format of ['csv', 'parquet']) {
      const contenders = contendersFor({ format, folder, data, python, ...fitted });
      const measured = await alternate(contenders, runs, (name, turn, one) =>
        log(`${format}, ${name}, run ${turn + 1}: ${seconds(one.seconds)}, ${megabytes(one.peakBytes)}`),
      );
      for (const [name, all] of measured) results.push({ format, name, ...medians(all) });
    }
    keepResults('predict', {
      title: 'Scoring a large file, beside Python',
      machine,
      sections: [
        `${rows.toLocaleString('en')} rows of ten columns (numbers with missing cells, quoted categories, a boolean), ${megabytes(statSync(data).size)} of CSV; logistic regression fitted on ${trainingRows.toLocaleString('en')} rows. Whole processes, start-up included, ${runs} runs each, taken in turn; medians; two threads. The peer streams with pyarrow and scores with a scikit-learn pipeline kept by joblib.`,
        resultsTable(results, rows),
        ...busyWarning(results),
      ],
      figures: { rows, results },
    });
  });
}

async function fitModels({ folder, train, python }) {
  const [program, entry] = commandLine();
  const out = join(folder, 'run');
  await measureSuccess(program, [
    entry,
    'run',
    train,
    '--target',
    'churned',
    '--learners',
    'logistic',
    '--quiet',
    '--out',
    out,
  ]);
  const joblib = join(folder, 'model.joblib');
  if (python) await measureSuccess(python, [peerScript('predict.py'), 'fit', train, joblib, '--target', 'churned']);
  return { model: join(out, 'model.json'), joblib };
}

function contendersFor({ format, folder, data, python, model, joblib }) {
  const [program, entry] = commandLine();
  const ours = {
    name: 'counterweight',
    start: () => {
      const args = [
        entry,
        'predict',
        model,
        data,
        '--out',
        join(folder, `ours.${format}`),
        '--threads',
        '2',
        '--quiet',
      ];
      return measureSuccess(program, args);
    },
  };
  const peer = {
    name: 'peer',
    start: () =>
      measureSuccess(python, [peerScript('predict.py'), 'score', joblib, data, join(folder, `peer.${format}`)]),
  };
  return python ? [ours, peer] : [ours];
}

function resultsTable(results, rows) {
  const header = ['output', 'contender', 'median time', 'rows/s', 'time / ours', 'used by others', 'peak memory'];
  const lines = results.map((one) => {
    const ours = results.find(({ format, name }) => format === one.format && name === 'counterweight');
    return [
      one.format,
      one.name,
      seconds(one.seconds),
      Math.round(rows / one.seconds).toLocaleString('en'),
      brief(one.seconds / ours.seconds),
      percent(one.othersShare),
      megabytes(one.peakBytes),
    ];
  });
  return markdownTable([header, ...lines]);
}
