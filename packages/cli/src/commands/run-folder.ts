import { existsSync } from 'node:fs';
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Checkpoint, CounterweightError } from '@counterweight/core';
import { ensureOutputFolder, liesIn, requireDistinctFiles, writeFileAtomically } from '../output/index.ts';
import type { RunRequest } from './run-request.ts';

/** What a run keeps beside its folds so that it can go on: what was asked, and of which bytes. */
interface RunState {
  readonly version: string;
  readonly request: RunRequest;
  readonly fingerprints: Readonly<Record<string, string>>;
}

/** A folder that a run writes into. Finished units of work lie in its `checkpoint` until the run is done. */
export interface RunFolder {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** The path of an output file. */
  file(name: string): string;
  /** Removes the checkpoint; call when all output stands. */
  finish(): Promise<void>;
  /** Removes the folders made for the run again, if nothing was written into them. */
  abandon(): Promise<void>;
  /** Whether finished work is kept that a resumed run can use. */
  hasCheckpoint(): boolean;
}

/** What a finished run leaves in its folder. */
export const runFiles: readonly string[] = ['report.html', 'report.json', 'model.json', 'predictions.parquet'];

/** That nothing which a run writes into its folder, or removes from it, is one of its inputs. Throws `output-is-input`. */
export function requireFolderWithoutInput(path: string, { data, test, costMatrix }: RunRequest): void {
  const inputs = [
    ['DATA', data],
    ['--test', test],
    ['--cost-matrix', costMatrix],
  ] as const;
  requireDistinctFiles(
    inputs,
    runFiles.map((name) => ['the file of the run', join(path, name)] as const),
  );
  const kept = join(path, 'checkpoint');
  for (const [option, input] of inputs) {
    if (input === undefined || !liesIn(kept, input)) continue;
    throw new CounterweightError(
      'output-is-input',
      `${kept} is where a run keeps unfinished work, which it removes at the end, and ${option} lies in it; name another --out`,
      { path: kept },
    );
  }
}

/** Whether a finished run lies in this folder. */
export const holdsRun = (path: string): boolean => existsSync(join(path, 'report.json'));

/** `counterweight-NAME` in the current folder, or the first free `counterweight-NAME-2`, `-3` ... */
export function freeFolder(data: string): string {
  const stem =
    basename(data)
      .replace(/(\.(csv|tsv|txt|json|jsonl|ndjson|parquet|gz))+$/i, '')
      .replaceAll(/[^\w.-]+/g, '-') || 'data';
  for (let n = 1; ; n++) {
    const path = resolve(n === 1 ? `counterweight-${stem}` : `counterweight-${stem}-${n}`);
    if (!existsSync(path)) return path;
  }
}

/**
 * Opens a folder for a new run; an unfinished run in it is forgotten. Throws `cannot-write`, also where a folder `checkpoint`
 * in it is not that of a run.
 */
export async function openRunFolder(path: string, state: RunState): Promise<RunFolder> {
  const made = ensureOutputFolder(path);
  const kept = join(path, 'checkpoint');
  if (existsSync(kept) && !existsSync(join(kept, 'run.json')) && (await readdir(kept)).length > 0) {
    const reason = 'it is not of a run, and a run would remove it';
    throw new CounterweightError('cannot-write', `${kept} cannot be written: ${reason}; name another --out`, {
      reason,
    });
  }
  await rm(kept, { recursive: true, force: true });
  return runFolder(path, state, made);
}

/** What an unfinished run in this folder was asked. Throws `nothing-to-resume`. */
export async function readRunState(path: string): Promise<RunState> {
  const file = join(path, 'checkpoint', 'run.json');
  if (!existsSync(file)) {
    throw new CounterweightError(
      'nothing-to-resume',
      existsSync(join(path, 'report.json'))
        ? `the run in ${path} is finished; there is nothing to resume`
        : `there is no unfinished run in ${path}`,
    );
  }
  return JSON.parse(await readFile(file, 'utf8')) as RunState;
}

/** Opens the folder of an unfinished run. Throws `cannot-resume` if it was asked something else or of other data. */
export async function resumeRunFolder(path: string, state: RunState): Promise<RunFolder> {
  const saved = await readRunState(path);
  if (saved.version !== state.version) {
    throw new CounterweightError(
      'cannot-resume',
      `the run in ${path} was begun by version ${saved.version}, this is ${state.version}; start it anew`,
    );
  }
  const changed = Object.keys({ ...saved.request, ...state.request }).find(
    (key) =>
      JSON.stringify(saved.request[key as keyof RunRequest]) !== JSON.stringify(state.request[key as keyof RunRequest]),
  );
  if (changed !== undefined) {
    throw new CounterweightError(
      'cannot-resume',
      `the run in ${path} was begun with another ${changed}; give --resume alone, or start anew`,
    );
  }
  const file = Object.keys(state.fingerprints).find((name) => saved.fingerprints[name] !== state.fingerprints[name]);
  if (file !== undefined) {
    throw new CounterweightError(
      'cannot-resume',
      `${basename(file)} has changed since the run in ${path} was begun; start it anew`,
    );
  }
  return runFolder(path, state, []);
}

/** `made` are the folders that were made for this run, outermost first. */
function runFolder(path: string, state: RunState, made: readonly string[]): RunFolder {
  const kept = join(path, 'checkpoint');
  let begun = existsSync(join(kept, 'run.json'));
  const begin = async () => {
    if (begun) return;
    ensureOutputFolder(kept);
    await writeFileAtomically(join(kept, 'run.json'), JSON.stringify(state));
    begun = true;
  };
  return {
    path,
    file: (name) => join(path, name),
    hasCheckpoint: () => begun,
    checkpoint: {
      async load(key) {
        const file = join(kept, `${key}.json`);
        return begun && existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined;
      },
      async save(key, value) {
        try {
          await begin();
          await writeFileAtomically(join(kept, `${key}.json`), JSON.stringify(value));
        } catch (error) {
          throw aboutFolder(error, path, begun);
        }
      },
    },
    finish: () => rm(kept, { recursive: true, force: true }),
    async abandon() {
      if (begun) return;
      for (const folder of made.toReversed()) {
        if ((await readdir(folder)).length > 0) return;
        await rmdir(folder);
      }
    },
  };
}

/** What stops a checkpoint from being written concerns the folder; a reader knows nothing of the files inside it. */
function aboutFolder(error: unknown, path: string, begun: boolean): unknown {
  if (!(error instanceof CounterweightError) || error.code !== 'cannot-write') return error;
  const hint = begun ? `; finished folds are kept, go on with: counterweight run --resume ${path}` : '';
  const message = `the run folder ${path} cannot be written: ${String(error.details['reason'])}${hint}`;
  return new CounterweightError('cannot-write', message, error.details);
}
