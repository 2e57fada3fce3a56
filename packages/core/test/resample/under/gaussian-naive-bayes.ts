import { type Matrix, matrix } from '../../../src/data/matrix.ts';
import type { ProbabilityEstimator } from '../../../src/resample/under/probability-estimator.ts';
import { toDense } from '../data.ts';

/** Gaussian naive Bayes as scikit-learn has it: 1e-9 of the largest variance of a column is added to every variance. */
export function gaussianNaiveBayes(): ProbabilityEstimator {
  return {
    fit: async ({ X, y }) => {
      const { data, rows, columns } = toDense(X);
      const present = y.classes.map((_, code) => code).filter((code) => y.codes.includes(code));
      const cell = (row: number, column: number) => data[row * columns + column]!;
      const moments = (own: number[], column: number) => {
        const mean = own.reduce((sum, row) => sum + cell(row, column), 0) / own.length;
        const variance = own.reduce((sum, row) => sum + (cell(row, column) - mean) ** 2, 0) / own.length;
        return { mean, variance };
      };
      const every = Array.from({ length: rows }, (_, row) => row);
      const floor = 1e-9 * Math.max(...Array.from({ length: columns }, (_, j) => moments(every, j).variance));
      const classes = present.map((code) => {
        const own = every.filter((row) => y.codes[row] === code);
        return { prior: own.length / rows, columns: Array.from({ length: columns }, (_, j) => moments(own, j)) };
      });
      const predict = (values: Matrix) => {
        const p = new Float64Array(values.rows * classes.length);
        for (let row = 0; row < values.rows; row++) {
          const logs = classes.map(({ prior, columns: own }) =>
            own.reduce((sum, { mean, variance }, j) => {
              const v = variance + floor;
              return sum - 0.5 * Math.log(2 * Math.PI * v) - (values.data[row * columns + j]! - mean) ** 2 / (2 * v);
            }, Math.log(prior)),
          );
          const most = Math.max(...logs);
          const total = logs.reduce((sum, log) => sum + Math.exp(log - most), 0);
          logs.forEach((log, i) => {
            p[row * classes.length + i] = Math.exp(log - most) / total;
          });
        }
        return matrix(p, values.rows, classes.length);
      };
      return {
        classes: present.map((code) => y.classes[code]!),
        predictProba: async (rowsOf) => predict(toDense(rowsOf)),
      };
    },
  };
}
