/**
 * What differs between Node and browsers. Node's own modules are reached without an import, which a bundler would try to
 * follow; in browsers they are undefined.
 */
interface NodeProcess {
  getBuiltinModule?: (name: string) => unknown;
}

function nodeModule<T>(name: string): T | undefined {
  const node = (globalThis as { process?: NodeProcess }).process;
  return node?.getBuiltinModule?.(`node:${name}`) as T | undefined;
}

/** True where threads may share memory: in Node always, in a browser only on a cross-origin isolated page. */
export function canShareMemory(): boolean {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated;
  return typeof SharedArrayBuffer === 'function' && isolated !== false;
}

/** Number of processors this process may use, at least 1. */
export function processors(): number {
  const os = nodeModule<{ availableParallelism(): number }>('os');
  const browser = (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator;
  return Math.max(1, os?.availableParallelism() ?? browser?.hardwareConcurrency ?? 1);
}

interface NodeWorker {
  unref(): void;
  terminate(): unknown;
}

/** Starts a worker on a self-contained script that finds `data` in workerData or in its first message. Returns how to end it. */
export function startWorker(source: string, data: object): () => void {
  const node = nodeModule<{ Worker: new (source: string, options: object) => NodeWorker }>('worker_threads');
  if (node) {
    const worker = new node.Worker(source, { eval: true, workerData: data, execArgv: [] });
    worker.unref(); // a process may end while its workers wait for work
    return () => void worker.terminate();
  }
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.postMessage(data);
  return () => {
    worker.terminate();
    URL.revokeObjectURL(url);
  };
}

let collector: (() => void) | undefined;

/**
 * Asks Node for a garbage collection: V8 does not count shared WebAssembly memory, so gigabytes that nobody refers to would
 * stay. Browsers have no such call, nor have other engines; there it does nothing.
 */
export function collectGarbage(): void {
  if (!collector) {
    const v8 = nodeModule<{ setFlagsFromString(flags: string): void }>('v8');
    const vm = nodeModule<{ runInNewContext(code: string): unknown }>('vm');
    try {
      v8?.setFlagsFromString('--expose-gc');
      const found = vm?.runInNewContext('gc');
      if (typeof found === 'function') collector = found as () => void;
    } catch {
      // Another engine under Node's name, without V8's flags.
    }
    collector ??= () => {};
  }
  collector();
}
