import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure, measureSuccess } from '../lib/measure.mjs';
import { seconds } from '../lib/numbers.mjs';
import { commandLine, configuration, peerScript, plainCsv, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'every held-out metric recomputed by scikit-learn; same bytes with 1 and 2 threads';

export const options = {
  sets: { type: 'string', help: 'names from agreement-sets.json, separated by commas (default: all)' },
};

const outputs = ['report.json', 'model.json', 'predictions.parquet', 'report.html'];

/** Ends with 1 if a run fails, a value differs, or the number of threads changes a byte. */
export async function run({ options, python, data, machine, log }) {
  if (!python) throw new Error('the check needs Python: --python PATH (bench/README.md tells how to make it)');
  if (!data) throw new Error('the check needs the data sets: --data DIR');
  const wanted = options.sets?.split(',');
  const sets = configuration('agreement-sets.json').filter(({ name }) => !wanted || wanted.includes(name));
  const results = [];
  await withTemporaryFolder(async (folder) => {
    for (const set of sets) {
      const result = await checkSet(set, plainCsv(data, set.name, folder), folder, python);
      const state = result.problems.length === 0 ? 'agrees' : result.problems.join('; ');
      log(`${set.name}: ${state} (${result.seconds ? seconds(result.seconds) : 'not run'})`);
      results.push(result);
    }
  });
  if (wanted === undefined) keep(results, machine);
  else process.stdout.write(`${resultsTable(results)}\n`);
  return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

async function checkSet(set, path, folder, python) {
  const base = { name: set.name, kind: set.kind };
  if (!path) return { ...base, problems: ['the data set was not found'] };
  const out = join(folder, `${set.name}-run`);
  const measured = await runSet(set, path, out, 2);
  if (measured.code !== 0) {
    return { ...base, seconds: measured.seconds, problems: [`ended with ${measured.code}: ${measured.stderr.trim()}`] };
  }
  const positive = set.positive ? ['--positive', set.positive] : [];
  const checker = await measureSuccess(python, [
    peerScript('check_agreement.py'),
    out,
    path,
    '--target',
    set.target,
    ...positive,
  ]);
  const { failures, ...counts } = JSON.parse(checker.stdout);
  const threads = set.threads ? await compareThreads(set, path, out, folder) : null;
  return {
    ...base,
    seconds: measured.seconds,
    ...counts,
    threads,
    problems: [...failures, ...(threads?.different ?? [])],
  };
}

function runSet({ target, args = [], positive }, path, out, threads) {
  const [program, entry] = commandLine();
  const more = positive ? [...args, '--positive', positive] : args;
  return measure(program, [
    entry,
    'run',
    path,
    '--target',
    target,
    '--learners',
    'logistic',
    '--threads',
    String(threads),
    '--quiet',
    '--out',
    out,
    ...more,
  ]);
}

async function compareThreads(set, path, out, folder) {
  const single = join(folder, `${set.name}-single`);
  const measured = await runSet(set, path, single, 1);
  if (measured.code !== 0) return { different: [`with one thread it ended with ${measured.code}`] };
  const different = outputs.filter((name) => digest(join(out, name)) !== digest(join(single, name)));
  return { different: different.map((name) => `${name} differs between 1 and 2 threads`) };
}

const digest = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

function keep(results, machine) {
  const problems = results.flatMap(({ name, problems }) => problems.map((problem) => `- ${name}: ${problem}`));
  keepResults('agreement', {
    title: 'Held-out metrics, recomputed by scikit-learn',
    machine,
    sections: [
      'Each set is run once; predictions.parquet and the input give the truth, the scores and the decisions, from which scikit-learn and imbalanced-learn recompute every metric at every threshold of the report, the confusion matrix, the reliability bins with their Wilson intervals, the curves and the threshold sweep. Differences are relative above 1; 1e-9 is allowed. "Same bytes": report.json, model.json, predictions.parquet and report.html of a run with one thread equal those with two.',
      resultsTable(results),
      problems.length === 0 ? 'No value differs.' : `Problems:\n\n${problems.join('\n')}`,
    ],
    figures: { results },
  });
}

function resultsTable(results) {
  const header = [
    'data',
    'kind',
    'held-out rows',
    'chosen',
    'values compared',
    'largest difference',
    'same bytes',
    'time',
    'verdict',
  ];
  const rows = results.map((one) => [
    one.name,
    one.kind,
    one.heldOutRows?.toLocaleString('en') ?? '',
    one.chosen ?? '',
    one.compared ?? '',
    one.largestDifference?.toExponential(1) ?? '',
    one.threads ? (one.threads.different.length === 0 ? 'yes' : 'no') : '',
    one.seconds ? seconds(one.seconds) : '',
    one.problems.length === 0 ? 'agrees' : `${one.problems.length} problems`,
  ]);
  return markdownTable([header, ...rows]);
}
