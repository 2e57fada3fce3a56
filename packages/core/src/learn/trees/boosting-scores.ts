import type { Work } from '../../runtime/work.ts';
import type { TrainingRows } from '../logistic-data.ts';
import { BLOCK_ROWS } from './gradient-records.ts';

/** Scores of the training rows as they grow, and the gradients of the loss there. */
export interface BoostingScores {
  /** 1 for two classes, else the number of classes. */
  readonly outputs: number;
  readonly initial: Float64Array;
  /** Address of an output's scores, one a row. */
  address(output: number): number;
  /** Call once before the gradients of a round. */
  beginRound(): Promise<void>;
  /** Writes `[gradient, Hessian]` of each row. */
  gradients(output: number, records: number): Promise<void>;
}

/** Scores that start with the log-odds (of two classes) or the logarithms of the classes' weighted shares. */
export function boostingScores(
  { memory, run }: Work,
  { present, labels, weights, count }: TrainingRows,
): BoostingScores {
  const classes = present.length;
  const outputs = classes === 2 ? 1 : classes;
  const even = count + (count & 1);
  const initial = startScores(memory, classes, labels, weights);
  const scores = memory.float64(even * outputs, 'zero');
  for (let k = 0; k < outputs; k++) scores.view().fill(initial[k]!, k * even, k * even + count);
  const codes = memory.bytes(even, 'zero');
  codes.view().set(labels);
  const parameters = memory.float64(6, 'zero');
  const shifts = memory.float64(outputs, 'zero');
  const probabilities = outputs > 1 ? memory.float64(even * outputs) : undefined;
  const blocks = Math.ceil(count / BLOCK_ROWS);
  // Friedman's (2001) factor for the Hessian of one class among several.
  const factor = classes / (classes - 1);

  const beginRound = async () => {
    if (!probabilities) return;
    const rows = [codes.address, count, BLOCK_ROWS];
    const args = [scores.address, even, outputs, ...rows, shifts.address, shifts.address, probabilities.address];
    await run('softmaxRows', blocks, args);
  };

  const gradients = async (output: number, records: number) => {
    const rows = [codes.address, count, BLOCK_ROWS];
    if (!probabilities) {
      await run('binaryGradients', blocks, [0, scores.address, ...rows, parameters.address, records]);
    } else {
      const own = probabilities.address + output * even * 8;
      await run('classGradients', blocks, [output, factor, own, ...rows, records]);
    }
  };

  return Object.freeze({
    outputs,
    initial,
    address: (output: number) => scores.address + output * even * 8,
    beginRound,
    gradients,
  });
}

function startScores(memory: Work['memory'], classes: number, labels: Int32Array, weights: Float64Array): Float64Array {
  const shares = memory.float64(classes + 1);
  const logs = memory.float64(classes + 1);
  const sums = shares.view().fill(0);
  for (let i = 0; i < labels.length; i++) sums[labels[i]!]! += weights[i]!;
  let total = 0;
  for (let k = 0; k < classes; k++) total += sums[k]!;
  for (let k = 0; k < classes; k++) sums[k]! /= total;
  sums[classes] = 1;
  // The kernels' logarithm, because that of the engine has not the same bytes everywhere.
  memory.call('elementary', 0, 0, 1, shares.address, logs.address, classes + (classes & 1));
  const found = logs.view();
  const initial =
    classes === 2 ? Float64Array.of(found[1]! - found[0]!) : Float64Array.from(found.subarray(0, classes));
  memory.release(shares);
  memory.release(logs);
  return initial;
}
