import { classCounts } from '../data/label-views.ts';
import type { DifficultyInput } from './difficulty-input.ts';
import type { Neighbourhoods } from './neighbourhoods.ts';

export interface NoiseSuspect {
  readonly row: number;
  /** Code of the class that the row has. */
  readonly code: number;
  /** Code of the class that its whole neighbourhood has. */
  readonly surroundedBy: number;
  /** `-k log2 p`: bits of surprise to meet this class k times over, if classes were mixed with share p of it. */
  readonly surprise: number;
  /**
   * `wrong-label`: its surroundings are themselves so unusual (10 bits, one in a thousand) that a wrong label is the likelier
   * reading. `wrong-label-or-rare-case`: a common class is around it, as it would be around a rare but honest row.
   */
  readonly verdict: 'wrong-label' | 'wrong-label-or-rare-case';
}

/** A surprise that chance alone brings once in a thousand rows. */
const SURPRISING_BITS = 10;

/**
 * Rows that may have a wrong label: all k neighbours are of one other class, and none of these neighbours, as far as they
 * were looked at, has anyone but its own class (and the suspect) around it: the row lies inside the other class and not at
 * a border. From the most surprising to the least, then by row.
 *
 * A rule and not a proof: under imbalance an outlier of the rare class looks the same as a wrong label, which is why the
 * verdict weighs how common the surrounding class is.
 */
export function labelNoiseSuspects({ y }: DifficultyInput, around: Neighbourhoods): readonly NoiseSuspect[] {
  const { k, rows, indices, codes } = around;
  const counts = classCounts(y);
  const position = new Map<number, number>();
  for (let i = 0; i < rows.length; i++) position.set(rows[i]!, i);
  const suspects: NoiseSuspect[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const around = indices.subarray(i * k, (i + 1) * k);
    const other = codes[around[0]!]!;
    if (other === codes[row] || !around.every((neighbour) => codes[neighbour] === other)) continue;
    const atHome = (neighbour: number) => {
      const at = position.get(neighbour);
      if (at === undefined) return true;
      return indices.subarray(at * k, (at + 1) * k).every((next) => next === row || codes[next] === other);
    };
    if (!around.every(atHome)) continue;
    const surprise = -k * Math.log2(counts[other]! / codes.length);
    const verdict = surprise >= SURPRISING_BITS ? 'wrong-label' : 'wrong-label-or-rare-case';
    suspects.push(Object.freeze({ row, code: codes[row]!, surroundedBy: other, surprise, verdict }));
  }
  return Object.freeze(suspects.sort((a, b) => b.surprise - a.surprise || a.row - b.row));
}
