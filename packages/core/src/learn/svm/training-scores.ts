import type { RunOptions } from '../../runtime/run-options.ts';
import type { SupportVectorMachine } from '../../svm/support-vector-machine.ts';
import type { PairScores } from './cross-fit.ts';
import type { Examples } from './distinct-examples.ts';

/** Decision values of a machine's own rows, where there are too few to hold any out. */
export async function trainingScores(
  { X, labels }: Examples,
  [positive, negative]: readonly [number, number],
  machine: SupportVectorMachine,
  problem: number,
  run: RunOptions,
): Promise<PairScores> {
  const { data, columns } = await machine.decisionFunction(X, run);
  const rows = Int32Array.from(labels.keys()).filter((e) => labels[e] === positive || labels[e] === negative);
  return {
    held: false,
    rows,
    scores: Float64Array.from(rows, (e) => data[e * columns + problem]!),
    labels: Uint8Array.from(rows, (e) => (labels[e] === positive ? 1 : 0)),
  };
}
