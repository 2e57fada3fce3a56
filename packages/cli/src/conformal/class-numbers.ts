import { readFileSync } from 'node:fs';
import { type Classes, CounterweightError } from '@counterweight/core';
import { list } from '../commands/common-options.ts';

/**
 * Numbers by class: `CLASS=NUMBER,…` (a comma in a class is written `\,`; the last `=` counts), or the name of a JSON file that
 * holds one object, `{"CLASS": NUMBER, …}`. Throws `bad-option`, `no-such-file`.
 */
export function classNumbers(option: string, text: string): ReadonlyMap<string, number> {
  const pairs = text.endsWith('.json') ? fromFile(option, text) : fromText(option, text);
  const found = new Map<string, number>();
  for (const [label, value] of pairs) {
    if (typeof value !== 'number' || !(value >= 0) || !Number.isFinite(value)) {
      throw bad(`${option}: the number of class ${label} must be at least 0`);
    }
    if (found.has(label)) throw bad(`${option} names class ${label} twice`);
    found.set(label, value);
  }
  if (![...found.values()].some((value) => value > 0)) throw bad(`${option} needs a number above 0`);
  return found;
}

/** The numbers in the order of the classes, `otherwise` for those not named. Throws `bad-option` for a class there is none of. */
export function byClass(
  option: string,
  numbers: ReadonlyMap<string, number>,
  classes: Classes,
  otherwise: number,
): Float64Array {
  const names = new Set(classes.map(String));
  const stray = [...numbers.keys()].find((name) => !names.has(name));
  if (stray !== undefined) {
    throw bad(
      `${option} names the class ${stray}, which there is not; the classes are ${classes.slice(0, 5).join(', ')}`,
    );
  }
  return Float64Array.from(classes, (label) => numbers.get(String(label)) ?? otherwise);
}

function fromText(option: string, text: string): [string, number][] {
  return list(text).map((item) => {
    const at = item.lastIndexOf('=');
    const value = at < 1 || item.slice(at + 1).trim() === '' ? Number.NaN : Number(item.slice(at + 1));
    if (!Number.isFinite(value)) throw bad(`${option} must be CLASS=NUMBER,… or a .json file, got ${item}`);
    return [item.slice(0, at).trim(), value];
  });
}

function fromFile(option: string, path: string): [string, unknown][] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new CounterweightError('no-such-file', `${option}: ${path} cannot be read`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  } catch {}
  throw bad(`${option}: ${path} must hold one JSON object of classes and numbers`);
}

const bad = (message: string) => new CounterweightError('bad-option', message);
