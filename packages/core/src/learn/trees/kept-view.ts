import type { KernelArray } from '../../runtime/kernel-runtime.ts';

/**
 * A view of a block that is made once, and again where the memory has grown and left it behind: making one costs more than
 * the few numbers that a node's step takes. The block has one number at least.
 */
export function keptView<T extends ArrayBufferView>(block: KernelArray<T>): () => T {
  return keptViewOf(() => block.view());
}

/** The same of any view on kernel memory. */
export function keptViewOf<T extends ArrayBufferView>(make: () => T): () => T {
  let view = make();
  return () => {
    if (view.byteLength === 0) view = make();
    return view;
  };
}
