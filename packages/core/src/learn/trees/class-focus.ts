import type { KernelArray, KernelScope } from '../../runtime/kernel-runtime.ts';

export interface FocusedRows {
  readonly gamma: number;
  readonly classes: number;
  readonly count: number;
  /** Rows from one class's probabilities to the next one's. */
  readonly stride: number;
  /** Place of each row's class. */
  readonly labels: Int32Array;
  /** Softmax of the scores, a class after the other. */
  readonly probabilities: KernelArray<Float64Array>;
  /** What Hessians of one class among several are multiplied with. */
  readonly factor: number;
}

/** Turns records of the log-loss into those of the focal loss. */
export interface ClassFocus {
  /** Call once the probabilities of a round are there. */
  begin(): void;
  /** Changes `[gradient, Hessian]` of each row for a class. */
  focus(output: number, records: KernelArray<Float64Array>): void;
}

const LEAST = 1e-300;
/** Below this -log(1 - q) is q + q² / 2 to the last digit. */
const SMALL = 1e-8;

/**
 * The focal loss -(1 - p)^γ log p of the softmax, p being the probability of the row's class. With q = 1 - p, L = -log p / q
 * and g = p_j - [j is the row's class]: the gradient is A g, A = q^γ (1 + γ p L), and the second derivative
 * A p_j (1 - p_j) + γ p q^(γ + 1) (2 - (1 - γ p) L) (g / q)², which is not let fall below q^γ p_j (1 - p_j).
 *
 * Logarithms and powers are the kernels', whose bytes are the same everywhere.
 */
export function classFocus(memory: KernelScope, rows: FocusedRows): ClassFocus {
  const { gamma, classes, count, stride, labels, probabilities, factor } = rows;
  const even = count + (count & 1);
  const parts = memory.float64(2 * even);
  const logs = memory.float64(2 * even);
  const slopes = new Float64Array(count);
  const bends = new Float64Array(count);
  const powers = new Float64Array(count);
  const rests = new Float64Array(count);

  const begin = () => {
    const p = probabilities.view();
    const source = parts.view().fill(1);
    for (let i = 0; i < count; i++) {
      let rest = 0;
      for (let k = 0; k < classes; k++) if (k !== labels[i]) rest += p[k * stride + i]!;
      rests[i] = rest;
      source[i] = Math.max(LEAST, p[labels[i]! * stride + i]!);
      source[even + i] = Math.max(LEAST, rest);
    }
    memory.call('elementary', 0, 0, 1, parts.address, logs.address, 2 * even);
    const own = parts.view();
    const found = logs.view();
    // Powers take the place of the rests, logarithms of which are no longer needed.
    for (let i = 0; i < count; i++) found[even + i]! *= gamma;
    memory.call('elementary', 0, 0, 0, logs.address + 8 * even, parts.address + 8 * even, even);
    for (let i = 0; i < count; i++) {
      const rest = rests[i]!;
      const share = own[i]!;
      const ratio = rest < SMALL ? 1 + rest / 2 : -found[i]! / rest;
      const power = own[even + i]!;
      powers[i] = power;
      slopes[i] = power * (1 + gamma * share * ratio);
      bends[i] = gamma * share * power * rest * (2 - (1 - gamma * share) * ratio);
    }
  };

  const focus = (output: number, records: KernelArray<Float64Array>) => {
    const p = probabilities.view();
    const view = records.view();
    for (let i = 0; i < count; i++) {
      const rest = rests[i]!;
      const share = p[output * stride + i]!;
      const isOwn = labels[i] === output;
      const gap = isOwn ? -rest : share;
      const spread = isOwn ? share * rest : share * (1 - share);
      const part = rest > 0 ? gap / rest : 0;
      view[2 * i] = slopes[i]! * gap;
      view[2 * i + 1] = factor * Math.max(slopes[i]! * spread + bends[i]! * part * part, powers[i]! * spread);
    }
  };

  return Object.freeze({ begin, focus });
}
