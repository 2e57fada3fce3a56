import { CounterweightError } from './errors.ts';
import { createMemory, type GrowingMemory, type KernelMemory, kernelMemory } from './kernel-memory.ts';
import { plainKernels, sharedKernels } from './kernels.generated.ts';
import { canShareMemory, collectGarbage, processors } from './platform.ts';
import { MAXIMUM_ARGUMENTS, startWorkers, type WorkerPool } from './worker-pool.ts';

/** A block of kernel memory. `view()` is made afresh at each call: a growing memory leaves old views behind. */
export interface KernelArray<T> {
  readonly address: number;
  readonly length: number;
  view(): T;
}

/**
 * Memory that one piece of work has taken. Close it in a `finally`; all blocks go back at once.
 */
export interface KernelScope {
  /** Content is undefined unless `zero` is set. Throws `out-of-memory`. */
  float64(length: number, zero?: 'zero'): KernelArray<Float64Array>;
  int32(length: number, zero?: 'zero'): KernelArray<Int32Array>;
  bytes(length: number, zero?: 'zero'): KernelArray<Uint8Array>;
  /** Gives one block back before the scope closes. */
  release(block: KernelArray<unknown>): void;
  /**
   * Does tasks `begin ... end - 1` of a kernel on all threads; `args` follow (task, thread). What a task computes must not
   * depend on its thread, but for the scratch it uses. Returns when all are done.
   */
  run(kernel: string, begin: number, end: number, args: readonly number[]): void;
  /** Calls a kernel function on this thread. */
  call(kernel: string, ...args: number[]): number;
  close(): void;
}

/**
 * The WebAssembly kernels with their memory and threads. Safe to share among pieces of work that run interleaved.
 *
 * Memory is given back: when no scope is open and the memory has grown beyond 64 MiB, memory and workers are dropped and
 * made afresh at next use.
 */
export interface KernelRuntime {
  /** Number of threads that compute, the caller's own included. */
  readonly threads: number;
  /** True if threads share the memory; false in the single-threaded build. */
  readonly shared: boolean;
  /** Bytes of WebAssembly memory held now. */
  readonly memoryBytes: number;
  /** Opens a scope. Throws `disposed` after `dispose`. */
  open(): Promise<KernelScope>;
  /** Ends the workers and lets the memory go. */
  dispose(): Promise<void>;
}

export interface KernelRuntimeOptions {
  /** Threads that compute, the caller's included; by default the number of processors. 1 where memory cannot be shared. */
  readonly threads?: number | undefined;
}

interface Machine {
  readonly growing: GrowingMemory;
  readonly blocks: KernelMemory;
  readonly exports: WebAssembly.Exports;
  readonly pool: WorkerPool | undefined;
}

/** The module's own constants lie below; they are a few hundred bytes. */
const RESERVED_BYTES = 65536;
const KEPT_BYTES = 64 * 1048576;
/** Work often comes in series (folds): memory is kept for a moment before it is given back. */
const IDLE_MILLISECONDS = 200;
const START_MILLISECONDS = 5000;
const modules = new Map<boolean, Promise<WebAssembly.Module>>();

/**
 * Starts kernels on `threads` threads (2 = one worker and the caller). Where shared memory is not allowed, or workers
 * cannot start, `threads` of the result says what there is. Throws `bad-option` for a thread count that is no positive integer.
 */
export async function createKernelRuntime(options: KernelRuntimeOptions = {}): Promise<KernelRuntime> {
  const asked = options.threads ?? processors();
  if (!Number.isInteger(asked) || asked < 1 || asked > 256) {
    throw new CounterweightError('bad-option', `threads must be an integer from 1 to 256, got ${asked}`);
  }
  const shared = asked > 1 && canShareMemory();
  const machines = machineKeeper(await compile(shared), shared, shared ? asked : 1);
  const { pool } = await machines.take();
  const threads = pool ? await joined(pool, asked) : 1;
  machines.giveBack();
  return Object.freeze({
    threads,
    shared,
    get memoryBytes() {
      return machines.bytes();
    },
    open: async () => openScope(await machines.take(), threads, machines.giveBack),
    dispose: async () => machines.dispose(),
  });
}

/**
 * Keeps the one machine of a runtime: makes it when first taken, counts who holds it, and lets a large one go when nobody
 * does. What was let go is remembered weakly: if the garbage collector has not come by, the next taker gets the same memory
 * again, so two large memories never stand side by side.
 */
function machineKeeper(module: WebAssembly.Module, shared: boolean, threads: number) {
  let machine: Machine | undefined;
  let making: Promise<Machine> | undefined;
  let left: WeakRef<GrowingMemory> | undefined;
  let holders = 0;
  let disposed = false;
  let idle: ReturnType<typeof setTimeout> | undefined;

  const drop = () => {
    if (holders > 0 || !machine) return;
    machine.pool?.stop();
    left = new WeakRef(machine.growing);
    machine = undefined;
    // The stack that led here may still refer to the machine.
    setTimeout(collectGarbage, 0);
  };

  const take = async (): Promise<Machine> => {
    if (disposed) throw new CounterweightError('disposed', 'this kernel runtime has been disposed of');
    clearTimeout(idle);
    holders++;
    try {
      making ??= machine ? Promise.resolve(machine) : build(module, left?.deref() ?? createMemory(shared), threads);
      machine = await making;
      return machine;
    } catch (error) {
      holders--;
      throw error;
    } finally {
      making = undefined;
    }
  };

  const giveBack = () => {
    holders--;
    if (holders > 0 || !machine) return;
    if (disposed) return drop();
    if (machine.growing.memory.buffer.byteLength <= KEPT_BYTES) return;
    idle = setTimeout(drop, IDLE_MILLISECONDS);
    (idle as { unref?: () => void }).unref?.();
  };

  const dispose = () => {
    disposed = true;
    clearTimeout(idle);
    drop();
  };

  return { take, giveBack, dispose, bytes: () => machine?.growing.memory.buffer.byteLength ?? 0 };
}

function compile(shared: boolean): Promise<WebAssembly.Module> {
  let module = modules.get(shared);
  if (!module) {
    const binary = Uint8Array.from(atob(shared ? sharedKernels : plainKernels), (character) => character.charCodeAt(0));
    module = WebAssembly.compile(binary);
    modules.set(shared, module);
  }
  return module;
}

async function build(module: WebAssembly.Module, growing: GrowingMemory, threads: number): Promise<Machine> {
  const { memory, maximumPages } = growing;
  const abort = () => {
    throw new Error('kernel aborted');
  };
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, abort } });
  const pool = threads > 1 ? startWorkers(module, memory, exports, threads - 1) : undefined;
  return { growing, blocks: kernelMemory(memory, RESERVED_BYTES, maximumPages), exports, pool };
}

/** Waits for the workers, so that the first job has them all; goes on with those there are if some do not come. */
async function joined(pool: WorkerPool, threads: number): Promise<number> {
  const begin = performance.now();
  while (pool.joined < threads && performance.now() - begin < START_MILLISECONDS) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return pool.joined;
}

function openScope(taken: Machine, threads: number, closed: () => void): KernelScope {
  const mine = new Set<number>();
  // Forgotten at the end, so that a scope or a block that somebody still holds does not keep the memory.
  let held: Machine | undefined = taken;
  const machine = (): Machine => {
    if (!held) throw new Error('this scope of kernel memory is closed');
    return held;
  };

  const take = <T extends Float64Array | Int32Array | Uint8Array>(
    View: { new (buffer: ArrayBufferLike, address: number, length: number): T; readonly BYTES_PER_ELEMENT: number },
    length: number,
    zero?: 'zero',
  ): KernelArray<T> => {
    const address = machine().blocks.allocate(length * View.BYTES_PER_ELEMENT);
    mine.add(address);
    const view = () => new View(machine().growing.memory.buffer, address, length);
    if (zero) view().fill(0);
    return { address, length, view };
  };

  return Object.freeze({
    float64: (length: number, zero?: 'zero') => take<Float64Array>(Float64Array, length, zero),
    int32: (length: number, zero?: 'zero') => take<Int32Array>(Int32Array, length, zero),
    bytes: (length: number, zero?: 'zero') => take<Uint8Array>(Uint8Array, length, zero),
    release(block: KernelArray<unknown>) {
      if (mine.delete(block.address)) machine().blocks.release(block.address);
    },
    run(kernel: string, begin: number, end: number, args: readonly number[]) {
      if (args.length > MAXIMUM_ARGUMENTS) throw new Error(`kernel ${kernel}: too many arguments`);
      const { pool, exports } = machine();
      if (pool && threads > 1 && end - begin > 1) return pool.run(kernel, begin, end, args);
      const call = exports[kernel] as (...args: number[]) => void;
      for (let task = begin; task < end; task++) call(task, 0, ...args);
    },
    call: (kernel: string, ...args: number[]) => (machine().exports[kernel] as (...args: number[]) => number)(...args),
    close() {
      if (!held) return;
      for (const address of mine) held.blocks.release(address);
      mine.clear();
      held = undefined;
      closed();
    },
  });
}
