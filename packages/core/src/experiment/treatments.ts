import type { Dataset } from '../data/dataset.ts';
import { type Labels, subsetLabels } from '../data/labels.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import { randomOver } from '../resample/over/random-over.ts';
import { smote } from '../resample/over/smote.ts';
import { randomUnder } from '../resample/under/random-under.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';

/** What a treatment makes of the training rows, and the class shares that the learner then sees. */
export interface Treated {
  readonly data: Dataset;
  /** Share of the total weight a class, in the order of the classes; sums to 1. */
  readonly seenShares: Float64Array;
  readonly notices: readonly Notice[];
}

/** Something done about the imbalance before a learner sees the rows. */
export interface Treatment {
  readonly name: string;
  /** For people: "random over-sampling". */
  readonly label: string;
  treat(data: Dataset, seed: number, options?: RunOptions): Promise<Treated>;
}

/** Share of the total weight a class. */
export function weightShares(y: Labels, weights?: Float64Array): Float64Array {
  const shares = new Float64Array(y.classes.length);
  let total = 0;
  for (let i = 0; i < y.codes.length; i++) {
    const weight = weights ? weights[i]! : 1;
    shares[y.codes[i]!]! += weight;
    total += weight;
  }
  return shares.map((share) => share / total);
}

const none: Treatment = {
  name: 'none',
  label: 'doing nothing',
  treat: async (data) => ({ data, seenShares: weightShares(data.y, data.weights), notices: [] }),
};

/** Weights inversely proportional to class frequency, n / (classes · n_c): scikit-learn's `balanced`. */
const classWeight: Treatment = {
  name: 'class-weight',
  label: 'class weights',
  treat: async (data) => {
    const counts = new Float64Array(data.y.classes.length);
    for (let i = 0; i < data.y.codes.length; i++) counts[data.y.codes[i]!]!++;
    const present = counts.filter((count) => count > 0).length;
    const rows = data.y.codes.length;
    const weights = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const own = data.weights ? data.weights[i]! : 1;
      weights[i] = (own * rows) / (present * counts[data.y.codes[i]!]!);
    }
    return { data: { ...data, weights }, seenShares: weightShares(data.y, weights), notices: [] };
  },
};

const underSampling: Treatment = {
  name: 'random-under',
  label: 'random under-sampling',
  treat: async (data, seed) => {
    const { source, notices } = randomUnder({ seed }).selectRows(data.y);
    const y = subsetLabels(data.y, source);
    const weights = data.weights && Float64Array.from(source, (row) => data.weights![row]!);
    const treated: Dataset = { X: selectNumericRows(data.X, source), y, weights };
    return { data: treated, seenShares: weightShares(y, weights), notices };
  },
};

/** Copies of a row are the row with a larger weight, so no feature is copied: any learner that honours weights sees the same. */
const overSampling: Treatment = {
  name: 'random-over',
  label: 'random over-sampling',
  treat: async (data, seed) => {
    const { source, notices } = randomOver({ seed }).selectRows(data.y);
    const weights = new Float64Array(data.y.codes.length);
    for (let i = 0; i < source.length; i++) weights[source[i]!]! += data.weights ? data.weights[source[i]!]! : 1;
    return { data: { ...data, weights }, seenShares: weightShares(data.y, weights), notices };
  },
};

const syntheticOverSampling: Treatment = {
  name: 'smote',
  label: 'SMOTE',
  treat: async (data, seed, options) => {
    const { data: resampled, notices } = await smote({ seed, onTooFew: 'random' }).resample(data, options);
    return { data: resampled, seenShares: weightShares(resampled.y, resampled.weights), notices };
  },
};

const treatments: readonly Treatment[] = [none, classWeight, underSampling, overSampling, syntheticOverSampling];

export const treatmentNames: readonly string[] = treatments.map(({ name }) => name);

/** Throws `unknown-strategy`. */
export function treatmentNamed(name: string): Treatment {
  const found = treatments.find((treatment) => treatment.name === name);
  if (found) return found;
  throw new CounterweightError(
    'unknown-strategy',
    `no strategy is called "${name}"; there are ${treatmentNames.join(', ')}`,
  );
}
