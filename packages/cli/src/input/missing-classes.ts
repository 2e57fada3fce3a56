import { CounterweightError, type Notice } from '@counterweight/core';

/**
 * Runs what needs classes; where it finds too few of them in the target, the error says also which words of the file were
 * taken for missing values, since one of them may have been meant as a class.
 */
export async function withMissingWords<T>(
  target: string,
  notices: readonly Notice[],
  work: () => Promise<T> | T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CounterweightError) || !fewClasses.has(error.code)) throw error;
    const said = notices.find(({ code, column }) => code === 'tokens-read-as-missing' && column === target);
    if (said) error.message += ` (${said.message})`;
    throw error;
  }
}

const fewClasses = new Set(['one-class', 'bad-target']);
