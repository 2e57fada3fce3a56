import { describe, expect, it } from 'vitest';
import { labelNoiseSuspects } from '../../src/measure/label-noise.ts';
import { around, labelled } from './difficulty-sets.ts';

const cloud = (centre: number, count: number) => Array.from({ length: count }, (_, i) => [centre + i / 100]);

describe('labelNoiseSuspects', () => {
  it('are rows wholly inside another class, the most surprising first', async () => {
    const rows = [...cloud(0, 300), ...cloud(100, 12)];
    const codes = rows.map(([x]) => (x! >= 100 ? 1 : 0));
    codes[150] = 1; // inside the common class
    codes[305] = 0; // inside the rare class
    const data = labelled(rows, codes);
    const suspects = labelNoiseSuspects(data, await around(data));
    expect(suspects.map(({ row, surroundedBy, verdict }) => [row, surroundedBy, verdict])).toEqual([
      [305, 1, 'wrong-label'],
      [150, 0, 'wrong-label-or-rare-case'],
    ]);
    expect(suspects[0]!.surprise).toBeCloseTo(-5 * Math.log2(12 / 312), 12);
  });

  it('are not at a border, and not surrounded by several classes', async () => {
    // Row at 3.0 has five enemies to its left, of which the nearest have rows of its class among theirs.
    const border = labelled([...cloud(0, 6), [0.2], [0.25], [0.3]], [0, 0, 0, 0, 0, 0, 1, 1, 1]);
    expect(labelNoiseSuspects(border, await around(border, 2))).toEqual([]);
    const mixed = labelled(
      [...cloud(0, 4), [0.05], ...cloud(0.06, 4), ...cloud(9, 5)],
      [0, 0, 0, 0, 2, 1, 1, 1, 1, 2, 2, 2, 2, 2],
    );
    expect(labelNoiseSuspects(mixed, await around(mixed)).map(({ row }) => row)).toEqual([]);
  });
});
