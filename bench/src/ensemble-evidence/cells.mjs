import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { made } from '../lib/places.mjs';

/** Finished cells, one JSON line each, so that a run that was cut off goes on where it stood. A later line replaces. */
export function keptCells(path, redo = () => false) {
  made(dirname(path));
  const cells = new Map();
  const keyOf = ({ set, seed, method, side }) => `${set}|${seed}|${method}|${side}`;
  if (existsSync(path)) {
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const cell = parsed(line);
      if (cell) cells.set(keyOf(cell), cell);
    }
  }
  const stale = new Set([...cells].filter(([, cell]) => redo(cell)).map(([key]) => key));
  return {
    has: (about) => cells.has(keyOf(about)) && !stale.has(keyOf(about)),
    get: (about) => cells.get(keyOf(about)),
    add: (cell) => {
      stale.delete(keyOf(cell));
      cells.set(keyOf(cell), cell);
      appendFileSync(path, `${JSON.stringify(cell)}\n`);
    },
  };
}

function parsed(line) {
  try {
    return line === '' ? null : JSON.parse(line);
  } catch {
    return null; // The last line of a run that was killed may be cut.
  }
}
