import type { Labels } from '../data/index.ts';
import { type Difficulty, rowTypes } from '../measure/index.ts';

/** What is known of each row of the input, in its order. Rows are 0-based rows of the input, -1 where there is none. */
export interface RowDifficulty {
  readonly rows: number;
  readonly classes: Labels['classes'];
  /** Code of the class; -1 for rows without one. */
  readonly classCodes: Int32Array;
  readonly typeNames: readonly string[];
  /** Index into `typeNames`; -1 for rows that were not looked at. */
  readonly types: Int8Array;
  /** NaN for rows that were not looked at. */
  readonly kdn: Float64Array;
  /** Of rows of the rarest class; NaN for all others. */
  readonly ibi3: Float64Array;
  readonly suspectNames: readonly string[];
  /** Index into `suspectNames`; -1 for rows under no suspicion. */
  readonly suspects: Int8Array;
  readonly nearestOther: Int32Array;
  readonly nearestOtherDistance: Float64Array;
  /** Row of another class that is (almost) the same. */
  readonly nearDuplicate: Int32Array;
  /** Number of the row's cluster within its class, from 0, the largest first; -1 where not all rows of the class were looked at. */
  readonly cluster: Int32Array;
}

const suspectNames = Object.freeze(['wrong-label', 'wrong-label-or-rare-case'] as const);

/** Lays out by row what was measured; row i of `y` is row `inputRow[i]` of the `inputRows` rows of the input. */
export function rowDifficulty(
  { neighbourhood }: Difficulty,
  y: Labels,
  inputRow: Int32Array,
  inputRows: number,
): RowDifficulty {
  const { rows, types, disagreement, bayesImpact, noiseSuspects, duplicates, nearestOther } = neighbourhood;
  const found = {
    rows: inputRows,
    classes: y.classes,
    classCodes: new Int32Array(inputRows).fill(-1),
    typeNames: rowTypes,
    types: new Int8Array(inputRows).fill(-1),
    kdn: new Float64Array(inputRows).fill(Number.NaN),
    ibi3: new Float64Array(inputRows).fill(Number.NaN),
    suspectNames,
    suspects: new Int8Array(inputRows).fill(-1),
    nearestOther: new Int32Array(inputRows).fill(-1),
    nearestOtherDistance: new Float64Array(inputRows).fill(Number.NaN),
    nearDuplicate: new Int32Array(inputRows).fill(-1),
    cluster: new Int32Array(inputRows).fill(-1),
  };
  for (const [i, row] of inputRow.entries()) found.classCodes[row] = y.codes[i]!;
  for (const [i, row] of rows.entries()) {
    const at = inputRow[row]!;
    found.types[at] = types.perRow[i]!;
    found.kdn[at] = disagreement.perRow[i]!;
    const other = nearestOther ? nearestOther.rows[i]! : -1;
    if (other < 0) continue;
    found.nearestOther[at] = inputRow[other]!;
    found.nearestOtherDistance[at] = nearestOther!.distances[i]!;
  }
  for (const [i, row] of bayesImpact.rows.entries()) found.ibi3[inputRow[row]!] = bayesImpact.perRow[i]!;
  for (const { row, verdict } of noiseSuspects) found.suspects[inputRow[row]!] = suspectNames.indexOf(verdict);
  for (const { row, other } of duplicates.pairs) found.nearDuplicate[inputRow[row]!] = inputRow[other]!;
  for (const of of neighbourhood.smallDisjuncts) {
    if (!of) continue;
    for (const [i, row] of of.rows.entries()) found.cluster[inputRow[row]!] = of.clusterOf[i]!;
  }
  return Object.freeze(found);
}
