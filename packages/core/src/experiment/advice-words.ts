import { quoted } from '../data/quoted.ts';
import type { AdviceFacts } from './advice-facts.ts';

/** `counterweight NAME DATA --target T ...` as a POSIX shell takes it; the class that was named is named again. */
export function commandFor(facts: AdviceFacts, name: 'run' | 'diagnose', ...options: readonly string[]): string {
  const { data, path, named } = facts;
  const words = ['counterweight', name, path ?? data.source, '--target', data.target];
  if (named !== undefined) words.push('--positive', String(named));
  return [...words, ...options].map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A name as one of a list: commas in it are escaped. */
export const listItem = (name: string): string => name.replaceAll(',', '\\,');

/** A share as a percentage of two significant digits below 10 %, else of one decimal. */
export function percent(share: number): string {
  const value = 100 * share;
  const fromEnd = Math.min(value, 100 - value);
  if (fromEnd <= 0) return `${Math.round(value)} %`;
  return `${value.toFixed(fromEnd >= 1 ? 1 : Math.min(6, 1 - Math.floor(Math.log10(fromEnd))))} %`;
}

/** A whole number with its thousands apart. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 row`, `1,200 rows`. */
export const rowsOf = (value: number): string => `${count(value)} ${value === 1 ? 'row' : 'rows'}`;

/** The first names, and how many there are more. */
export function someOf(names: readonly (string | number)[], most = 3): string {
  const shown = names.slice(0, most).map((name) => (typeof name === 'number' ? String(name) : quoted(name)));
  const left = names.length - shown.length;
  return left > 0 ? `${shown.join(', ')} and ${count(left)} more` : shown.join(', ');
}

export const className = (label: string | number): string =>
  typeof label === 'number' ? String(label) : quoted(label);
