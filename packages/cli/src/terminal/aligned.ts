import { padText, textWidth } from './ansi.ts';

/** Columns of cells padded to their widest; the first is the head. Those named in `right` are set flush right. */
export function aligned(rows: readonly (readonly string[])[], right: readonly number[] = [1, 2]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => textWidth(row[c]!))));
  return rows.map((row) =>
    row
      .map((cell, c) => padText(cell, widths[c]!, right.includes(c) ? 'right' : 'left'))
      .join('  ')
      .trimEnd(),
  );
}
