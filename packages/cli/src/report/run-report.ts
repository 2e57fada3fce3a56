import type { ExperimentResult } from '@counterweight/core';

export type {
  CalibrationReport,
  Choice,
  ClassLabel,
  Coefficient,
  ColumnSummary,
  Costs,
  CurvePoint,
  DataSummary,
  DecisionName,
  DecisionReport,
  Estimate,
  HeldOut,
  Importance,
  MetricChoice,
  MetricSet,
  Notice,
  ReliabilityCurve,
  StrategyReport,
  ValidationDesign,
  Verdict,
} from '@counterweight/core';

/**
 * The document that `counterweight run` writes as report.json, and the only input of report.html.
 *
 * No clock, no path of the machine, no thread count: the same data, options and seed give the same bytes.
 * A number that does not exist (an undefined metric, an open interval) is null.
 */
export interface RunReport extends ExperimentResult {
  readonly format: 'counterweight-report';
  readonly formatVersion: 1;
  readonly versions: { readonly counterweight: string };
  readonly reproduce: {
    /** The command line in a normal form, without what cannot change a result (threads, quiet, out). */
    readonly command: string;
    readonly seed: number;
  };
}
