import type { Resampler } from './resampler.ts';
import type { SamplingType } from './sampling-strategy.ts';

/** Options of any method as they come from a command line or a file; the method's factory checks names and values. */
export type ResamplerOptions = Readonly<Record<string, unknown>>;

export interface ResamplerEntry {
  /** The field's name in kebab-case. */
  readonly name: string;
  /** Which rules its `samplingStrategy` follows. */
  readonly samplingType: SamplingType;
  /**
   * `copies`: every output row is an input row. `interpolates`: new rows lie on the line through two input rows, and
   * provenance alone gives their features. `generates`: new rows whose features stand in the result only.
   */
  readonly makes: 'copies' | 'interpolates' | 'generates';
  /**
   * `exact` (the default): classes get the rows asked for, or a notice says why not. `cleaned`: the data decide. `soft`: labels
   * are shared out over rows by their weights, so numbers of rows mean little.
   */
  readonly counts?: 'exact' | 'cleaned' | 'soft';
  /**
   * True for methods that move input rows. A moved row stands in its place and keeps its class, group and weight, but is no copy:
   * its provenance is that of a new row with itself as base, and it counts as dropped. Elsewhere input rows that stay are untouched.
   */
  readonly movesRows?: boolean;
  /** False for methods that imbalanced-learn has not, which refuse the option. Default true. */
  readonly compat?: boolean;
  create(options?: ResamplerOptions): Resampler;
}
