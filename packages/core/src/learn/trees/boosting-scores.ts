import { CounterweightError } from '../../runtime/errors.ts';
import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { Work } from '../../runtime/work.ts';
import type { TrainingRows } from '../logistic-data.ts';
import type { CustomLoss, LossPlan } from './boosting-loss.ts';
import { classFocus } from './class-focus.ts';
import { BLOCK_ROWS } from './gradient-records.ts';
import { labelCodes } from './label-codes.ts';

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
  gradients(output: number, records: KernelArray<Float64Array>): Promise<void>;
}

/**
 * Scores that start where the loss is least for a constant: the log-odds (of two classes) or the logarithms of the classes'
 * weighted shares, less what a logit adjustment adds.
 */
export function boostingScores(work: Work, { present, labels, count }: TrainingRows, plan: LossPlan): BoostingScores {
  const { memory, run } = work;
  const classes = present.length;
  const outputs = classes === 2 ? 1 : classes;
  const even = count + (count & 1);
  const logs = logShares(memory, classes, labels, plan.weights);
  const adjusted = logs.map((log) => plan.tau * log);
  const start = logs.map((log, k) => log - adjusted[k]!);
  const initial = classes === 2 ? Float64Array.of(start[1]! - start[0]!) : start;
  const scores = memory.float64(even * outputs, 'zero');
  for (let k = 0; k < outputs; k++) scores.view().fill(initial[k]!, k * even, k * even + count);
  const codes = labelCodes(memory, labels, classes, even);
  const parameters = memory.float64(6);
  const shift = adjusted[1]! - adjusted[0]!;
  parameters.view().set([shift + plan.margins[0]!, shift - plan.margins[1]!, ...plan.focus]);
  const shifts = memory.float64(classes);
  shifts.view().set(adjusted);
  const margins = memory.float64(classes);
  margins.view().set(plan.margins.map((margin) => -margin));
  const probabilities = outputs > 1 ? memory.float64(even * outputs) : undefined;
  const blocks = Math.ceil(count / BLOCK_ROWS);
  const rows = [codes.address, count, BLOCK_ROWS];
  // Friedman's (2001) factor for the Hessian of one class among several.
  const factor = classes / (classes - 1);

  const focused =
    probabilities && plan.modulated
      ? classFocus(memory, { gamma: plan.focus[0], classes, count, stride: even, labels, probabilities, factor })
      : undefined;

  let custom: ClassRecords | undefined;
  const beginRound = async () => {
    if (!probabilities) return;
    if (plan.custom) {
      custom = customClassGradients(plan.custom, { scores: scores.view(), stride: even, classes, labels });
      return;
    }
    const moved = [shifts.address, margins.address, probabilities.address];
    await run('softmaxRows', blocks, [scores.address, even, outputs, ...rows, ...moved]);
    focused?.begin();
  };

  const gradients = async (output: number, records: KernelArray<Float64Array>) => {
    if (custom) {
      const target = records.view();
      for (let i = 0; i < count; i++) {
        target[2 * i] = custom.gradient[i * classes + output]!;
        target[2 * i + 1] = custom.hessian[i * classes + output]!;
      }
    } else if (plan.custom) {
      customGradients(plan.custom, scores.view().subarray(0, count), Uint8Array.from(labels), records.view());
    } else if (!probabilities) {
      const kind = plan.modulated ? 1 : 0;
      await run('binaryGradients', blocks, [kind, scores.address, ...rows, parameters.address, records.address]);
    } else {
      const own = probabilities.address + output * even * 8;
      await run('classGradients', blocks, [output, factor, own, ...rows, records.address]);
      focused?.focus(output, records);
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

/** Throws `bad-loss` unless gradients are finite and Hessians finite and not negative. */
function customGradients(loss: CustomLoss, scores: Float64Array, labels: Uint8Array, records: Float64Array): void {
  const rows = scores.length;
  const gradient = new Float64Array(rows);
  const hessian = new Float64Array(rows);
  loss.gradients(scores.slice(), labels, gradient, hessian);
  requireSlopes(loss, gradient, hessian, (i) => `score ${scores[i]}`);
  for (let i = 0; i < rows; i++) {
    records[2 * i] = gradient[i]!;
    records[2 * i + 1] = hessian[i]!;
  }
}

/** `rows × classes` each. */
interface ClassRecords {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/** What a loss of one's own says of several classes. Throws `bad-loss`. */
function customClassGradients(
  loss: CustomLoss,
  given: { scores: Float64Array; stride: number; classes: number; labels: Int32Array },
): ClassRecords {
  const { scores, stride, classes, labels } = given;
  const lines = new Float64Array(labels.length * classes);
  for (let k = 0; k < classes; k++) {
    for (let i = 0; i < labels.length; i++) lines[i * classes + k] = scores[k * stride + i]!;
  }
  const gradient = new Float64Array(lines.length);
  const hessian = new Float64Array(lines.length);
  loss.classGradients!(lines.slice(), labels.slice(), classes, gradient, hessian);
  requireSlopes(loss, gradient, hessian, (at) => {
    const row = Math.floor(at / classes);
    return `scores ${lines.slice(row * classes, (row + 1) * classes).join(', ')}`;
  });
  return { gradient, hessian };
}

/** Throws `bad-loss` unless gradients are finite and Hessians finite and not negative. */
function requireSlopes(
  loss: CustomLoss,
  gradient: Float64Array,
  hessian: Float64Array,
  where: (at: number) => string,
): void {
  for (let at = 0; at < gradient.length; at++) {
    if (Number.isFinite(gradient[at]!) && hessian[at]! >= 0 && hessian[at]! < Number.POSITIVE_INFINITY) continue;
    throw new CounterweightError(
      'bad-loss',
      `loss ${loss.name} gave gradient ${gradient[at]} and Hessian ${hessian[at]} at ${where(at)}`,
    );
  }
}

/** Logarithms of the classes' weighted shares. */
function logShares(memory: Work['memory'], classes: number, labels: Int32Array, weights: Float64Array): Float64Array {
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
  const found = logs.view().slice(0, classes);
  memory.release(shares);
  memory.release(logs);
  return found;
}
