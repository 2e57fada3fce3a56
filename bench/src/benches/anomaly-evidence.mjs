import { join } from 'node:path';
import * as core from '@counterweight/core';
import { contenders, peers } from '../anomaly-evidence/detectors.mjs';
import { report } from '../anomaly-evidence/report.mjs';
import { ourCell, startPeers } from '../anomaly-evidence/scores.mjs';
import { keptCells } from '../ensemble-evidence/cells.mjs';
import { evidenceRows, evidenceSplit, inTwo } from '../ensemble-evidence/rows.mjs';
import { configuration, keptFolder, withTemporaryFolder } from '../lib/places.mjs';

export const summary = 'detectors: how well they find the rare class, beside their peers, over many seeds and sets';

export const options = {
  seeds: { type: 'string', default: '10', help: 'seeds: each with its split (default 10)' },
  only: { type: 'string', help: 'detectors, separated by commas, with all their settings (default all)' },
  sets: { type: 'string', help: 'main or further: ten sets, or ten others (default main)' },
  side: { type: 'string', help: 'ours or peer: do the cells of one side only; none: only write the report' },
  redo: {
    type: 'string',
    help: 'detectors, separated by commas, or all, whose cells are done anew (with --side, of that side)',
  },
};

/**
 * Every detector on the same training and test rows as its peer. Cells are kept as they end, so that the bench can be stopped
 * and started again; the report is written from all cells that there are.
 */
export async function run({ options, python, data, machine, log }) {
  const name = { main: 'anomaly-evidence', further: 'anomaly-evidence-further' }[options.sets ?? 'main'];
  if (!name) throw new Error('--sets is main or further');
  const only = options.only?.split(',');
  // Settings that are not the default follow the name after a comma.
  const isWanted = (method) => only === undefined || only.includes(method.split(',')[0]);
  const redo = new Set(options.redo?.split(','));
  const ofSide = (side) => options.side === undefined || options.side === side;
  const cells = keptCells(
    join(keptFolder('cells'), `${name}.jsonl`),
    ({ method, side }) => (redo.has(method) || redo.has('all')) && ofSide(side),
  );
  const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed);
  const runtime = await core.createKernelRuntime({ threads: 1 });
  const sets = [];
  let peerProcess;
  await withTemporaryFolder(async (folder) => {
    for (const set of configuration(`${name}-sets.json`)) {
      const rows = evidenceRows(set, data, folder);
      if (rows) sets.push({ ...set, rows: inTwo(rows, set.positive) });
      else log(`${set.name} is not there`);
    }
    for (const seed of seeds) {
      for (const { name: set, rows } of sets) {
        const missing = (side) => (method) =>
          ofSide(side) && isWanted(method) && !cells.has({ set, seed, method, side });
        const ours = contenders.filter(({ name }) => missing('ours')(name));
        const theirs = python ? peers.filter(missing('peer')) : [];
        if (ours.length + theirs.length === 0) continue;
        const begin = performance.now();
        const parts = evidenceSplit(rows, seed);
        for (const one of ours) {
          const cell = await ourCell(one, parts, seed, runtime);
          cells.add({ set, seed, method: one.name, side: 'ours', ...cell });
        }
        if (theirs.length > 0) {
          peerProcess ??= startPeers(python, folder);
          for (const { name, cell } of await peerProcess.score(theirs, parts, seed)) {
            cells.add({ set, seed, method: name, side: 'peer', ...cell });
          }
        }
        log(`seed ${seed}, ${set}: ${Math.round((performance.now() - begin) / 1000)} s`);
      }
    }
    peerProcess?.stop();
  });
  await runtime.dispose();
  report({ name, sets, seeds, cells, machine });
  return 0;
}
