import * as core from '@counterweight/core';
import { encodedRows } from '../lib/encoded-rows.mjs';
import { meanOf, median } from '../lib/numbers.mjs';
import { pairedInterval } from '../lib/paired-interval.mjs';
import { configuration, withTemporaryFolder } from '../lib/places.mjs';
import { keepResults } from '../lib/results.mjs';
import { precisionOf, splitRows } from '../lib/split-rows.mjs';
import { markdownTable } from '../lib/table.mjs';

export const summary = 'categories to trees: a column of 0 and 1 a level beside splits by sets of levels';

export const options = {
  seeds: { type: 'string', default: '10', help: 'seeds: each with its split (default 10)' },
};

const TEST_PER_TRAINING = 3 / 7;
const learners = {
  'gradient boosting': (options) => core.gradientBoosting(options),
  'random forest': (options) => core.randomForest(options),
};

/** Both ways on the same rows: why `run` gives trees the columns that it gives every learner. */
export async function run({ options, data, machine, log }) {
  const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed);
  const runtime = await core.createKernelRuntime({ threads: 1 });
  const found = [];
  await withTemporaryFolder(async (folder) => {
    for (const set of configuration('categories-sets.json')) {
      const flags = encodedRows({ ...set, encoding: 'one-hot' }, data, folder);
      const codes = encodedRows({ ...set, encoding: 'codes' }, data, folder);
      if (!flags) {
        log(`${set.name} is not there`);
        continue;
      }
      for (const [learner, create] of Object.entries(learners)) {
        const cells = [];
        for (const seed of seeds) {
          const native = { seed, categoricalFeatures: codes.categorical };
          cells.push({
            flags: await cell(create({ seed }), splitRows(flags, seed, 'categories'), runtime),
            native: await cell(create(native), splitRows(codes, seed, 'categories'), runtime),
          });
        }
        found.push({ set: set.name, learner, columns: [flags.columns, codes.columns], cells });
        log(`${set.name}, ${learner}`);
      }
    }
  });
  await runtime.dispose();
  keepResults('categories', {
    title: 'Categories to trees: flags or sets',
    machine,
    sections: [
      `Average precision on 30 % of the rows, means of ${seeds.length} seeds. Flags: a column of 0 and 1 a level, as \`run\` encodes. Sets: \`categoricalFeatures\`, splits by sets of levels. The difference is sets less flags, with its 95 % interval (corrected for splits that share rows); time is the processor time of a fit with sets in that with flags (ratio of medians).`,
      table(found),
      closing(found),
    ],
    figures: { seeds: seeds.length, found },
  });
  return 0;
}

async function cell(learner, { train, test }, runtime) {
  const { user, system } = process.cpuUsage();
  const model = await learner.fit(train, { runtime });
  const used = process.cpuUsage({ user, system });
  const scores = (await model.predictProba(test.X, { runtime })).data.filter((_, at) => at % 2 === 1);
  return { value: precisionOf(scores, test.y.codes), seconds: (used.user + used.system) / 1e6 };
}

const valuesOf = (cells, way) => cells.map((one) => one[way].value);
const differenceOf = ({ cells }) =>
  pairedInterval(
    cells.map(({ flags, native }) => native.value - flags.value),
    TEST_PER_TRAINING,
  );
const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

function table(found) {
  return markdownTable([
    ['set', 'learner', 'columns: flags, sets', 'flags', 'sets', 'difference', 'time'],
    ...found.map((one) => {
      const { mean, low, high } = differenceOf(one);
      const time = (way) => median(one.cells.map((both) => both[way].seconds));
      return [
        one.set,
        one.learner,
        one.columns.join(', '),
        meanOf(valuesOf(one.cells, 'flags')).toFixed(3),
        meanOf(valuesOf(one.cells, 'native')).toFixed(3),
        `${signed(mean)} [${signed(low)}, ${signed(high)}]`,
        `${(time('native') / time('flags')).toFixed(2)} x`,
      ];
    }),
  ]);
}

/** Counts and means a learner. */
function closing(found) {
  const lines = Object.keys(learners).map((learner) => {
    const differences = found.filter((one) => one.learner === learner).map(differenceOf);
    const better = differences.filter(({ low }) => low > 0).length;
    const worse = differences.filter(({ high }) => high < 0).length;
    const mean = meanOf(differences.map((one) => one.mean));
    return `- ${learner}: sets significantly better on ${better} of ${differences.length}, worse on ${worse}; on average ${signed(mean)}.`;
  });
  return lines.join('\n');
}
