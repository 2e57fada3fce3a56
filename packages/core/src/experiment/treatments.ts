import type { Dataset } from '../data/dataset.ts';
import { type ClassLabel, type Labels, subsetLabels } from '../data/labels.ts';
import { nearestName } from '../data/nearest-name.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import { ensembles } from '../ensemble/registry.ts';
import { quoted } from '../resample/class-counts.ts';
import { randomOver } from '../resample/over/random-over.ts';
import { smote } from '../resample/over/smote.ts';
import { resamplers } from '../resample/registry.ts';
import type { ResamplerEntry } from '../resample/registry-entry.ts';
import type { Resampler } from '../resample/resampler.ts';
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

/**
 * A resampler as a treatment. `make` is given the seed; a resampler that carries its own ignores it. `bounded` makes one that
 * leaves each class at least as large as the smallest, for where the other leaves a class without a row.
 */
export function resamplerTreatment(
  name: string,
  label: string,
  make: (seed: number) => Resampler,
  bounded?: (seed: number) => Resampler,
): Treatment {
  const treat: Treatment['treat'] = async (data, seed, options) => {
    const { data: resampled, notices } = await make(seed).resample(data, options);
    const gone = vanishedClass(data.y, resampled.y);
    if (gone === undefined) {
      return { data: resampled, seenShares: weightShares(resampled.y, resampled.weights), notices };
    }
    if (!bounded) throw vanished(name, gone);
    const instead = await resamplerTreatment(name, label, bounded).treat(data, seed, options);
    return { ...instead, notices: [...instead.notices, boundedNotice(name, gone)] };
  };
  return { name, label, treat };
}

function vanishedClass(before: Labels, after: Labels): ClassLabel | undefined {
  const had = presentClasses(before);
  const has = presentClasses(after);
  return before.classes.find((_, code) => had[code] === 1 && has[code] === 0);
}

function vanished(name: string, gone: ClassLabel): CounterweightError {
  const message = `${name} removed every row of class ${quoted(gone)}; leave it out of the strategies`;
  return new CounterweightError('class-vanished', message, { class: gone });
}

const boundedNotice = (name: string, gone: ClassLabel): Notice => ({
  code: 'cleaning-bounded',
  severity: 'warning',
  message: `${name} would have removed every row of class ${quoted(gone)}, so no class was cleaned below the size of the smallest`,
  class: gone,
});

function presentClasses({ codes, classes }: Labels): Uint8Array {
  const present = new Uint8Array(classes.length);
  for (let i = 0; i < codes.length; i++) present[codes[i]!] = 1;
  return present;
}

const treatments: readonly Treatment[] = [
  none,
  classWeight,
  underSampling,
  overSampling,
  resamplerTreatment('smote', 'SMOTE', (seed) => smote({ seed, onTooFew: 'random' })),
];

/** The treatments that are compared unless others are named. */
export const treatmentNames: readonly string[] = treatments.map(({ name }) => name);

/**
 * A treatment by name: one of `treatmentNames`, or any method of `resamplers` with its own defaults, where rows may be copied
 * if there are too few to look for neighbours among. Throws `unknown-strategy`.
 */
export function treatmentNamed(name: string): Treatment {
  const found = treatments.find((treatment) => treatment.name === name);
  if (found) return found;
  const entry = resamplers.get(name);
  if (entry) return entryTreatment(entry);
  const near = nearestName(name, [...treatmentNames, ...resamplers.keys(), ...ensembles.keys()]);
  throw new CounterweightError(
    'unknown-strategy',
    `no strategy is called "${name}"${near === undefined ? '' : `; did you mean ${near}?`}; there are ${treatmentNames.join(', ')}, the other resampling methods: ${otherMethods().join(', ')}, and the ensembles: ${[...ensembles.keys()].join(', ')}`,
  );
}

const otherMethods = (): string[] => [...resamplers.keys()].filter((name) => !treatmentNames.includes(name));

function entryTreatment(entry: ResamplerEntry): Treatment {
  const bounded = takes(entry, { minRatio: 1 });
  // Folds have fewer rows than the whole, so a method that can make do with too few is told to.
  const modest = takes(entry, { onTooFew: 'random' }) ? { onTooFew: 'random' } : {};
  return resamplerTreatment(
    entry.name,
    entry.name,
    (seed) => entry.create({ seed, ...modest }),
    bounded ? (seed) => entry.create({ seed, ...modest, minRatio: 1 }) : undefined,
  );
}

function takes(entry: ResamplerEntry, options: Readonly<Record<string, unknown>>): boolean {
  try {
    entry.create(options);
    return true;
  } catch (error) {
    if (error instanceof CounterweightError && error.code === 'bad-option') return false;
    throw error;
  }
}
