import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate, measureSuccess } from '../lib/measure.mjs';
import { brief, busyWarning, medians, megabytes, percent, seconds } from '../lib/numbers.mjs';
import {
  commandLine,
  configuration,
  peerScript,
  plainCsv,
  shippedDataFolder,
  withTemporaryFolder,
} from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';

const aboutPeers =
  'Peer "tuned" shares one encoding a fold among the strategies and takes the fastest solver; peer "as usual" is one imbalanced-learn pipeline a strategy with the default solver. Both use two processes with one BLAS thread each; "one process" is the tuned peer with two BLAS threads instead, which holds less memory. Neither bootstraps, draws or writes anything, which is to their advantage.';

export const summary = 'the whole experiment beside pandas, scikit-learn and imbalanced-learn';

export const options = {
  sets: { type: 'string', help: 'names from run-sets.json, separated by commas (default: all that are found)' },
  peers: { type: 'string', default: 'tuned,single,usual', help: 'which of the peers (default: all three)' },
};

const contendersOfPeer = [
  { name: 'peer, tuned', key: 'tuned' },
  { name: 'peer, tuned, one process', key: 'single' },
  { name: 'peer, as usual', key: 'usual' },
];

/** Times whole processes, ours and the peers' in turn, and lays the validation scores side by side. */
export async function run({ options, runs, python, data, machine, log }) {
  if (!python) throw new Error('the peer needs Python: --python PATH (bench/README.md tells how to make it)');
  const wanted = options.sets?.split(',');
  const peers = contendersOfPeer.filter(({ key }) => options.peers.split(',').includes(key));
  const sets = configuration('run-sets.json').filter(({ name }) => !wanted || wanted.includes(name));
  const results = [];
  await withTemporaryFolder(async (folder) => {
    for (const set of sets) {
      const path = locate(set, data, folder);
      if (!path) {
        log(`${set.name}: not found, left out`);
        continue;
      }
      results.push(await runSet({ set, path, folder, peers, runs, python, log }));
    }
  });
  if (results.length === 0) throw new Error('none of the data sets was found');
  keepResults('run', {
    title: 'The whole experiment, beside Python',
    machine,
    sections: [
      `Whole processes, ${runs} runs each, taken in turn; medians. Same file (plain CSV), same held-out share, folds, strategies, learner and metrics; two threads each. ${aboutPeers}`,
      timesTable(results),
      ...busyWarning(results.flatMap(({ contenders }) => contenders)),
      'Mean average precision over the folds, to show that both did the same work (folds and samples are drawn by different generators):',
      scoresTable(results),
    ],
    figures: { results },
  });
}

function locate(set, data, folder) {
  if (set.shipped) {
    const path = join(shippedDataFolder, set.shipped);
    return existsSync(path) ? path : null;
  }
  return data && plainCsv(data, set.name, folder);
}

async function runSet({ set, path, folder, peers, runs, python, log }) {
  const [program, entry] = commandLine();
  const ours = {
    name: 'counterweight',
    start: (turn) => {
      const out = join(folder, `${folderName(set)}-${turn}`);
      const args = [
        entry,
        'run',
        path,
        '--target',
        set.target,
        '--learners',
        'logistic',
        '--threads',
        '2',
        '--quiet',
        '--out',
        out,
      ];
      return measureSuccess(program, [...args, ...(set.args ?? [])]);
    },
  };
  const theirs = peers.map(({ name, key }) => ({
    name,
    start: () =>
      measureSuccess(python, [peerScript('run_experiment.py'), path, '--target', set.target, ...(set.peer[key] ?? [])]),
  }));
  const measured = await alternate([ours, ...theirs], runs, (name, turn, one) =>
    log(`${set.name}, ${name}, run ${turn + 1}: ${seconds(one.seconds)}, ${megabytes(one.peakBytes)}`),
  );
  const report = JSON.parse(readFileSync(join(folder, `${folderName(set)}-0`, 'report.json'), 'utf8'));
  const contenders = [...measured].map(([name, all]) => ({ name, ...medians(all) }));
  const peerReports = theirs.map(({ name }) => ({ name, ...JSON.parse(measured.get(name)[0].stdout) }));
  return {
    name: set.name,
    rows: report.data.rows,
    contenders,
    scores: scoresSideBySide(report, peerReports),
    peerPhases: peerReports.map(({ name, seconds, variant }) => ({ name, seconds, variant })),
  };
}

function scoresSideBySide(report, peerReports) {
  return report.strategies.map(({ treatment, validation }) => ({
    strategy: treatment,
    counterweight: validation.averagePrecision.value,
    ...Object.fromEntries(
      peerReports.map(({ name, strategies }) => [name, strategies[treatment]?.scores.averagePrecision ?? null]),
    ),
  }));
}

function timesTable(results) {
  const header = [
    'data',
    'rows',
    'contender',
    'median time',
    'time / ours',
    'processor time',
    'used by others',
    'peak memory',
    'memory / ours',
  ];
  const rows = results.flatMap(({ name, rows, contenders }) =>
    contenders.map((one) => [
      name,
      rows.toLocaleString('en'),
      one.name,
      seconds(one.seconds),
      brief(one.seconds / contenders[0].seconds),
      one.cpuSeconds === null ? 'not known' : seconds(one.cpuSeconds),
      percent(one.othersShare),
      megabytes(one.peakBytes),
      one.peakBytes && contenders[0].peakBytes ? brief(one.peakBytes / contenders[0].peakBytes) : 'not known',
    ]),
  );
  return markdownTable([header, ...rows]);
}

function scoresTable(results) {
  const names = results[0].contenders.map(({ name }) => name);
  const rows = results.flatMap(({ name, scores }) =>
    scores.map((row) => [name, row.strategy, ...names.map((contender) => row[contender]?.toFixed(4) ?? '')]),
  );
  return markdownTable([['data', 'strategy', ...names], ...rows]);
}

const folderName = ({ name }) => name.replaceAll(/\W+/g, '-');
