import { join } from 'node:path';
import * as core from '@counterweight/core';
import { encodedRows } from '../lib/encoded-rows.mjs';
import { measureSuccess } from '../lib/measure.mjs';
import { brief, meanOf, median, seconds } from '../lib/numbers.mjs';
import { configuration, made, peerScript, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { layOut, precisionOf, readNumbers, splitRows } from '../lib/split-rows.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary =
  'ensembles for imbalance and the random forest: time and average precision, beside imbalanced-learn and scikit-learn';

export const options = {
  threads: { type: 'string', default: '2', help: 'threads of each side (default 2)' },
};

const compared = ['random-forest', 'balanced-random-forest', 'balanced-bagging', 'easy-ensemble', 'rus-boost'];

/** Both sides are warm, hold the rows in memory, and may use as many threads; each turn has a seed and a split of its own. */
export async function run({ options, runs, python, data, machine, log }) {
  const threads = Number(options.threads);
  const runtime = await core.createKernelRuntime({ threads });
  const results = [];
  let version = null;
  await withTemporaryFolder(async (folder) => {
    for (const [index, set] of configuration('ensemble-sets.json').entries()) {
      const rows = encodedRows(set, data, folder);
      if (!rows) {
        log(`${set.name} is not there`);
        continue;
      }
      const place = made(folder, String(index));
      const turns = new Map(compared.map((name) => [name, []]));
      for (let turn = 0; turn < runs; turn++) {
        const parts = splitRows(rows, turn, 'ensembles bench');
        layOut(place, parts);
        for (const name of compared) {
          const ours = await ourTurn(name, parts, turn, runtime);
          const peer = python ? await peerTurn(python, place, rows.columns, name, turn, threads, parts) : null;
          version = peer?.version ?? version;
          turns.get(name).push({ ours, peer });
          log(`${set.name}, ${name}, run ${turn + 1}: ${seconds(ours.fit)} beside ${peer ? seconds(peer.fit) : '-'}`);
        }
      }
      for (const name of compared) results.push(summed(set.name, name, rows, turns.get(name)));
    }
  });
  await runtime.dispose();
  keepResults('ensembles', {
    title: `Ensembles for imbalance and the random forest, beside imbalanced-learn ${version ?? '(no Python)'} and scikit-learn`,
    machine,
    sections: [
      `Defaults of each side, ${threads} threads; the peer of the random forest is scikit-learn's, that of the others imbalanced-learn's; 7 rows in 10 train, 3 test. Each side is warm and holds the rows in memory; a fit includes the binning. ${runs} runs each, taken in turn, each with a split and a seed of its own; medians of times, means of average precision with their standard deviation over the runs. Members are those of the first run, ours before theirs. imbalanced-learn's RUSBoost ends at its first member worse than chance, so that its fit is not one of 50 rounds: compare the time per round below.`,
      markdownTable([
        ['set', 'ensemble', 'members', 'fit', 'peer', 'ratio', 'scoring', 'peer', 'ratio'],
        ...results.map((one) => [one.set, one.name, members(one), ...times(one, 'fit'), ...times(one, 'predict')]),
      ]),
      'RUSBoost, time per round: ours is the whole fit over the rounds that ran, binning included; theirs is the mean of the rounds alone, the last one included.',
      markdownTable([
        ['set', 'rounds', 'imbalanced-learn', 'time per round', 'imbalanced-learn', 'ratio'],
        ...results.filter((one) => one.ours.round).map((one) => [one.set, ...rounds(one)]),
      ]),
      markdownTable([
        ['set', 'ensemble', 'average precision', 'peer'],
        ...results.map((one) => [one.set, one.name, spread(one.ours), one.peer ? spread(one.peer) : '']),
      ]),
    ],
    figures: { threads, results },
  });
  return 0;
}

async function ourTurn(name, { train, test }, seed, runtime) {
  const ensemble = name === 'random-forest' ? core.randomForest({ seed }) : core.ensembles.get(name).create({ seed });
  let rounds = 0;
  const onProgress = ({ done }) => {
    rounds = done;
  };
  const begin = performance.now();
  const model = await ensemble.fit(train, { runtime, onProgress });
  const fitted = performance.now();
  const p = await model.predictProba(test.X, { runtime });
  const scored = performance.now();
  const scores = p.data.filter((_, i) => i % 2 === 1);
  return {
    fit: (fitted - begin) / 1000,
    predict: (scored - fitted) / 1000,
    members: name === 'easy-ensemble' ? null : (model.members ?? model.trees).length,
    averagePrecision: precisionOf(scores, test.y.codes),
    ...(name === 'rus-boost' ? { rounds, round: (fitted - begin) / 1000 / rounds } : {}),
  };
}

async function peerTurn(python, folder, columns, name, seed, threads, { test }) {
  const args = [peerScript('ensembles.py'), folder, columns, name, seed, threads].map(String);
  const told = JSON.parse((await measureSuccess(python, args)).stdout);
  return { ...told, averagePrecision: precisionOf(readNumbers(join(folder, 'scores')), test.y.codes) };
}

function summed(set, name, rows, turns) {
  const of = (side, figure) => turns.map((turn) => turn[side][figure]);
  const sideOf = (side) =>
    turns[0][side] && {
      fit: median(of(side, 'fit')),
      predict: median(of(side, 'predict')),
      members: of(side, 'members')[0],
      ...(turns[0][side].round ? { rounds: of(side, 'rounds')[0], round: median(of(side, 'round')) } : {}),
      averagePrecision: of(side, 'averagePrecision'),
    };
  return { set, name, rows: rows.y.length, columns: rows.columns, ours: sideOf('ours'), peer: sideOf('peer') };
}

/** Boosting may end early: members of both sides. */
const members = ({ ours, peer }) =>
  ours.members === null ? '10 x 50' : `${ours.members}${peer ? ` / ${peer.members}` : ''}`;

const rounds = ({ ours, peer }) => [
  String(ours.rounds),
  peer ? String(peer.rounds) : '',
  `${brief(1000 * ours.round)} ms`,
  peer ? `${brief(1000 * peer.round)} ms` : '',
  peer ? `${brief(ours.round / peer.round)} x` : '',
];

const times = ({ ours, peer }, figure) => [
  seconds(ours[figure]),
  peer ? seconds(peer[figure]) : '',
  peer ? `${brief(ours[figure] / peer[figure])} x` : '',
];

function spread({ averagePrecision }) {
  const mean = meanOf(averagePrecision);
  if (averagePrecision.length === 1) return mean.toFixed(4);
  const squares = averagePrecision.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${mean.toFixed(4)} ± ${Math.sqrt(squares / Math.max(1, averagePrecision.length - 1)).toFixed(4)}`;
}
