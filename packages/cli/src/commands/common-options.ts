import { availableParallelism } from 'node:os';
import { CounterweightError } from '@counterweight/core';
import { type Command, InvalidArgumentError } from 'commander';

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly seed: number;
  readonly threads: number;
  readonly quiet?: boolean;
}

export function addCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .option('--seed <n>', 'seed of everything random', wholeNumber(0), 0)
    .option(
      '--threads <n>',
      'threads to compute on; results do not depend on it',
      wholeNumber(1),
      availableParallelism(),
    )
    .option('--quiet', 'no progress on standard error');
}

/** A parser for whole numbers of at least `least`. */
export function wholeNumber(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** A parser for numbers from `least`, exclusive where `open`, to `most`. */
export function number(least: number, most = Number.POSITIVE_INFINITY, open = false) {
  return (text: string): number => {
    const value = Number(text);
    const tooSmall = open ? value <= least : value < least;
    if (text.trim() === '' || !Number.isFinite(value) || tooSmall || value > most) {
      const range =
        most === Number.POSITIVE_INFINITY
          ? `${open ? 'above' : 'of at least'} ${least}`
          : `${open ? `above ${least}` : `of at least ${least}`} and at most ${most}`;
      throw new InvalidArgumentError(`It must be a number ${range}.`);
    }
    return value;
  };
}

/** Splits `a,b,c`; a comma inside a name is written `\\,`, a backslash before a comma or at the end of a name `\\\\`. */
export function list(text: string): string[] {
  const items = [...text.matchAll(/((?:\\[\\,]|[^,])*)(?:,|$)/g)].map(([, item]) => item!);
  return items.map((item) => item.replaceAll(/\\([\\,])/g, '$1').trim()).filter((item) => item !== '');
}

/** As `list`, for options that would mean something else when empty. */
export function names(text: string): string[] {
  const found = list(text);
  if (found.length === 0) throw new InvalidArgumentError('Name at least one, or leave the option out.');
  return found;
}

/** What `list` reads as these items. */
export const listText = (items: readonly string[]): string =>
  items.map((item) => item.replaceAll(/\\(?=[\\,]|$)|,/g, '\\$&')).join(',');

/** Runs `work` with a signal that Ctrl-C fires; a second Ctrl-C ends the process at once. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

/** Throws `bad-option` where the target is among the columns to leave aside. */
export function requireTargetSeen(target: string, ignore: readonly string[] | undefined): void {
  if (!ignore?.includes(target)) return;
  throw new CounterweightError(
    'bad-option',
    `--ignore names "${target}", which is the target: it cannot be left aside`,
  );
}

/** Both of two options or neither. Throws `bad-option`. */
export function bothOrNeither(first: [string, unknown], second: [string, unknown]): void {
  if ((first[1] === undefined) === (second[1] === undefined)) return;
  const [given, lacking] = first[1] === undefined ? [second[0], first[0]] : [first[0], second[0]];
  throw new CounterweightError('bad-option', `${given} needs ${lacking} beside it`);
}
