import { basename } from 'node:path';
import { type CommonOptions, listText } from './common-options.ts';
import { quoteWord } from './quote-word.ts';

/** Options of the command line as commander gives them. */
export interface EvaluateFlags {
  readonly target: string;
  readonly score?: readonly string[];
  readonly scores?: readonly string[];
  readonly positive?: string;
  readonly threshold?: number;
  readonly costFn?: number;
  readonly costFp?: number;
  readonly costMatrix?: string;
  readonly weights?: string;
  readonly metric?: string;
  readonly html?: string;
}

/** The command line in a normal form: file names without folders, without what cannot change the result. */
export function evaluateCommandOf(data: string, flags: EvaluateFlags & CommonOptions): string {
  const options: readonly (readonly [string, string | number | undefined])[] = [
    ['target', flags.target],
    ...(flags.score ?? []).map((name) => ['score', name] as const),
    ['scores', flags.scores && listText(flags.scores)],
    ['positive', flags.positive],
    ['threshold', flags.threshold],
    ['cost-fn', flags.costFn],
    ['cost-fp', flags.costFp],
    ['cost-matrix', flags.costMatrix && basename(flags.costMatrix)],
    ['weights', flags.weights],
    ['metric', flags.metric],
    ['seed', flags.seed],
  ];
  const words = ['counterweight', 'evaluate', quoteWord(basename(data))];
  for (const [name, value] of options) if (value !== undefined) words.push(`--${name}`, quoteWord(String(value)));
  return words.join(' ');
}
