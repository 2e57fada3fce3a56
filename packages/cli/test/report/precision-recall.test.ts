import { describe, expect, it } from 'vitest';
import { fromNoRecall } from '../../src/report/html/charts/axis.ts';
import { precisionRecallChart } from '../../src/report/html/charts/curves.ts';
import { multiClassReport } from './sample-reports.ts';

describe('precision against recall', () => {
  it('starts at recall 0 with the precision of the first threshold', () => {
    const later = [
      { x: 0.4, y: 0.8 },
      { x: 1, y: 0.5 },
    ];
    expect(fromNoRecall(later)).toEqual([{ x: 0, y: 0.8 }, ...later]);
    const already = [{ x: 0, y: 0 }, ...later];
    expect(fromNoRecall(already)).toEqual(already);
    expect(fromNoRecall([])).toEqual([]);
  });

  it('draws a perfect order along the upper border, not at the right one alone', () => {
    const [first] = multiClassReport().heldOut.curves;
    if (!first) throw new Error('the sample lacks curves');
    const precisionRecall = [1, 1 / 2, 1 / 3].map((y) => ({ x: 1, y }));
    const chart = precisionRecallChart({
      curves: { ...first, bands: null, precisionRecall },
      id: 'c',
      small: true,
    }).markup;
    // Small pictures are 220 by 200 with the plot from (50, 12) to (206, 158).
    expect(chart).toMatch(/ d="M50,12(L50,12)?L206,12L/);
  });
});
