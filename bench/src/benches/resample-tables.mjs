import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as core from '@counterweight/core';
import { encodedRows } from '../lib/encoded-rows.mjs';
import { measureSuccess } from '../lib/measure.mjs';
import { brief, busyWarning, median, megabytes, seconds } from '../lib/numbers.mjs';
import { peerScript, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { readNumbers } from '../lib/split-rows.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'SMOTE-NC and SMOTE-N on tables, beside imbalanced-learn: time, memory, rows';

export const options = {
  sets: { type: 'string', help: 'only these, by comma' },
  methods: { type: 'string', help: 'only these, by comma (smote-nc, smote-n)' },
};

const threads = 2;
const seed = 1;
const warmRuns = 5;
const cell = fileURLToPath(new URL('../lib/table-cell.mjs', import.meta.url));
const sets = [
  { name: 'adult', target: 'income' },
  { name: 'bank_marketing_additional', target: 'y' },
  { name: 'bank_full', target: 'y' },
];
const methods = [
  { name: 'smote-nc', peer: 'SMOTENC' },
  { name: 'smote-n', peer: 'SMOTEN' },
];

/**
 * Times and growth of processes that have the rows in memory already. Ours is measured cold (the first call of a process, which
 * also compiles) and warm (the median of five more); the peer's first call, which compiles nothing. Numbers are jittered by a
 * millionth of their deviation, so that no distances tie and SMOTE-NC's rows can be compared; SMOTE-N's distances tie by nature.
 */
export async function run(context) {
  const { options: asked, machine, data, log } = context;
  const chosen = (all, names) => (names ? all.filter(({ name }) => names.split(',').includes(name)) : all);
  const results = [];
  await withTemporaryFolder(async (folder) => {
    for (const set of chosen(sets, asked.sets)) {
      const rows = encodedRows(set, data, folder);
      if (!rows) log(`${set.name} is not in the data folder`);
      else {
        for (const method of chosen(methods, asked.methods)) {
          results.push({ set: set.name, ...(await compare(method, jittered(rows), folder, context)) });
          log(JSON.stringify(results.at(-1)));
        }
      }
    }
  });
  keepResults('resample-tables', {
    title: 'Resampling tables, beside imbalanced-learn',
    machine,
    sections: [tableOf(results), explanation, ...busyWarning(results)],
    figures: { threads, results },
  });
  return results.some(({ differing }) => differing > 0) ? 1 : 0;
}

const explanation =
  'Growth is how far a process rises above what it held with the rows in memory; the input is what its columns take, 8 bytes a ' +
  'number and 4 a category. The output, which has the columns of the input and more rows, is part of the growth.';

function jittered({ X, y, columns, categorical }) {
  const stream = core.randomStream(1, 'jitter');
  const rows = y.length;
  const cells = Float64Array.from(X);
  for (let j = 0; j < columns; j++) {
    if (categorical.includes(j)) continue;
    const values = Float64Array.from({ length: rows }, (_, i) => X[i * columns + j]);
    const mean = values.reduce((sum, value) => sum + value / rows, 0);
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / rows, 0)) || 1;
    for (let i = 0; i < rows; i++) cells[i * columns + j] += 1e-6 * deviation * stream.normal();
  }
  return { X: cells, y, columns, categorical };
}

/** Columns of categories alone, for methods that take nothing else; a missing cell is a category, as the peer takes no other. */
function categoriesOf({ X, y, columns, categorical }) {
  const levels = new Float64Array(categorical.length);
  const cells = Float64Array.from({ length: y.length * categorical.length }, (_, at) => {
    const j = at % categorical.length;
    const code = X[Math.floor(at / categorical.length) * columns + categorical[j]];
    if (code >= levels[j]) levels[j] = code + 1;
    return code;
  });
  for (let at = 0; at < cells.length; at++) if (Number.isNaN(cells[at])) cells[at] = levels[at % categorical.length];
  return { X: cells, y, columns: categorical.length, categorical: categorical.map((_, j) => j) };
}

async function compare({ name, peer }, whole, folder, { runs, python }) {
  const set = name === 'smote-n' ? categoriesOf(whole) : whole;
  const files = Object.fromEntries(['x', 'y', 'ours', 'theirs'].map((file) => [file, join(folder, file)]));
  writeFileSync(files.x, new Uint8Array(set.X.buffer));
  writeFileSync(files.y, new Uint8Array(set.y.buffer));
  const shape = [files.x, files.y, String(set.columns), set.categorical.join(',')];
  const ours = (given, times) =>
    measured(process.execPath, [
      '--expose-gc',
      cell,
      name,
      JSON.stringify(given),
      times,
      ...shape,
      threads,
      files.ours,
    ]);
  const theirs = (given) =>
    measured(python, [peerScript('resample_tables.py'), peer, JSON.stringify(given), 1, ...shape, files.theirs]);
  const [mine, other] = [[], []];
  for (let turn = 0; turn < runs; turn++) {
    mine.push(await ours({ seed }, 1 + warmRuns));
    if (python) other.push(await theirs({ random_state: seed }));
  }
  let differing = null;
  if (python && name === 'smote-nc') {
    await ours({ seed, compat: 'imbalanced-learn' }, 1);
    differing = cellsApart(files.ours, files.theirs);
  }
  const middle = (list, of) => (list.length === 0 ? null : median(list.map(of)));
  return {
    method: name,
    rows: set.y.length,
    columns: set.columns,
    inputBytes: mine[0].input,
    cold: middle(mine, ({ seconds: all }) => all[0]),
    warm: middle(mine, ({ seconds: all }) => median(all.slice(1))),
    peer: middle(other, ({ seconds: all }) => all[0]),
    coldGrowth: middle(mine, ({ growth }) => growth[0]),
    warmGrowth: middle(mine, ({ growth }) => median(growth.slice(1))),
    peerGrowth: middle(other, ({ growth }) => growth[0]),
    differing,
    othersShare: Math.max(...[...mine, ...other].map(({ othersShare }) => othersShare ?? 0)),
  };
}

async function measured(command, args) {
  const env = { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };
  const { stdout, othersShare } = await measureSuccess(command, args.map(String), { env });
  return { ...JSON.parse(stdout.trim().split('\n').at(-1)), othersShare };
}

function cellsApart(ours, theirs) {
  const [a, b] = [ours, theirs].map(readNumbers);
  if (a.length !== b.length) return Math.max(a.length, b.length);
  let apart = 0;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i]) && a[i] !== b[i]) apart++;
  return apart;
}

function tableOf(results) {
  const shown = (value) => (value === null ? 'not known' : seconds(value));
  const grown = (bytes, input) =>
    bytes === null ? 'not known' : `${megabytes(bytes)} (${brief(bytes / input)} x the input)`;
  const agreement = ({ differing }) =>
    differing === null ? 'not compared' : differing === 0 ? 'same bits' : `${differing} cells differ`;
  return markdownTable([
    [
      'set',
      'method',
      'rows',
      'ours, cold',
      'ours, warm',
      'imbalanced-learn',
      'ratio, warm',
      'growth, cold',
      'growth, warm',
      'growth of imbalanced-learn',
      'rows with compat',
    ],
    ...results.map((result) => [
      result.set,
      result.method,
      result.rows,
      shown(result.cold),
      shown(result.warm),
      shown(result.peer),
      result.peer === null ? '' : `${brief(result.peer / result.warm)} x`,
      grown(result.coldGrowth, result.inputBytes),
      grown(result.warmGrowth, result.inputBytes),
      grown(result.peerGrowth, result.inputBytes),
      agreement(result),
    ]),
  ]);
}
