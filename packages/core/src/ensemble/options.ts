import { checkOptions, checkWhole } from '../resample/options.ts';

/** Options that every ensemble of members has. */
export interface EnsembleOptions {
  /** Members. Each ensemble says its default. */
  readonly nEstimators?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

/** Throws `bad-option` for a name the ensemble does not know, a seed out of range, or a number of members below 1. */
export function checkEnsemble(name: string, options: EnsembleOptions, known: readonly string[]): void {
  checkOptions(name, options, ['nEstimators', 'seed', ...known]);
  checkWhole('nEstimators', options.nEstimators, 1);
}
