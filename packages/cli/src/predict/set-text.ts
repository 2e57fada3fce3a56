import { labelsInSet, type PredictionSets } from '@counterweight/core';

/**
 * The label set of each row as one cell: labels in the order of the classes, joined by `|`; a bar or a backslash inside a
 * label stands behind a backslash. A set without labels is an empty text.
 */
export function setTexts(sets: PredictionSets): string[] {
  return Array.from({ length: sets.rows }, (_, row) =>
    labelsInSet(sets, row)
      .map((label) => String(label).replaceAll(/[\\|]/g, '\\$&'))
      .join('|'),
  );
}
