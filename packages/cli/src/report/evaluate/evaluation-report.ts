import type { ClassScoreEvaluation, ScoreEvaluation } from '@counterweight/core';

/**
 * The document that `counterweight evaluate` prints with `--json`, and the only input of its page.
 *
 * No clock, no path of the machine, no thread count: the same data, options and seed give the same bytes. A number that
 * does not exist (an undefined metric, an open interval) is null.
 */
export type EvaluationReport = BinaryEvaluationReport | ClassEvaluationReport;
/** Scores of one class, by one or more models. */
export type BinaryEvaluationReport = EvaluationHead & ScoreEvaluation;
/** One probability column a class. */
export type ClassEvaluationReport = EvaluationHead & ClassScoreEvaluation;

export interface EvaluationHead {
  readonly format: 'counterweight-evaluation';
  readonly formatVersion: 1;
  readonly versions: { readonly counterweight: string };
  readonly reproduce: {
    /** The command line in a normal form, without what cannot change a result (threads, quiet, html). */
    readonly command: string;
    readonly seed: number;
  };
  /** File name without its folders. */
  readonly source: string;
  readonly target: string;
}
