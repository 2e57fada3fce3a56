import { join } from 'node:path';
import * as core from '@counterweight/core';
import { keptCells } from '../ensemble-evidence/cells.mjs';
import { methods } from '../ensemble-evidence/methods.mjs';
import { oneSplit, readSets } from '../ensemble-evidence/one-split.mjs';
import { report } from '../ensemble-evidence/report.mjs';
import { keptFolder, withTemporaryFolder } from '../lib/places.mjs';

export const summary = 'which strategies are worth comparing by default: ours alone, on many small and middling sets';

export const options = {
  seeds: { type: 'string', default: '3', help: 'seeds: each with its split (default 3)' },
  redo: { type: 'string', help: 'methods, separated by commas, whose cells are done anew' },
};

const candidates = new Set([
  'logistic-regression',
  'class-weight/logistic',
  'smote/logistic',
  'linear-discriminant',
  'gradient-boosting',
  'class-weight/gradient-boosting',
  'random-under/gradient-boosting',
  'smote/gradient-boosting',
  'random-forest',
  'class-weight/random-forest',
  'extra-trees',
  'balanced-random-forest',
  'under-bagging',
  'easy-ensemble',
  'self-paced-ensemble',
  'balance-cascade',
  'ada-boost-m2',
  'voting',
]);

const portfolios = [
  ['logistic-regression'],
  ['logistic-regression', 'class-weight/logistic', 'smote/logistic'],
  ['gradient-boosting'],
  ['gradient-boosting', 'class-weight/gradient-boosting', 'smote/gradient-boosting', 'random-under/gradient-boosting'],
  ['logistic-regression', 'gradient-boosting'],
  ['logistic-regression', 'gradient-boosting', 'random-forest'],
  ['logistic-regression', 'gradient-boosting', 'random-forest', 'balanced-random-forest'],
  ['logistic-regression', 'gradient-boosting', 'random-forest', 'balanced-random-forest', 'easy-ensemble'],
  ['voting'],
  ['voting', 'easy-ensemble'],
];

/** The same measure as `ensemble-evidence`, on other sets. Cells are kept as they end. */
export async function run({ options, data, machine, log }) {
  const redo = new Set(options.redo?.split(','));
  const cells = keptCells(join(keptFolder('cells'), 'portfolio.jsonl'), ({ method }) => redo.has(method));
  const compared = methods.filter(({ name }) => candidates.has(name));
  const runtime = await core.createKernelRuntime({ threads: 1 });
  const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed);
  await withTemporaryFolder(async (folder) => {
    const sets = readSets('portfolio-sets.json', data, folder, log);
    const doing = { methods: compared, cells, ofSide: (side) => side === 'ours', libraries: new Map(), runtime, log };
    for (const seed of seeds) for (const set of sets) await oneSplit(set, seed, doing);
    const title = 'Strategies on many sets';
    report({ name: 'portfolio', title, methods: compared, sets, seeds, cells, machine, portfolios });
  });
  await runtime.dispose();
  return 0;
}
