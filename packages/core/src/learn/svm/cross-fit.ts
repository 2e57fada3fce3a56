import { matrix } from '../../data/matrix.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { type SupportVectorMachineOptions, supportVectorMachine } from '../../svm/support-vector-machine.ts';
import type { Examples } from './distinct-examples.ts';

/** Decision values of the rows of two classes. */
export interface PairScores {
  /** Whether no machine saw the rows it judged. */
  readonly held: boolean;
  /** Which examples. */
  readonly rows: Int32Array;
  readonly scores: Float64Array;
  /** 1 for the positive class. */
  readonly labels: Uint8Array;
}

/**
 * Decision values between two classes of machines that have not seen the row, or undefined where a class has fewer than two
 * distinct rows. Rows are dealt to folds class by class in the order of a hash of their cells: no order of rows, no name of a
 * class and no number of copies changes the folds.
 */
export async function crossFittedScores(
  examples: Examples,
  [positive, negative]: readonly [number, number],
  options: SupportVectorMachineOptions,
  mostFolds: number,
  run: RunOptions,
): Promise<PairScores | undefined> {
  const { labels, hashes } = examples;
  const members = [negative, positive].map((code) =>
    Int32Array.from(labels.keys())
      .filter((e) => labels[e] === code)
      .sort((a, b) => hashes[a]! - hashes[b]! || a - b),
  );
  const folds = Math.min(mostFolds, ...members.map((rows) => rows.length));
  if (folds < 2) return undefined;
  const foldOf = new Int32Array(labels.length).fill(-1);
  for (const rows of members) for (const [rank, e] of rows.entries()) foldOf[e] = rank % folds;
  const rows = Int32Array.from(foldOf.keys()).filter((e) => foldOf[e]! >= 0);
  const scores = new Float64Array(labels.length);
  for (let fold = 0; fold < folds; fold++) {
    const train = rows.filter((e) => foldOf[e] !== fold);
    const held = rows.filter((e) => foldOf[e] === fold);
    const machine = await supportVectorMachine(pairData(examples, train, positive), options, run);
    const { data } = await machine.decisionFunction(selectNumericRows(examples.X, held), run);
    for (const [i, e] of held.entries()) scores[e] = data[i]!;
  }
  return {
    held: true,
    rows,
    scores: Float64Array.from(rows, (e) => scores[e]!),
    labels: Uint8Array.from(rows, (e) => (labels[e] === positive ? 1 : 0)),
  };
}

/** Some examples of two classes, the positive one as class 1. */
function pairData({ X, labels, weights }: Examples, rows: Int32Array, positive: number) {
  const { data } = selectNumericRows(X, rows) as typeof X;
  return {
    X: matrix(data, rows.length, X.columns),
    y: { codes: rows.map((e) => (labels[e] === positive ? 1 : 0)), classes: [0, 1] },
    weights: Float64Array.from(rows, (e) => weights[e]!),
  };
}
