import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { simpleJumper } from './martingale.ts';
import { type OnlinePValueOptions, onlinePValues } from './online-p-values.ts';

export interface DriftAlarmOptions extends OnlinePValueOptions {
  /** Chance of ever raising a false alarm; 0.01 unless told, which asks the martingale for 100. */
  readonly level?: number | undefined;
  /** Share of the capital spread anew at each step; 0.01 unless told. */
  readonly jump?: number | undefined;
}

export interface DriftAlarm {
  readonly pValues: Float64Array;
  /** The martingale after each row, and its natural logarithm. */
  readonly martingale: Float64Array;
  readonly logMartingale: Float64Array;
  readonly largest: number;
  /** First row at which the martingale reached 1 / level, or -1. */
  readonly alarmAt: number;
  readonly notices: readonly Notice[];
}

/**
 * Watches the scores of rows in their order (LAC scores of known labels, say, or anything that says how strange a row is)
 * and raises an alarm when they can hardly be exchangeable any more with those before them and the reference. However
 * long it runs, the chance of a false alarm stays at most `level`.
 */
export function driftAlarm(options: DriftAlarmOptions): DriftAlarm {
  const { level = 0.01, jump } = options;
  if (!(level > 0 && level < 1)) {
    throw new CounterweightError('bad-option', `level must lie between 0 and 1, got ${level}`);
  }
  const pValues = onlinePValues(options);
  const path = simpleJumper(pValues, { jump });
  const needed = Math.log(1 / level);
  const alarmAt = path.logValues.findIndex((value) => value >= needed);
  const notices: Notice[] =
    alarmAt < 0
      ? []
      : [
          {
            code: 'drift',
            severity: 'warning',
            message: `from row ${alarmAt} on the rows can hardly be exchangeable with those before (false alarm rate ${level})`,
            numbers: { row: alarmAt, level },
          },
        ];
  return Object.freeze({
    pValues,
    martingale: path.values,
    logMartingale: path.logValues,
    largest: Math.exp(path.state.logLargest),
    alarmAt,
    notices: Object.freeze(notices),
  });
}
