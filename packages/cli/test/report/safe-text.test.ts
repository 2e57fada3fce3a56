import { describe, expect, it } from 'vitest';
import { cutText, safeText } from '../../src/report/safe-text.ts';

describe('safe text', () => {
  it('shows control characters as pictures and takes the power from direction marks', () => {
    expect(safeText('a\u001b[31mb\nc\u007f')).toBe('a\u241b[31mb\u240ac\u2421');
    expect(safeText('\u202eabc\u2066\u009b')).toBe('\ufffdabc\ufffd\ufffd');
    expect(safeText('\ud800x')).toBe('\ufffdx');
    expect(safeText('naïve 🦄 日本')).toBe('naïve 🦄 日本');
  });

  it('cuts between characters as people see them', () => {
    expect(cutText('abcdef', 6)).toBe('abcdef');
    expect(cutText('abcdefg', 6)).toBe('abcde…');
    const family = '👨‍👩‍👧‍👦';
    expect(cutText(family.repeat(5), 3)).toBe(`${family}${family}…`);
    expect(cutText(family.repeat(3), 3)).toBe(family.repeat(3));
  });
});
