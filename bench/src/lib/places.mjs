import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const benchFolder = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const root = dirname(benchFolder);

export const resultsFolder = join(benchFolder, 'results');
export const shippedDataFolder = join(root, 'packages', 'cli', 'data');
const entry = join(root, 'packages', 'cli', 'bin', 'counterweight.js');

/** Program and first arguments of the command line; throws where it is not built. */
export function commandLine() {
  if (existsSync(join(root, 'packages', 'cli', 'dist', 'main.js'))) return [process.execPath, entry];
  throw new Error('the command line is not built yet: npm run build');
}

export const peerScript = (name) => join(benchFolder, 'peers', name);

/** Reads a configuration that stands beside the benches. */
export const configuration = (name) => JSON.parse(readFileSync(join(benchFolder, name), 'utf8'));

/** The peer's Python: --python, PEER_PYTHON, or the venv of the README; null where there is none. */
export function findPython(given) {
  const own = join(benchFolder, '.venv', 'bin', 'python');
  return given ?? process.env.PEER_PYTHON ?? (existsSync(own) ? own : null);
}

/** Folder of the larger data sets: --data, or `shared/data` beside the checkout; null where there is none. */
export function findData(given) {
  if (given) {
    if (!existsSync(given)) throw new Error(`there is no folder ${given}`);
    return resolve(given);
  }
  const beside = resolve(root, '..', 'shared', 'data');
  return existsSync(beside) ? beside : null;
}

/** Plain CSV of `NAME.csv` or `NAME.csv.gz` in `data`, written into `folder`; null where there is neither. */
export function plainCsv(data, name, folder) {
  const packed = join(data, `${name}.csv.gz`);
  const plain = join(data, `${name}.csv`);
  if (existsSync(plain)) return plain;
  if (!existsSync(packed)) return null;
  const out = join(folder, `${name}.csv`);
  if (!existsSync(out)) writeFileSync(out, gunzipSync(readFileSync(packed)));
  return out;
}

/** A folder that is gone when `work` ends, however it ends. */
export async function withTemporaryFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a folder and returns its path. */
export function made(...parts) {
  const folder = join(...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A folder that stays between runs of a bench, for what it need not do twice. */
export const keptFolder = (name) => made(benchFolder, '.kept', name);

/** Every file below a folder, relative to it, sorted. */
export const filesBelow = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((item) => !item.isDirectory())
        .map((item) => join(item.parentPath, item.name).slice(folder.length + 1))
        .sort()
    : [];
