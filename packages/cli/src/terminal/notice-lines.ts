import type { Notice } from '@counterweight/core';
import { terminalFormat as format } from '../report/format.ts';
import { safeText } from '../report/safe-text.ts';
import { type Style, wrapText } from './ansi.ts';

/** Notices in full, warnings first; at most `most` of them, and how many there are besides. */
export function noticeLines(
  notices: readonly Pick<Notice, 'severity' | 'message'>[],
  width: number,
  style: Style,
  most = Number.POSITIVE_INFINITY,
): string[] {
  const sorted = [...notices].sort((a, b) => Number(b.severity === 'warning') - Number(a.severity === 'warning'));
  const lines = sorted.slice(0, most).flatMap(({ severity, message }) => {
    const [first = '', ...rest] = wrapText(safeText(message), width - 3);
    const mark = severity === 'warning' ? style.warn('!') : style.dim('-');
    return [`${mark}  ${first}`, ...rest.map((line) => `   ${line}`)];
  });
  const left = sorted.length - most;
  return left > 0 ? [...lines, style.dim(`   … ${format.count(left)} more (--json lists all)`)] : lines;
}
