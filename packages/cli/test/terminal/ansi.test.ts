import { describe, expect, it } from 'vitest';
import { fitText, padText, textWidth, wantsColour, wrapText } from '../../src/terminal/ansi.ts';

describe('terminal text', () => {
  it('counts columns as a terminal does', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('日本')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth('🦄')).toBe(2);
    expect(textWidth('\u001b[1mab\u001b[22m')).toBe(2);
  });

  it('cuts and fills to columns', () => {
    expect(fitText('日本語日本語', 7)).toBe('日本語…');
    expect(textWidth(fitText('🦄'.repeat(20), 9))).toBeLessThanOrEqual(9);
    expect(padText('日', 4)).toBe('日  ');
    expect(padText('7', 3, 'right')).toBe('  7');
  });

  it('wraps at words, cuts words that are longer than a line, and stops where told', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('x'.repeat(20), 5)).toEqual(['xxxx…']);
    expect(wrapText('one two three four', 5, 2)).toEqual(['one', 'two…']);
  });

  it('honours NO_COLOR and FORCE_COLOR', () => {
    expect(wantsColour({ isTTY: true }, {})).toBe(true);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '' })).toBe(true);
    expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
    expect(wantsColour({}, {})).toBe(false);
    expect(wantsColour({}, { FORCE_COLOR: '1' })).toBe(true);
    expect(wantsColour({ isTTY: true }, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });
});
