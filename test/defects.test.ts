import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: plain JavaScript without types
import { defectsPage } from '../bench/defects/page.mjs';
// @ts-expect-error: plain JavaScript without types
import { allCases } from '../bench/defects/sections.mjs';
// @ts-expect-error: plain JavaScript without types
import { isEqual, plain, verdictOn } from '../bench/defects/verdict.mjs';

interface Example {
  readonly id: string;
  readonly tolerance?: number;
  readonly ours: (() => unknown) | null;
  readonly truth: () => unknown;
}

interface Found {
  readonly theirs: readonly { readonly version: string; readonly verdict: string }[];
  readonly ours: { readonly answer: unknown } | null;
  readonly truth: unknown;
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const kept = JSON.parse(read('../bench/results/defects.json')) as { cases: Record<string, Found> };
const examples = allCases as readonly Example[];

describe('the page of other libraries’ errors', () => {
  it('shows the figures that were kept, and the examples as they stand in the files', () => {
    expect(read('../docs/defects.md')).toBe(defectsPage(kept));
  });

  it('knows every example, once', () => {
    expect(Object.keys(kept.cases)).toEqual(examples.map(({ id }) => id));
  });

  it.each(examples.filter(({ ours }) => ours !== null))('is right about our answer: $id', async (example) => {
    const answer = plain(await example.ours?.());
    const truth = plain(await example.truth());
    expect(verdictOn({ answer }, example, truth)).not.toBe('wrong');
    expect(isEqual(answer, kept.cases[example.id]?.ours?.answer)).toBe(true);
    expect(isEqual(truth, kept.cases[example.id]?.truth)).toBe(true);
  });
});
