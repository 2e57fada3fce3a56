import { CounterweightError } from '../runtime/errors.ts';
import { randomOver } from './random-over.ts';
import { randomUnder } from './random-under.ts';
import type { Resampler } from './resampler.ts';
import type { SamplingType } from './sampling-strategy.ts';
import { smote } from './smote.ts';

/** Options of any method as they come from a command line or a file; the method's factory checks names and values. */
export type ResamplerOptions = Readonly<Record<string, unknown>>;

export interface ResamplerEntry {
  /** The field's name in kebab-case. */
  readonly name: string;
  readonly samplingType: SamplingType;
  /** `copies`: every output row is an input row. `interpolates`: new rows lie between two input rows. */
  readonly makes: 'copies' | 'interpolates';
  create(options?: ResamplerOptions): Resampler;
}

/** Every resampling method by name. */
export const resamplers: ReadonlyMap<string, ResamplerEntry> = new Map(
  (
    [
      { name: 'random-over', samplingType: 'over-sampling', makes: 'copies', create: randomOver },
      { name: 'random-under', samplingType: 'under-sampling', makes: 'copies', create: randomUnder },
      { name: 'smote', samplingType: 'over-sampling', makes: 'interpolates', create: smote },
    ] satisfies readonly ResamplerEntry[]
  ).map((entry) => [entry.name, Object.freeze(entry)]),
);

/** Makes the resampler called `name`. Throws `unknown-resampler`, naming what there is, and what its factory throws. */
export function createResampler(name: string, options?: ResamplerOptions): Resampler {
  const entry = resamplers.get(name);
  if (entry) return entry.create(options);
  throw new CounterweightError(
    'unknown-resampler',
    `no resampling method is called "${name}"; there are ${[...resamplers.keys()].join(', ')}`,
  );
}
