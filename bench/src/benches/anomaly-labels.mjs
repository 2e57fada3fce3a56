import * as core from '@counterweight/core';
import { evidenceRows, evidenceSplit, inTwo } from '../ensemble-evidence/rows.mjs';
import { meanOf } from '../lib/numbers.mjs';
import { configuration, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'how many labelled rows of the rare class make a learner better than a detector without any';

export const options = {
  seeds: { type: 'string', default: '5', help: 'seeds: each with its split and its draw of labels (default 5)' },
};

const LABELLED = [2, 5, 10, 20, 50, 100];
const detectors = [
  'isolation-forest',
  'extended-isolation-forest',
  'ecod',
  'mahalanobis',
  'minimum-covariance-determinant',
];
const learners = {
  'logistic-regression': () => core.logisticRegression({ tolerance: 1e-5 }),
  'random-forest': (seed) => core.randomForest({ seed }),
};

/**
 * Detectors are fitted to all training rows without labels. Learners get so many rows of the rare class, drawn at random, and all
 * ordinary ones; `both` is the random forest with the out-of-fold scores of three detectors as further columns.
 */
export async function run({ options, data, machine, log }) {
  const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed);
  const runtime = await core.createKernelRuntime({ threads: 2 });
  const found = [];
  await withTemporaryFolder(async (folder) => {
    for (const set of configuration('anomaly-evidence-sets.json').filter(({ labels }) => labels)) {
      const rows = evidenceRows(set, data, folder);
      if (!rows) {
        log(`${set.name} is not there`);
        continue;
      }
      for (const seed of seeds) {
        found.push(...(await oneSplit(set, evidenceSplit(inTwo(rows, set.positive), seed), seed, runtime)));
        log(`${set.name}, seed ${seed}`);
      }
    }
  });
  await runtime.dispose();
  keepResults('anomaly-labels', {
    title: 'How many labels make a learner better than a detector',
    machine,
    sections: [
      `Mean average precision on test rows over ${seeds.length} seeds. Detectors see no labels. Learners see all ordinary training rows and so many of the rare class. "both" is the random forest with the out-of-fold scores of isolation forest, ECOD and Mahalanobis distance as further columns.`,
      table(found),
    ],
    figures: { seeds: seeds.length, found },
  });
  return 0;
}

async function oneSplit(set, { train, test }, seed, runtime) {
  const found = [];
  const keep = (method, labels, scores) =>
    found.push({
      set: set.name,
      seed,
      method,
      labels,
      value: core.averagePrecision({ scores, truth: test.y.codes, positive: 1 }),
    });
  for (const name of detectors) {
    const entry = core.detectors.find((one) => one.name === name);
    const model = await entry.create(entry.draws ? { seed } : {}).fit(train.X, { runtime });
    keep(name, 0, await model.score(test.X, { runtime }));
  }
  const widened = await core.anomalyFeatures(
    train.X,
    { detectors: [core.isolationForest({ seed }), core.ecod(), core.mahalanobis()], seed },
    { runtime },
  );
  const wideTest = await widened.transform(test.X, { runtime });
  const rare = Int32Array.from(train.y.codes.keys()).filter((row) => train.y.codes[row] === 1);
  core.randomStream(seed, 'labels').shuffle(rare);
  for (const labels of LABELLED.filter((count) => count < rare.length).concat(rare.length)) {
    const hidden = new Set(rare.subarray(labels));
    const kept = Int32Array.from(train.y.codes.keys()).filter((row) => !hidden.has(row));
    const part = (X) => ({
      X: core.selectNumericRows(X, kept),
      y: { codes: Int32Array.from(kept, (row) => train.y.codes[row]), classes: train.y.classes },
    });
    const told = labels === rare.length ? 'all' : labels;
    const predict = async (learner, X, tested) => {
      const model = await learner.fit(part(X), { runtime });
      return (await model.predictProba(tested, { runtime })).data.filter((_, at) => at % 2 === 1);
    };
    for (const [name, create] of Object.entries(learners))
      keep(name, told, await predict(create(seed), train.X, test.X));
    keep('both', told, await predict(learners['random-forest'](seed), widened.X, wideTest));
  }
  return found;
}

function table(found) {
  const sets = [...new Set(found.map(({ set }) => set))];
  const kinds = [...new Map(found.map((one) => [`${one.method}|${one.labels}`, one])).values()];
  const order = [0, ...LABELLED, 'all'];
  kinds.sort((a, b) => order.indexOf(a.labels) - order.indexOf(b.labels));
  const value = (set, { method, labels }) => {
    const own = found.filter((one) => one.set === set && one.method === method && one.labels === labels);
    return own.length > 0 ? meanOf(own.map((one) => one.value)).toFixed(3) : '';
  };
  return markdownTable([
    ['labels', 'method', ...sets],
    ...kinds.map((kind) => [kind.labels, kind.method, ...sets.map((set) => value(set, kind))]),
  ]);
}
