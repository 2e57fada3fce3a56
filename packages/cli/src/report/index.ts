export type { Interval, NumberFormat } from './format.ts';
export { decimalsFor, differenceDecimals, outOf, pageFormat, terminalFormat } from './format.ts';
export { decisionLabel, metricLabel, strategyLabel } from './names.ts';
export type * from './run-report.ts';
export { cutText, safeText } from './safe-text.ts';
export { parseRunReport } from './validate.ts';
