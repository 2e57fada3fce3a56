import { CounterweightError, type Notice } from '@counterweight/core';

/**
 * Runs what needs classes and columns. Where it finds too few classes in the target, the error says also which words of the file
 * were taken for missing values, since one of them may have been meant as a class; where no column is left, it says also
 * which of them look like numbers that are not written plainly.
 */
export async function withMissingWords<T>(
  target: string,
  notices: readonly Notice[],
  work: () => Promise<T> | T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CounterweightError)) throw error;
    const said = fewClasses.has(error.code)
      ? notices.find(({ code, column }) => code === 'tokens-read-as-missing' && column === target)
      : noColumns.has(error.code)
        ? notices.find(({ code }) => code === 'dressed-numbers')
        : undefined;
    if (said) error.message += ` (${said.message})`;
    throw error;
  }
}

const fewClasses = new Set(['one-class', 'bad-target']);
const noColumns = new Set(['no-usable-columns']);
