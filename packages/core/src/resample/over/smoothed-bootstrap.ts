import type { NumericRows } from '../../data/dataset.ts';
import type { ClassLabel, Labels } from '../../data/labels.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { quoted } from '../class-counts.ts';
import { targetsByCode } from '../class-targets.ts';
import { denseRows } from '../dense-rows.ts';
import type { SamplingTarget } from '../sampling-strategy.ts';

/** A factor on the width of the kernel: one for all classes, or one for each, by label. */
export type Shrinkage = number | ReadonlyMap<ClassLabel, number> | Readonly<Record<string, number>>;

/** Throws `bad-option` for a number that is no factor; what is given per class is checked once the classes are known. */
export function checkShrinkage(shrinkage: Shrinkage | undefined): void {
  if (typeof shrinkage === 'number') checkFactor(shrinkage);
}

/** The factor of each of the targets. Throws `bad-option` where one is missing or below 0, `unknown-class`. */
export function shrinkageByCode(
  shrinkage: Shrinkage,
  labels: Labels,
  counts: Int32Array,
  targets: readonly Pick<SamplingTarget, 'code' | 'label'>[],
): Map<number, number> {
  if (typeof shrinkage === 'number') return new Map(targets.map(({ code }) => [code, shrinkage]));
  const given = targetsByCode(shrinkage, labels, counts, 'shrinkage') as ReadonlyMap<number, unknown>;
  for (const [code, factor] of given) checkFactor(factor, labels.classes[code]!);
  return new Map(
    targets.map(({ code, label }) => {
      const factor = given.get(code);
      if (factor !== undefined) return [code, factor as number];
      throw new CounterweightError('bad-option', `shrinkage has no factor for class ${quoted(label)}`, {
        class: label,
      });
    }),
  );
}

function checkFactor(factor: unknown, label?: ClassLabel): void {
  if (typeof factor === 'number' && factor >= 0 && factor < Number.POSITIVE_INFINITY) return;
  const where = label === undefined ? '' : ` for class ${quoted(label)}`;
  throw new CounterweightError(
    'bad-option',
    `shrinkage must be a finite number of at least 0${where}, got ${String(factor)}`,
    label === undefined ? {} : { class: label },
  );
}

/**
 * Width of a Gaussian kernel for each column: its standard deviation in the given rows, times the factor, times
 * (4 / ((p + 2) n))^(1 / (p + 4)) for n rows of p columns, which is right for normal data (Bowman and Azzalini 1997; Silverman
 * 1986). `ddof` is 1 for the sample's standard deviation. Rows without spread get the width 0.
 */
export function kernelWidths(
  X: NumericRows,
  rows: Int32Array,
  { factor, n = rows.length, ddof = 1 }: { readonly factor: number; readonly n?: number; readonly ddof?: 0 | 1 },
): Float64Array {
  const { columns } = X;
  const width = factor * (4 / ((columns + 2) * n)) ** (1 / (columns + 4));
  return standardDeviations(denseRows(X, rows), ddof).map((deviation) => width * deviation);
}

/** Scaled by the largest deviation of a column, so that squares do not leave the range of numbers. */
function standardDeviations({ data, rows, columns }: Matrix, ddof: 0 | 1): Float64Array {
  const deviations = new Float64Array(columns);
  if (rows <= ddof) return deviations;
  for (let j = 0; j < columns; j++) {
    let mean = 0;
    for (let at = j; at < data.length; at += columns) mean += data[at]! / rows;
    let largest = 0;
    for (let at = j; at < data.length; at += columns) largest = Math.max(largest, Math.abs(data[at]! - mean));
    // A column of one value may miss its mean by rounding.
    if (largest <= 4 * Number.EPSILON * Math.abs(mean)) continue;
    let squares = 0;
    for (let at = j; at < data.length; at += columns) squares += ((data[at]! - mean) / largest) ** 2;
    deviations[j] = Math.sqrt(squares / (rows - ddof)) * largest;
  }
  return deviations;
}

/** The given rows, each cell moved by a normal draw times its column's width; draws go row by row, column by column. */
export function perturbed(X: NumericRows, rows: Int32Array, widths: Float64Array, normal: () => number): Matrix {
  const { data, columns } = denseRows(X, rows);
  const cells = new Float64Array(data.length);
  for (let at = 0; at < data.length; ) {
    for (let j = 0; j < columns; j++, at++) {
      const moved = normal() * widths[j]! + data[at]!;
      cells[at] = Number.isFinite(moved) ? moved : data[at]!;
    }
  }
  return matrix(cells, rows.length, columns);
}
