import type { Notice } from '../../runtime/notices.ts';
import type { RandomStream } from '../../runtime/random.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import type { Work } from '../../runtime/work.ts';
import type { BinnedRows } from './binned-rows.ts';
import type { BoostingRules } from './boosting-options.ts';
import type { BoostingScores } from './boosting-scores.ts';
import type { Watch } from './early-stopping.ts';
import { fixGradients, type GradientRecords, type RecordWeights } from './gradient-records.ts';
import { type GrowthRules, treeGrower } from './grow-tree.ts';
import { type SplitBar, splitBar } from './split-bar.ts';
import type { TreeSum } from './tree-sum.ts';

/** What boosting runs on. */
export interface BoostingParts {
  readonly binned: BinnedRows;
  /** Bins with the features that `leastRows` left out. */
  readonly binAll: () => Promise<BinnedRows>;
  readonly weights: RecordWeights;
  readonly scores: BoostingScores;
  readonly rules: BoostingRules;
  readonly stream: RandomStream;
  readonly watch?: Watch | undefined;
  /** Whether a round in which nothing is split is the end, as long as nothing is drawn. */
  readonly endsUnsplit: boolean;
  readonly run: RunOptions | undefined;
}

export interface BoostedRounds {
  readonly trees: TreeSum['trees'];
  readonly iterations: number;
  /** What stood in the way of the last round, where boosting ended by itself. */
  readonly bar: SplitBar | undefined;
}

/** Rounds of boosting: each takes gradients at the scores, grows a tree an output and adds it to them. */
export async function boostRounds(
  work: Work,
  { binned, binAll, weights, scores, rules, stream, watch, endsUnsplit, run }: BoostingParts,
): Promise<BoostedRounds> {
  const count = binned.rows;
  const growth = growthRules(rules, weights.counted, binned.features.length);
  const grower = treeGrower(work, binned, growth);
  const trees: TreeSum['trees'][number][] = [];
  const records = work.memory.float64(2 * (count + 1));
  const fixedRows = rules.subsample === 1 && rules.maxFeatures === 1;
  let bar: SplitBar | undefined;
  let iterations = 0;
  while (iterations < rules.maxIterations) {
    await scores.beginRound();
    let split = false;
    let fixed: GradientRecords | undefined;
    for (let output = 0; output < scores.outputs; output++) {
      await scores.gradients(output, records);
      fixed = await fixGradients(work, records.address, count, weights);
      const own = stream.child('tree', iterations, output);
      if (rules.subsample < 1) leaveOut(records.view(), count, rules.subsample, own);
      const grown = grower.grow(fixed, undefined, rules.learningRate, own);
      grower.addTo(scores.address(output), grown);
      trees.push(Object.freeze({ output, tree: grown.tree }));
      if (grown.tree.feature.length > 1) split = true;
    }
    run?.onProgress?.({ task: 'gradient-boosting', done: iterations + 1, total: rules.maxIterations });
    if (!split && endsUnsplit && fixedRows) {
      trees.length -= scores.outputs;
      bar = splitBar(work, await binAll(), growth, fixed!);
      break;
    }
    iterations++;
    if (watch && !watch.addRound(trees.slice(-scores.outputs))) break;
    await work.breathe();
  }
  return { trees, iterations, bar };
}

/** Rows are left out by records of zeros: they still get scores, but count and teach nothing. */
function leaveOut(records: Float64Array, rows: number, share: number, stream: { integer(n: number): number }): void {
  const out = rows - Math.max(1, Math.round(rows * share));
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  for (let i = 0; i < out; i++) {
    const j = i + stream.integer(rows - i);
    const row = order[j]!;
    order[j] = order[i]!;
    records[2 * row] = 0;
    records[2 * row + 1] = 0;
  }
}

const minRows = ({ minSamplesLeaf }: BoostingRules, rows: number) =>
  minSamplesLeaf ?? Math.min(20, Math.ceil(rows / 10));

/** Rows that a feature must have off its commonest value to be of use: 1 where that cannot be told, or changes draws. */
export function leastRows(rules: BoostingRules, { counts, counted }: RecordWeights): number {
  return counts || rules.maxFeatures < 1 ? 1 : minRows(rules, counted);
}

function growthRules(rules: BoostingRules, rows: number, features: number): GrowthRules {
  return {
    l1: rules.l1Regularization,
    l2: rules.l2Regularization,
    maxStep: rules.maxLeafStep,
    minGain: rules.minGain,
    minRows: minRows(rules, rows),
    minHessian: rules.minHessianLeaf,
    monotone: rules.monotonicConstraints,
    categorySmooth: 10,
    categoryL2: 10,
    mostCategories: 32,
    maxLeaves: rules.maxLeafNodes,
    maxDepth: rules.maxDepth,
    growth: rules.growth,
    maxFeatures: Math.max(1, Math.round(rules.maxFeatures * features)),
  };
}

const reasons: Readonly<Record<SplitBar, string>> = {
  gain: 'no split gains anything any more',
  minGain: 'no split gains more than minGain any more',
  minSamplesLeaf: 'no split that gains anything leaves minSamplesLeaf rows on both sides',
  minHessianLeaf:
    'no split that gains anything leaves Hessians of minHessianLeaf on both sides; are weights very small?',
};

/** A notice where boosting ended by itself. */
export function fewerRounds({ iterations: rounds, bar = 'gain' }: BoostedRounds, asked: number): Notice[] {
  if (rounds === asked) return [];
  return [
    {
      code: 'fewer-rounds',
      severity: 'info',
      message: `boosting stopped after ${rounds} of ${asked} rounds: ${reasons[bar]}`,
      numbers: { rounds, asked },
    },
  ];
}
