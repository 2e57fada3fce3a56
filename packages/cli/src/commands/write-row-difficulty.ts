import type { RowDifficulty } from '@counterweight/core';
import { type OutputColumn, writeTable } from '../output/index.ts';

/**
 * Writes one line an input row: `row` (0-based), `class`, `type` (safe, borderline, rare, outlier), `kdn`, `ibi3` (rows of the
 * rarest class), `label_noise`, `nearest_other` (row of another class) with `nearest_other_distance`, `near_duplicate` (row of
 * another class that is almost the same) and `cluster` (within its class). Cells are empty where nothing is known.
 */
export async function writeRowDifficulty(path: string, found: RowDifficulty): Promise<void> {
  const rows = Int32Array.from({ length: found.rows }, (_, row) => row);
  const integers = (name: string, values: Int32Array): OutputColumn => ({ name, values, empty: -1 });
  await writeTable(path, [
    { name: 'row', values: rows },
    { name: 'class', values: found.classCodes, dictionary: found.classes.map(String) },
    { name: 'type', values: found.types, dictionary: found.typeNames },
    { name: 'kdn', values: found.kdn },
    { name: 'ibi3', values: found.ibi3 },
    { name: 'label_noise', values: found.suspects, dictionary: found.suspectNames },
    integers('nearest_other', found.nearestOther),
    { name: 'nearest_other_distance', values: found.nearestOtherDistance },
    integers('near_duplicate', found.nearDuplicate),
    integers('cluster', found.cluster),
  ]);
}
