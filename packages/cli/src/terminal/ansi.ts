import { cutText } from '../report/safe-text.ts';

/** Text styles of a terminal; without colour every one returns its text as it is. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warn(text: string): string;
}

const ESCAPE = '\u001b[';

export function terminalStyle(colour: boolean): Style {
  const wrap = (on: number, off: number) => (text: string) =>
    colour ? `${ESCAPE}${on}m${text}${ESCAPE}${off}m` : text;
  return Object.freeze({ bold: wrap(1, 22), dim: wrap(2, 22), good: wrap(36, 39), warn: wrap(33, 39) });
}

/**
 * Whether to colour: never with NO_COLOR set to anything, in a dumb terminal or away from one; FORCE_COLOR other than 0 insists.
 * See no-color.org.
 */
export function wantsColour(
  stream: { readonly isTTY?: boolean | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if (environment['NO_COLOR']) return false;
  const force = environment['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0';
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

/** Columns that a text takes, without its styles: two for wide scripts and pictures, none for marks that combine. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text.replace(STYLES, ''))) width += segmentWidth(segment);
  return width;
}

function segmentWidth(segment: string): number {
  const code = segment.codePointAt(0) ?? 0;
  if (/\p{Emoji_Presentation}/u.test(segment) || segment.includes('\ufe0f')) return 2;
  if (/^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(segment)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the styles written above
const STYLES = /\u001b\[[0-9;]*m/g;

/** Columns of a terminal; of a file or a pipe infinite, where nothing has to be cut. */
export function terminalWidth(stream: {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}): number {
  return stream.isTTY ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY;
}

/** Columns for sentences, which are wrapped for reading, and for the lines of tables, which are cut in a terminal only. */
export function lineWidths(columns: number, most: number): { readonly width: number; readonly room: number } {
  const width = Math.max(40, Math.min(columns, most));
  return { width, room: Number.isFinite(columns) ? width : columns };
}

/** A name cut to a number of columns, harmless for the terminal. */
export function fitText(text: string, columns: number): string {
  let cut = cutText(text, columns);
  for (let max = columns - 1; textWidth(cut) > columns && max > 0; max--) cut = cutText(text, max);
  return cut;
}

/** Fills a text up with spaces to a number of columns. */
export function padText(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, columns - textWidth(text)));
  return side === 'left' ? text + space : space + text;
}

/** Breaks a sentence into lines of at most `columns`, at most `most` of them; the last ends with an ellipsis where something is left out. */
export function wrapText(text: string, columns: number, most = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = [];
  let line = '';
  // A number and its percent sign stay together.
  for (const word of text.split(/(?:[ \t\n](?!%))+/).filter((part) => part !== '')) {
    const fitted = fitText(word, columns);
    if (line === '') line = fitted;
    else if (textWidth(line) + 1 + textWidth(fitted) <= columns) line += ` ${fitted}`;
    else {
      lines.push(line);
      line = fitted;
    }
  }
  if (line !== '') lines.push(line);
  if (lines.length <= most) return lines;
  const last = lines[most - 1] ?? '';
  return [...lines.slice(0, most - 1), textWidth(last) < columns ? `${last}…` : fitText(`${last} …`, columns)];
}
