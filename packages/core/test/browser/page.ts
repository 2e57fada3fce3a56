import { createKernelRuntime } from '../../src/index.ts';
import { jobs } from './jobs.ts';

/** The page's script: `runJobs(threads)` runs every job and returns the digests of their results. */
async function runJobs(threads: number) {
  const runtime = await createKernelRuntime({ threads });
  const digests: Record<string, string> = {};
  for (const [name, job] of Object.entries(jobs)) digests[name] = await job(runtime);
  const { threads: joined, shared } = runtime;
  await runtime.dispose();
  return { threads: joined, shared, digests };
}

Object.assign(globalThis, { runJobs });
