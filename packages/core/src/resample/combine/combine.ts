import type { Dataset } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import type { Resampled, Resampler } from '../resampler.ts';
import { composeProvenance } from './compose-provenance.ts';

export interface CombineOptions {
  /** Comes first, and adds rows. */
  readonly overSampler: Resampler;
  /** Goes over what the first made, and takes rows away: a cleaning method, or an under-sampler. */
  readonly cleaner: Resampler;
  /** Default: both names joined by `+`. */
  readonly name?: string | undefined;
}

/**
 * Two resamplers one after the other as one: any over-sampler with any cleaner.
 *
 * Provenance speaks of the rows of the input, notices are those of both, in order. Throws `bad-option` for what is no
 * resampler and for one in the other's place, and what the two throw. Resamplers of your own that do not say what they do
 * (`samplingType`) may stand in either place.
 *
 * @example
 * combine({ overSampler: smote({ seed: 1 }), cleaner: tomekLinks({ samplingStrategy: 'all' }) })
 */
export function combine({ overSampler, cleaner, name }: CombineOptions): Resampler {
  for (const [what, each] of Object.entries({ overSampler, cleaner })) {
    if (typeof (each as Resampler | undefined)?.resample === 'function') continue;
    throw new CounterweightError('bad-option', `${what} must be a resampler`);
  }
  requireRoles(overSampler, cleaner);
  return Object.freeze({
    name: name ?? `${overSampler.name}+${cleaner.name}`,
    samplingType: overSampler.samplingType,
    resample: async (data: Dataset, run: RunOptions = {}): Promise<Resampled> => {
      const first = await overSampler.resample(data, run);
      const second = await cleaner.resample(first.data, run);
      return Object.freeze({
        data: second.data,
        provenance: composeProvenance(first.provenance, second.provenance, data.X.rows),
        notices: [...first.notices, ...second.notices],
      });
    },
  });
}

function requireRoles(overSampler: Resampler, cleaner: Resampler): void {
  const adds = overSampler.samplingType === undefined || overSampler.samplingType === 'over-sampling';
  const takes = cleaner.samplingType !== 'over-sampling';
  if (adds && takes) return;
  const [first, second] = [overSampler.name, cleaner.name];
  throw new CounterweightError(
    'bad-option',
    !adds && !takes
      ? `overSampler must add rows and cleaner take rows away: ${first} and ${second} are the wrong way round`
      : adds
        ? `cleaner must take rows away, and ${second} adds rows`
        : `overSampler must add rows, and ${first} takes rows away`,
  );
}
