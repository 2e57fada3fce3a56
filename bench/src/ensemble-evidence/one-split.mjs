import { configuration, made } from '../lib/places.mjs';
import { layOut } from '../lib/split-rows.mjs';
import { ourCell } from './measure-model.mjs';
import { evidenceRows, evidenceSplit } from './rows.mjs';

/** The sets of a configuration that are there, with their rows and a folder each. */
export function readSets(name, data, folder, log) {
  return configuration(name).flatMap((set) => {
    const rows = evidenceRows(set, data, folder);
    if (!rows) log(`${set.name} is not there`);
    return rows ? [{ ...set, rows, folder: made(folder, `rows-${set.name}`) }] : [];
  });
}

/** Does the cells of a set and a seed that are not there yet; says whether there were any. */
export async function oneSplit(set, seed, { methods, cells, ofSide, libraries, peerOf, runtime, log }) {
  const missing = (side) =>
    methods.filter(({ name }) => ofSide(side) && !cells.has({ set: set.name, seed, method: name, side }));
  const ours = missing('ours');
  const others = missing('peer').filter(({ library }) => libraries.has(library));
  if (ours.length + others.length === 0) return false;
  const started = performance.now();
  const parts = evidenceSplit(set.rows, seed);
  const keep = (side, method, cell) => {
    cells.add({ set: set.name, seed, method: method.name, side, ...cell });
    if (cell.error) log(`${set.name}, ${method.name}, ${side}: ${cell.error}`);
  };
  for (const method of ours) {
    keep('ours', method, await tried(() => ourCell(method, parts, seed, runtime)));
  }
  if (others.length > 0) layOut(set.folder, parts);
  for (const library of libraries.keys()) {
    const own = others.filter((method) => method.library === library);
    if (own.length === 0) continue;
    const peer = await peerOf(library);
    await peer.cells(own, { folder: set.folder, parts, seed, take: (...told) => keep('peer', ...told) });
  }
  log(`seed ${seed}, ${set.name}: ${Math.round((performance.now() - started) / 1000)} s`);
  return true;
}

async function tried(work) {
  try {
    return await work();
  } catch (error) {
    return { error: `${error.code ?? error.name}: ${error.message}` };
  }
}
