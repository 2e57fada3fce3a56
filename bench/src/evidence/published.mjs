/**
 * The evidence table that this bench repeats: logistic regression on six Gaussian predictors, 5,000 rows to learn from,
 * 50,000 to test, medians of 20 repetitions, figures to the digits that were kept. Class weights were not in it.
 */
export const published = {
  columns: [
    ['rocAuc', 'raw'],
    ['averagePrecision', 'raw'],
    ['brierScore', 'raw'],
    ['calibrationInTheLarge', 'raw'],
    ['slope', 'raw'],
    ['brierScore', 'prior-corrected'],
    ['calibrationInTheLarge', 'prior-corrected'],
  ],
  rows: {
    0.3: {
      none: [0.748, 0.567, 0.1747, -0.01, 0.99, 0.1747, 0],
      'random-under': [0.748, 0.566, 0.2031, -0.84, 1, 0.175, 0],
      'random-over': [0.748, 0.566, 0.203, -0.85, 0.99, 0.1748, 0],
      smote: [0.748, 0.566, 0.2031, -0.85, 0.96, 0.1748, 0],
    },
    0.1: {
      none: [0.748, 0.274, 0.0813, 0, 0.98, 0.0813, 0],
      'random-under': [0.746, 0.273, 0.2047, -2.21, 0.95, 0.0818, -0.01],
      'random-over': [0.748, 0.275, 0.2025, -2.21, 0.97, 0.0814, 0],
      smote: [0.747, 0.274, 0.2016, -2.23, 0.9, 0.0816, -0.02],
    },
    0.01: {
      none: [0.731, 0.036, 0.01, 0.06, 0.83, 0.01, 0.06],
      'random-under': [0.716, 0.032, 0.2189, -4.78, 0.74, 0.0101, -0.16],
      'random-over': [0.731, 0.034, 0.2027, -4.61, 0.82, 0.01, 0],
      smote: [0.73, 0.034, 0.2, -4.71, 0.69, 0.01, -0.11],
    },
  },
};
