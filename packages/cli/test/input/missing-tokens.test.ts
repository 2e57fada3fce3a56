import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultMissingTokens } from '../../src/input/missing-tokens.ts';

describe('the words for a missing cell', () => {
  it('are those that the Python examples of the export guide read as missing, in both', () => {
    const guide = readFileSync(new URL('../../../../docs/export.md', import.meta.url), 'utf8');
    const lists = [...guide.matchAll(/^missing = (\[.*?\])/gm)].map(([, list]) => JSON.parse(list ?? ''));
    expect(lists).toEqual([
      ['', ...defaultMissingTokens],
      ['', ...defaultMissingTokens],
    ]);
    expect(guide.match(/keep_default_na=False/g)).toHaveLength(2);
  });
});
