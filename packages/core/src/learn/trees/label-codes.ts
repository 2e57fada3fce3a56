import { CounterweightError } from '../../runtime/errors.ts';
import type { KernelScope } from '../../runtime/kernel-runtime.ts';

/** The kernels of trees hold classes in 16 bits. */
const MOST_CLASSES = 65536;

/** Rows' classes in the kernels' memory, `rows` of them or more, the rest 0. */
export interface LabelCodes {
  readonly address: number;
  view(): Uint16Array;
}

/** Throws `too-many-classes`. */
export function labelCodes(memory: KernelScope, labels: Int32Array, classes: number, rows = labels.length): LabelCodes {
  if (classes > MOST_CLASSES) {
    throw new CounterweightError('too-many-classes', `trees tell up to ${MOST_CLASSES} classes apart, not ${classes}`);
  }
  const block = memory.bytes(2 * rows, 'zero');
  const view = () => new Uint16Array(block.view().buffer, block.address, rows);
  view().set(labels);
  return { address: block.address, view };
}
