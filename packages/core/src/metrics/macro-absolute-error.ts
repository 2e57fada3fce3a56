import { requireLength } from './checks.ts';
import { type Confusion, margins } from './confusion.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/**
 * Mean over the classes that have rows of their mean absolute error |true - predicted|, for classes in order (Baccianella,
 * Esuli and Sebastiani, 2009); 0 is best. So a rare grade weighs as much as a common one.
 *
 * The distance is that of the codes, or of `values`, one a class. Throws `shape-mismatch`.
 */
export function macroAbsoluteError(
  confusion: Confusion,
  options: UndefinedOption & { readonly values?: ArrayLike<number> } = {},
): number {
  const { classes, counts } = confusion;
  const { values } = options;
  if (values) requireLength('values', values.length, classes);
  const gradeOf = (label: number) => (values ? values[label]! : label);
  const { truth } = margins(confusion);
  let sum = 0;
  let present = 0;
  for (let label = 0; label < classes; label++) {
    if (truth[label] === 0) continue;
    let error = 0;
    for (let predicted = 0; predicted < classes; predicted++) {
      error += counts[label * classes + predicted]! * Math.abs(gradeOf(label) - gradeOf(predicted));
    }
    sum += error / truth[label]!;
    present++;
  }
  return present === 0 ? undefinedValue(options) : sum / present;
}
