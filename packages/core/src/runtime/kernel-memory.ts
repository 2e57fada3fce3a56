import { CounterweightError } from './errors.ts';

/** WebAssembly pages are 64 KiB. */
const PAGE = 65536;
const MAXIMUM_PAGES = 65536;
/** Every block starts on a cache line, so that threads do not share lines and SIMD loads are aligned. */
const ALIGNMENT = 64;

/** Hands out blocks of one WebAssembly memory; kernels themselves allocate nothing. */
export interface KernelMemory {
  readonly memory: WebAssembly.Memory;
  /** Bytes handed out now. */
  readonly allocated: number;
  /** Returns the address of `bytes` bytes of undefined content. Throws `out-of-memory`. */
  allocate(bytes: number): number;
  /** Takes back a block that `allocate` returned. */
  release(address: number): void;
}

/**
 * First-fit allocator over a memory that grows. `base` is the first free byte after the module's own constants.
 * `maximumPages` is what `memory` was made with.
 */
export function kernelMemory(memory: WebAssembly.Memory, base: number, maximumPages: number): KernelMemory {
  const sizes = new Map<number, number>();
  // Free ranges [start, end), ascending, never touching; the last one ends at the memory's end.
  const free: { start: number; end: number }[] = [{ start: align(base), end: memory.buffer.byteLength }];
  let allocated = 0;

  const grow = (bytes: number) => {
    const last = free.at(-1);
    const end = memory.buffer.byteLength;
    const tail = last && last.end === end ? end - last.start : 0;
    const needed = Math.ceil((bytes - tail) / PAGE);
    const pages = end / PAGE;
    if (needed > maximumPages - pages) throw outOfMemory(bytes, allocated, maximumPages);
    // Growing by a quarter keeps the number of growths small; exactly what is needed is the second try.
    const generous = Math.min(Math.max(needed, Math.ceil(pages / 4)), maximumPages - pages);
    if (!grew(memory, generous) && !grew(memory, needed)) throw outOfMemory(bytes, allocated, maximumPages);
    const grown = memory.buffer.byteLength;
    if (last && last.end === end) last.end = grown;
    else free.push({ start: end, end: grown });
  };

  const allocate = (bytes: number): number => {
    const size = Math.max(ALIGNMENT, align(bytes));
    if (!(size <= maximumPages * PAGE)) throw outOfMemory(bytes, allocated, maximumPages);
    let index = free.findIndex((range) => range.end - range.start >= size);
    if (index < 0) {
      grow(size);
      index = free.findIndex((range) => range.end - range.start >= size);
    }
    const range = free[index]!;
    const address = range.start;
    range.start += size;
    if (range.start === range.end && free.length > 1) free.splice(index, 1);
    sizes.set(address, size);
    allocated += size;
    return address;
  };

  const release = (address: number): void => {
    const size = sizes.get(address);
    if (size === undefined) return;
    sizes.delete(address);
    allocated -= size;
    const end = address + size;
    let index = free.findIndex((range) => range.start >= end);
    if (index < 0) index = free.length;
    const before = free[index - 1];
    const after = free[index];
    const joinsBefore = before?.end === address;
    const joinsAfter = after?.start === end;
    if (joinsBefore && joinsAfter) {
      before.end = after.end;
      free.splice(index, 1);
    } else if (joinsBefore) before.end = end;
    else if (joinsAfter) after.start = address;
    else free.splice(index, 0, { start: address, end });
  };

  return {
    memory,
    get allocated() {
      return allocated;
    },
    allocate,
    release,
  };
}

/** A memory and the number of pages to which it may grow. */
export interface GrowingMemory {
  readonly memory: WebAssembly.Memory;
  readonly maximumPages: number;
}

/** Makes a memory that may grow to 4 GiB, or to less where the platform cannot reserve that much address space. */
export function createMemory(shared: boolean): GrowingMemory {
  for (let maximum = MAXIMUM_PAGES; maximum >= 4096; maximum /= 2) {
    try {
      return { memory: new WebAssembly.Memory({ initial: 16, maximum, shared }), maximumPages: maximum };
    } catch {
      // A smaller reservation may do.
    }
  }
  throw new CounterweightError('out-of-memory', 'the platform gives no WebAssembly memory of even 256 MiB');
}

function grew(memory: WebAssembly.Memory, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch {
    return false;
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function outOfMemory(bytes: number, allocated: number, maximumPages: number): CounterweightError {
  const mebibytes = (value: number) => Math.ceil(value / 1048576);
  return new CounterweightError(
    'out-of-memory',
    `${mebibytes(bytes)} MiB more are needed, but the kernels' memory ends at ${mebibytes(maximumPages * PAGE)} MiB ` +
      `(${mebibytes(allocated)} MiB in use); use fewer rows or columns`,
    { bytes, allocated },
  );
}
