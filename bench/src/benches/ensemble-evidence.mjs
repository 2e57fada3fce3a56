import { join } from 'node:path';
import * as core from '@counterweight/core';
import { keptCells } from '../ensemble-evidence/cells.mjs';
import { methods } from '../ensemble-evidence/methods.mjs';
import { oneSplit, readSets } from '../ensemble-evidence/one-split.mjs';
import { findLibraries, startPeer } from '../ensemble-evidence/peers.mjs';
import { report } from '../ensemble-evidence/report.mjs';
import { keptFolder, withTemporaryFolder } from '../lib/places.mjs';

export const summary = 'learners and ensembles: how well they rank, beside their peers, over many seeds and sets';

export const options = {
  seeds: { type: 'string', default: '10', help: 'seeds: each with its split (default 10)' },
  also: { type: 'string', help: 'further Pythons, separated by commas, for libraries that the first has not' },
  side: { type: 'string', help: 'ours or peer: do the cells of one side only; none: only the report' },
  redo: { type: 'string', help: 'methods, separated by commas, whose cells are done anew (with --side, of that side)' },
};

/**
 * Every method on the same training and test rows as its peer. Cells are kept as they end, so that the bench can be stopped
 * and started again; the report is written from all cells that there are after each seed.
 */
export async function run({ options, python, data, machine, log }) {
  const redo = new Set(options.redo?.split(','));
  const ofSide = (side) => options.side === undefined || options.side === side;
  const cells = keptCells(
    join(keptFolder('cells'), 'ensemble-evidence.jsonl'),
    ({ method, side }) => redo.has(method) && ofSide(side),
  );
  const pythons = ofSide('peer') ? [python, ...(options.also?.split(',') ?? [])].filter(Boolean) : [];
  const libraries = findLibraries(pythons);
  const peers = new Map();
  const peerOf = async (library) => {
    if (!peers.has(library)) peers.set(library, await startPeer(libraries.get(library), library));
    return peers.get(library);
  };
  const runtime = await core.createKernelRuntime({ threads: 1 });
  await withTemporaryFolder(async (folder) => {
    const sets = readSets('ensemble-evidence-sets.json', data, folder, log);
    const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed);
    for (const seed of seeds) {
      let fresh = seed + 1 === seeds.length;
      for (const set of sets) {
        const done = await oneSplit(set, seed, { methods, cells, ofSide, libraries, peerOf, runtime, log });
        fresh ||= done;
      }
      if (!fresh) continue;
      report({ sets, methods, seeds: seeds.slice(0, seed + 1), cells, machine, quiet: seed + 1 < seeds.length });
    }
  });
  for (const peer of peers.values()) peer.end();
  await runtime.dispose();
  return 0;
}
