import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as core from '@counterweight/core';
import { peerScript } from '../lib/places.mjs';
import { readNumbers } from '../lib/split-rows.mjs';
import { measured, seesEven } from './measure-model.mjs';

const modules = {
  'scikit-learn': 'sklearn',
  'imbalanced-learn': 'imblearn',
  'imbalanced-ensemble': 'imbens',
  lightgbm: 'lightgbm',
};

/** The first of several Pythons that can import each library; libraries that none has are left out. */
export function findLibraries(pythons) {
  const found = new Map();
  for (const python of pythons) {
    for (const [library, module] of Object.entries(modules)) {
      if (found.has(library)) continue;
      if (spawnSync(python, ['-W', 'ignore', '-c', `import ${module}`]).status === 0) found.set(library, python);
    }
  }
  return found;
}

/** A library at work, one job after another, on one thread: its figures are of processor time. */
export async function startPeer(python, library) {
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const child = spawn(python, [peerScript('ensemble_evidence.py'), library], { env });
  const errors = [];
  child.stderr.on('data', (chunk) => errors.push(chunk));
  child.on('error', (error) => errors.push(String(error)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const told = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${library} ended: ${errors.join('').slice(-500)}`);
    return JSON.parse(value);
  };
  const { version } = await told();

  /** Methods on the rows that lie in `folder`; `take` is called with each and its cell as it ends. */
  const cells = async (methods, { folder, parts, seed, take }) => {
    const classes = parts.test.y.classes.length;
    const names = methods.map(({ name }) => name);
    child.stdin.write(`${JSON.stringify({ folder, columns: parts.train.X.columns, classes, seed, names })}\n`);
    for (let one = await told(); !one.done; one = await told()) {
      const method = methods.find(({ name }) => name === one.name);
      take(method, one.error ? { error: one.error, version } : { ...readCell(method, folder, parts, one), version });
    }
  };
  return { cells, end: () => child.stdin.end() };
}

function readCell(method, folder, { train, test }, { name, seconds }) {
  const path = join(folder, `${name}.scores`);
  const values = readNumbers(path);
  rmSync(path);
  if (!values.every(Number.isFinite)) return { error: 'probabilities that are no numbers' };
  const probabilities = core.matrix(values, test.y.codes.length, test.y.classes.length);
  return { ...measured(probabilities, train, test, seesEven(method)), seconds };
}
