import { startWorker } from './platform.ts';

/**
 * Threads that share one WebAssembly memory and take tasks of one kernel at a time from a common counter.
 *
 * The caller's thread computes too. Workers join a job whenever they are awake, so nobody waits for a worker to start,
 * and a job never depends on how many take part.
 *
 * Words of the control block: OPEN_BIT of STATE says that a job may be entered, its low bits count the workers inside.
 * A worker enters by adding 1 and looks at the bit it got back, so the caller, once it has closed the job and the count
 * is 0, may write the next job.
 */
const STATE = 0;
const GENERATION = 1;
const NEXT = 2;
const END = 3;
const KERNEL = 4;
const ARGUMENTS = 5;
const JOINED = 6;
const STOPPED = 7;
const FAILED = 8;
const OPEN_BIT = 1 << 30;
/** Offset in bytes of the arguments, float64 each. */
const ARGUMENT_OFFSET = 64;
export const MAXIMUM_ARGUMENTS = 32;

/** A worker is a self-contained script, the same for Node and browsers, so that no bundler has to find a file. */
const workerSource = `
const start = ({ module, memory, control, names, thread }) => {
  const words = new Int32Array(control);
  const values = new Float64Array(control, ${ARGUMENT_OFFSET});
  const exports = new WebAssembly.Instance(module, { env: { memory, abort() { throw new Error('abort'); } } }).exports;
  let seen = 0;
  Atomics.add(words, ${JOINED}, 1);
  for (;;) {
    // Looking a little before sleeping makes the next of many short jobs start without a system call.
    for (let look = 0; look < 2000 && Atomics.load(words, ${GENERATION}) === seen; look++);
    Atomics.wait(words, ${GENERATION}, seen);
    if (Atomics.load(words, ${STOPPED})) return;
    seen = Atomics.load(words, ${GENERATION});
    if (Atomics.add(words, ${STATE}, 1) & ${OPEN_BIT}) {
      try {
        const kernel = exports[names[words[${KERNEL}]]];
        const args = Array.from(values.subarray(0, words[${ARGUMENTS}]));
        const end = words[${END}];
        for (let task = Atomics.add(words, ${NEXT}, 1); task < end; task = Atomics.add(words, ${NEXT}, 1)) kernel(task, thread, ...args);
      } catch {
        Atomics.store(words, ${FAILED}, 1);
      }
    }
    Atomics.sub(words, ${STATE}, 1);
    Atomics.notify(words, ${STATE});
  }
};
if (typeof require === 'function') start(require('node:worker_threads').workerData);
else self.onmessage = (event) => start(event.data);
`;

export interface WorkerPool {
  /** Threads that have joined, the caller's included. */
  readonly joined: number;
  /** Does tasks `begin ... end - 1`, also on this thread, and returns when all are done. */
  run(kernel: string, begin: number, end: number, args: readonly number[]): void;
  /** Ends the workers. */
  stop(): void;
}

type Kernel = (...args: number[]) => number;

/** Starts `workers` workers on the module and memory; returns at once. */
export function startWorkers(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  exports: WebAssembly.Exports,
  workers: number,
): WorkerPool {
  const control = new SharedArrayBuffer(ARGUMENT_OFFSET + MAXIMUM_ARGUMENTS * 8);
  const words = new Int32Array(control);
  const values = new Float64Array(control, ARGUMENT_OFFSET);
  const names = Object.keys(exports).sort();
  const ends: (() => void)[] = [];
  for (let thread = 1; thread <= workers; thread++)
    ends.push(startWorker(workerSource, { module, memory, control, names, thread }));
  let mayWait = true;

  const finish = () => {
    Atomics.and(words, STATE, ~OPEN_BIT);
    for (let inside = Atomics.load(words, STATE); inside !== 0; inside = Atomics.load(words, STATE)) {
      if (!mayWait) continue;
      try {
        Atomics.wait(words, STATE, inside, 1);
      } catch {
        mayWait = false; // a page's main thread may only look
      }
    }
  };

  return {
    get joined() {
      return 1 + Atomics.load(words, JOINED);
    },
    run(kernel, begin, end, args) {
      words[KERNEL] = names.indexOf(kernel);
      words[ARGUMENTS] = args.length;
      words[END] = end;
      values.set(args);
      Atomics.store(words, NEXT, begin);
      Atomics.or(words, STATE, OPEN_BIT);
      Atomics.add(words, GENERATION, 1);
      Atomics.notify(words, GENERATION);
      const call = exports[kernel] as Kernel;
      try {
        for (let task = Atomics.add(words, NEXT, 1); task < end; task = Atomics.add(words, NEXT, 1))
          call(task, 0, ...args);
      } catch (error) {
        Atomics.store(words, NEXT, end);
        throw error;
      } finally {
        finish();
      }
      if (Atomics.exchange(words, FAILED, 0)) throw new Error(`kernel ${kernel} failed in a worker`);
    },
    stop() {
      Atomics.store(words, STOPPED, 1);
      Atomics.add(words, GENERATION, 1);
      Atomics.notify(words, GENERATION);
      for (const end of ends) end();
    },
  };
}
