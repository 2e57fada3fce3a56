import type { Dataset } from '../data/dataset.ts';
import type { Model } from '../learn/learner.ts';
import { trainingRows } from '../learn/logistic-data.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import { checkWhole } from '../resample/options.ts';
import { smote } from '../resample/over/smote.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { memberOf } from './balanced-bagging.ts';
import type { EnsembleLearner } from './balanced-random-forest.ts';
import { combinedModel } from './combined-model.ts';
import { checkMember, type MemberOptions, memberOptionNames } from './member-base.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { drawWith, rowUnits } from './row-units.ts';
import { unitRows } from './unit-rows.ts';

export interface SmoteBaggingOptions extends EnsembleOptions, MemberOptions {
  /** Neighbours of SMOTE. Default 5. */
  readonly kNeighbors?: number | undefined;
}

/**
 * SMOTEBagging (Wang and Yao 2009): each class is brought to the size of the largest, a share of it by draws with replacement,
 * the rest by SMOTE; the share goes from a tenth for the first member to all for the last, which makes members differ.
 * 10 members, trees without a `learner`.
 */
export function smoteBagging(options: SmoteBaggingOptions = {}): EnsembleLearner {
  const name = 'smote-bagging';
  checkEnsemble(name, options, ['kNeighbors', ...memberOptionNames]);
  checkWhole('kNeighbors', options.kNeighbors, 1);
  checkMember(options);
  const { nEstimators = 10, seed = 0, kNeighbors = 5, ...base } = options;
  const fit = async (data: Dataset, run?: RunOptions) => {
    const training = trainingRows(data);
    const units = rowUnits(training);
    const source = unitRows(data, training, units);
    const order = units.order.map((place) => training.present[place]!);
    const members: Model[] = [];
    const notices: Notice[] = absentClasses(data.y.classes, training.present);
    for (let m = 0; m < nEstimators; m++) {
      throwIfAborted(run?.signal);
      const stream = randomStream(seed, name).child('bag', m);
      const { bag, notices: found } = await mixedBag(
        source,
        order,
        stream,
        drawnShare(m, nEstimators),
        kNeighbors,
        run,
      );
      for (const notice of found) if (!notices.some(({ code }) => code === notice.code)) notices.push(notice);
      members.push(await memberOf(base, stream.child('member').uint32()).fit(bag, run));
      run?.onProgress?.({ task: name, done: m + 1, total: nEstimators });
    }
    const { classes } = data.y;
    return combinedModel({ name, classes, columns: data.X.columns, combine: 'mean', members, notices });
  };
  return Object.freeze({ name, fit });
}

/** Share of a smaller class that is drawn and not made: from 0.1 to 1 in even steps. */
export function drawnShare(member: number, members: number): number {
  return members > 1 ? 0.1 + (0.9 * member) / (members - 1) : 1;
}

/** The bag as weights over the rows and the new rows behind them. */
async function mixedBag(
  source: Dataset,
  order: readonly number[],
  stream: ReturnType<typeof randomStream>,
  share: number,
  kNeighbors: number,
  run: RunOptions | undefined,
): Promise<{ readonly bag: Dataset; readonly notices: readonly Notice[] }> {
  const { X, y, weights } = source;
  const rows = y.classes.map(() => [] as number[]);
  y.codes.forEach((code, row) => {
    rows[code]!.push(row);
  });
  const largest = Math.max(...rows.map((own) => own.length));
  const counts = new Float64Array(X.rows);
  const targets = new Map<string | number, number>();
  for (const code of order) {
    const own = Int32Array.from(rows[code]!);
    const drawn = own.length === largest ? largest : Math.max(1, Math.round(share * largest));
    for (const row of drawWith(stream, own, drawn)) counts[row]!++;
    if (drawn < largest) targets.set(y.classes[code]!, own.length + largest - drawn);
  }
  const drawnWeights = counts.map((count, row) => count * weights![row]!);
  if (targets.size === 0) return { bag: { X, y, weights: drawnWeights }, notices: [] };
  const sampler = smote({ samplingStrategy: targets, kNeighbors, seed: stream.uint32(), onTooFew: 'random' });
  const { data, notices } = await sampler.resample({ X, y, weights }, run);
  const mixed = Float64Array.from(data.y.codes, (_code, row) =>
    row < X.rows ? drawnWeights[row]! : (data.weights?.[row] ?? 1),
  );
  return { bag: { X: data.X, y: data.y, weights: mixed }, notices };
}
