import type { Dataset } from '../data/dataset.ts';
import { subsetDataset } from '../data/subset-dataset.ts';
import type { Model } from '../learn/learner.ts';
import { trainingRows } from '../learn/logistic-data.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import { addVotes } from '../learn/votes.ts';
import { spider } from '../resample/under/spider.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { memberOf } from './balanced-bagging.ts';
import { combinedModel } from './combined-model.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { checkMember, type MemberOptions, memberOptionNames } from './member-base.ts';
import { checkSampler, type MemberSampler, treatedRows } from './member-parts.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { presentShares } from './present-shares.ts';
import { rowUnits } from './row-units.ts';
import { unitRows } from './unit-rows.ts';
import { ownVotes } from './votes.ts';

export interface IiVotesOptions extends EnsembleOptions, MemberOptions {
  /** Treats each sample, best from the member's own seed. Default SPIDER, which repeats and removes noisy rows. */
  readonly sampler?: MemberSampler | undefined;
  /** Rows of a sample as a share of all. Default 0.5. */
  readonly maxSamples?: number | undefined;
}

/**
 * IIVotes (Błaszczyński et al. 2010): members learn from samples by importance (Breiman 1999, "pasting small votes"), each treated by a resampler.
 * A row drawn comes in if the members that did not see it vote for another class, else with the chance e / (1 - e) of their
 * error e, so that half a sample is rows that are still hard. A sample that its treatment leaves without a class is taken
 * untreated, which a notice tells of. 10 members, all of them made; trees without a `learner`.
 */
export function iiVotes(options: IiVotesOptions = {}): EnsembleLearner {
  const name = 'ii-votes';
  checkEnsemble(name, options, ['sampler', 'maxSamples', ...memberOptionNames]);
  checkMember(options);
  checkSampler(options.sampler);
  const { nEstimators = 10, seed = 0, maxSamples = 0.5, ...rest } = options;
  const { sampler = (own: number) => spider({ seed: own }), ...base } = rest;
  if (!(maxSamples > 0 && maxSamples <= 1))
    throw new CounterweightError('bad-option', `maxSamples must lie above 0 and at most at 1, got ${maxSamples}`);
  const fit = async (data: Dataset, run?: RunOptions) => {
    const training = trainingRows(data);
    const { present } = training;
    const { classes } = data.y;
    const own = unitRows(data, training, rowUnits(training));
    const labels = own.y.codes.map((code) => present.indexOf(code));
    const count = labels.length;
    const votes = new Float64Array(count * present.length);
    const voters = new Int32Array(count);
    const members: Model[] = [];
    const notices: Notice[] = absentClasses(classes, present);
    for (let m = 0; m < nEstimators; m++) {
      throwIfAborted(run?.signal);
      const stream = randomStream(seed, name).child('member', m);
      const wrong = wrongRows(votes, voters, labels, present.length);
      const rows = importanceSample(
        stream.child('sample'),
        labels,
        present.length,
        wrong,
        Math.ceil(maxSamples * count),
      );
      const sample = subsetDataset(own, rows);
      const treated = await treatedRows(sampler, stream.uint32(), sample, notices, run);
      const model = await memberOf(base, stream.child('member').uint32()).fit(treated.data, run);
      members.push(model);
      run?.onProgress?.({ task: name, done: m + 1, total: nEstimators });
      if (m + 1 === nEstimators) break;
      const shares = presentShares(await model.predictProba(own.X, run), present);
      countUnseen(votes, voters, shares, rows, present.length);
    }
    return combinedModel({ name, classes, columns: data.X.columns, combine: 'mean', members, notices });
  };
  return Object.freeze({ name, fit });
}

/** The part of each row's votes that is against it; 1 where nobody voted. */
function wrongRows(votes: Float64Array, voters: Int32Array, labels: Int32Array, classes: number): Float64Array {
  const right = ownVotes(votes, labels, classes);
  return right.map((share, row) => (voters[row] === 0 ? 1 : 1 - share));
}

/** However few rows are still wrong: so many draws in a thousand come in all the same, and a sample always fills. */
const LEAST_ERROR = 1e-3;

/** As many rows, drawn with replacement by importance, ascending; a class that was missed gets one of its rows. */
export function importanceSample(
  stream: RandomStream,
  labels: Int32Array,
  classes: number,
  wrong: Float64Array,
  size: number,
): Int32Array {
  const count = labels.length;
  const error = Math.min(0.5, Math.max(LEAST_ERROR, wrong.reduce((sum, one) => sum + one, 0) / count));
  const chance = error / (1 - error);
  const rows: number[] = [];
  const held = new Uint8Array(classes);
  while (rows.length < size) {
    const row = stream.integer(count);
    const open = wrong[row]! + (1 - wrong[row]!) * chance;
    if (open < 1 && stream.uniform() >= open) continue;
    rows.push(row);
    held[labels[row]!] = 1;
  }
  const missed = [...labels.keys()].filter((row) => held[labels[row]!] === 0);
  for (const row of stream.shuffle(missed)) {
    if (held[labels[row]!]) continue;
    held[labels[row]!] = 1;
    rows.push(row);
  }
  return Int32Array.from(rows).sort();
}

function countUnseen(
  votes: Float64Array,
  voters: Int32Array,
  shares: Float64Array,
  seen: Int32Array,
  classes: number,
): void {
  const own = new Float64Array(votes.length);
  addVotes(own, shares, classes, 1);
  const inside = new Uint8Array(voters.length);
  for (const row of seen) inside[row] = 1;
  for (let row = 0; row < voters.length; row++) {
    if (inside[row]) continue;
    voters[row]!++;
    for (let k = 0; k < classes; k++) votes[row * classes + k]! += own[row * classes + k]!;
  }
}
