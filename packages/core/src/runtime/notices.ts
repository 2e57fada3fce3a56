/**
 * A structured statement of anything that is not plainly what was asked: k clamped, a class skipped, fewer folds.
 * Functions return notices with their result; nothing in core prints.
 */
export interface Notice {
  /** Stable kebab-case code, such as `fewer-folds`. */
  readonly code: string;
  /** `info`: worth knowing. `warning`: may change what the reader concludes. */
  readonly severity: 'info' | 'warning';
  /** One plain sentence with its numbers. */
  readonly message: string;
  readonly column?: string;
  readonly class?: string | number;
  /** Ids of the strategies of an experiment that alone are concerned. */
  readonly strategies?: readonly string[];
  /** The numbers of the message, for programs. */
  readonly numbers?: Readonly<Record<string, number>>;
}

/** Adds those whose code is not among the notices yet: where many parts would say the same, the first one's word is enough. */
export function addNewCodes(notices: Notice[], more: readonly Notice[]): void {
  for (const one of more) if (!notices.some(({ code }) => code === one.code)) notices.push(one);
}
