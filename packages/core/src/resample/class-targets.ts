import type { ClassLabel, Labels } from '../data/labels.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { quoted } from './class-counts.ts';

/**
 * What one class should have: a whole number of rows (also as `{ count }`), or its size against the reference class.
 * A ratio is `rows / largest class` when rows are added and `smallest class / rows` when rows are removed.
 */
export type ClassTarget = number | { readonly count: number } | { readonly ratio: number };

/**
 * Targets keyed by label. A record's keys are the labels as text (`{ 1: 50 }` and `{ '1': 50 }` are one thing in
 * JavaScript); a Map's keys must have the labels' own type. A class called `__proto__` needs a Map.
 */
export type ClassTargets = ReadonlyMap<ClassLabel, ClassTarget> | Readonly<Record<string, ClassTarget>>;

/**
 * What is given by label, by class code; `option` names it in errors. Throws `bad-option` for anything but a Map or a plain
 * record, `unknown-class` for a label that has no rows.
 */
export function targetsByCode(
  targets: unknown,
  labels: Labels,
  counts: Int32Array,
  option = 'samplingStrategy',
): Map<number, ClassTarget> {
  const byCode = new Map<number, ClassTarget>();
  for (const [key, target] of entriesOf(targets, option)) {
    byCode.set(codeOf(key, !(targets instanceof Map), labels, counts, option), target as ClassTarget);
  }
  return byCode;
}

/** Class codes of a list of labels. Throws `unknown-class`. */
export function codesOfList(list: readonly unknown[], labels: Labels, counts: Int32Array): number[] {
  return [...new Set(list.map((label) => codeOf(label, false, labels, counts, 'samplingStrategy')))];
}

function entriesOf(targets: unknown, option: string): Iterable<readonly [unknown, unknown]> {
  if (targets instanceof Map) return targets.entries();
  if (typeof targets === 'object' && targets !== null) {
    const prototype: unknown = Object.getPrototypeOf(targets);
    if (prototype === null || prototype === Object.prototype) return Object.entries(targets);
    // `{ __proto__: … }` in source text sets the prototype and leaves no key behind.
    if (!Object.hasOwn(prototype as object, 'constructor')) {
      throw badTargets(option, 'a record cannot be keyed by "__proto__": use a Map');
    }
  }
  throw badTargets(option, 'what is given per class must be a Map or a plain record from label to value');
}

function badTargets(option: string, message: string): CounterweightError {
  return new CounterweightError('bad-option', `${option}: ${message}`);
}

function codeOf(key: unknown, asText: boolean, labels: Labels, counts: Int32Array, option: string): number {
  const code = labels.classes.findIndex((label) => (asText ? String(label) === key : label === key));
  if (code >= 0 && counts[code]! > 0) return code;
  const present = labels.classes.filter((_, index) => counts[index]! > 0);
  const shown = present.slice(0, 5).map(quoted).join(', ');
  const label = typeof key === 'number' || typeof key === 'string' ? key : String(key);
  throw new CounterweightError(
    'unknown-class',
    `${option} names the class ${quoted(label)}, which has no rows; the classes are ${shown}${present.length > 5 ? ', …' : ''}`,
    { class: label },
  );
}
