import { evaluationMetricInfo, type ThresholdEvaluation } from '@counterweight/core';

/** What a metric is called. */
export const labelOf = (key: string) => evaluationMetricInfo(key).label;

/** What the thresholds of an evaluation are called. */
export const pointLabels: Readonly<Record<ThresholdEvaluation['name'], string>> = {
  half: 'at 0.5',
  given: 'as given',
  cost: 'from costs',
  tuned: 'tuned on these rows',
};

/** What the presets of calibration error are called. */
export const presetLabels = {
  guo: '15 equal widths (Guo)',
  sklearn: '5 equal widths (scikit-learn)',
  netcal: '10 equal widths (netcal)',
  adaptive: '10 bins of equal rows',
  'top-label': 'of the likelier class',
  'top-decile': 'among the tenth with the highest scores',
} as const;
