import type { Labels } from '../data/labels.ts';

/** Folds over which the class share of a level is learnt on other rows than it is judged on. */
export const FOLDS = 5;
/** A ranking against fewer rows says nothing about a class. */
const FEWEST_ROWS = 5;
/** More classes would cost time and tell nothing more about a column. */
const MOST_CLASSES = 50;

/** Labels of the rows under study, laid out for judging many columns. */
export interface JudgedLabels {
  readonly codes: Int32Array;
  readonly counts: Int32Array;
  /**
   * Classes that are set against all others: in a binary task one of the two (the other gives the same), else those with
   * at least five rows, the fifty most frequent.
   */
  readonly judged: readonly number[];
  /** Positions of the rows of each class. */
  readonly rowsOf: readonly Int32Array[];
  /** Fold of each row: the rows of each class are dealt out in turn. */
  readonly foldOf: Uint8Array;
}

export function judgedLabels(labels: Labels, rows: Int32Array): JudgedLabels {
  const classes = labels.classes.length;
  const codes = new Int32Array(rows.length);
  const counts = new Int32Array(classes);
  const foldOf = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const code = labels.codes[rows[i]!]!;
    codes[i] = code;
    foldOf[i] = counts[code]!++ % FOLDS;
  }
  const rowsOf = Array.from(counts, (count) => new Int32Array(count));
  const filled = new Int32Array(classes);
  for (let i = 0; i < codes.length; i++) rowsOf[codes[i]!]![filled[codes[i]!]!++] = i;
  return { codes, counts, judged: classesToJudge(counts, rows.length), rowsOf, foldOf };
}

function classesToJudge(counts: Int32Array, rows: number): number[] {
  const present = [...counts.keys()].filter((code) => counts[code]! > 0 && counts[code]! < rows);
  const byCount = present.sort((a, b) => counts[b]! - counts[a]! || a - b);
  if (byCount.length === 2) return byCount.slice(1);
  const enough = byCount.filter((code) => counts[code]! >= FEWEST_ROWS);
  return (enough.length > 0 ? enough : byCount).slice(0, MOST_CLASSES);
}
