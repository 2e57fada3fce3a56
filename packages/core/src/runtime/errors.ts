/**
 * The one error type of the library.
 *
 * `code` is stable and meant for programs; `message` is one line for people: what is wrong, where, and what to do.
 * Anything a caller can put right (a bad option, a bad column, too few rows) is a CounterweightError thrown before work starts.
 */
export interface ErrorDetails {
  /** Column the error speaks of. */
  readonly column?: string;
  /** Row the error speaks of, 0-based in the caller's data. */
  readonly row?: number;
  /** Class label the error speaks of. */
  readonly class?: string | number;
  /** Further facts, plain JSON. */
  readonly [key: string]: unknown;
}

export class CounterweightError extends Error {
  override readonly name = 'CounterweightError';
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
