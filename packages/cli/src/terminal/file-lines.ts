import { safeText } from '../report/safe-text.ts';
import { padText, type Style, textWidth } from './ansi.ts';

/** Files that were written, their labels in a column. */
export function fileLines(files: readonly { readonly label: string; readonly path: string }[], style: Style): string[] {
  const column = Math.max(0, ...files.map(({ label }) => textWidth(label)));
  return files.map(({ label, path }) => `${style.dim(padText(label, column))}  ${safeText(path)}`);
}
