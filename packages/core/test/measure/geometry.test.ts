import { describe, expect, it } from 'vitest';
import { pairGeometry } from '../../src/measure/geometry.ts';
import { caseData, clouds, distanceOf, measureCases, orderAround, tied } from './difficulty-sets.ts';

const hard = [...measureCases.map(caseData), tied(50, 1), tied(60, 2, 3), clouds([40, 10, 5], 3, 3)];

describe('pairGeometry', () => {
  it('knows nearest friends and enemies by (distance, row)', async () => {
    for (const data of hard) {
      const geometry = await pairGeometry(data);
      for (let row = 0; row < data.X.rows; row++) {
        const order = orderAround(data.X, row);
        const friend = order.find((other) => data.y.codes[other] === data.y.codes[row]) ?? -1;
        const enemy = order.find((other) => data.y.codes[other] !== data.y.codes[row])!;
        expect([geometry.nearestFriend[row], geometry.nearestEnemy[row]]).toEqual([friend, enemy]);
        const reach = distanceOf(data.X, row, enemy);
        expect(geometry.enemyDistance[row]).toBe(reach);
        const nearer = Array.from(data.y.codes.keys()).filter((other) => distanceOf(data.X, row, other) < reach);
        expect(geometry.localSet[row]).toBe(nearer.length);
      }
    }
  });

  it('grows a spanning tree as short as that of Kruskal, edges of length 0 included', async () => {
    for (const data of hard) {
      const { treeParent } = await pairGeometry(data);
      const edges: { a: number; b: number; length: number }[] = [];
      for (let a = 0; a < data.X.rows; a++) {
        for (let b = 0; b < a; b++) edges.push({ a, b, length: distanceOf(data.X, a, b) });
      }
      edges.sort((x, y) => x.length - y.length);
      const piece = Array.from(data.y.codes.keys());
      let shortest = 0;
      for (const { a, b, length } of edges) {
        const [from, to] = [piece[a]!, piece[b]!];
        if (from === to) continue;
        shortest += length;
        for (let row = 0; row < piece.length; row++) if (piece[row] === from) piece[row] = to;
      }
      let grown = 0;
      for (let row = 1; row < data.X.rows; row++) {
        grown += distanceOf(data.X, row, treeParent[row]!);
        let top = row;
        for (let steps = 0; top !== 0; steps++, top = treeParent[top]!) expect(steps).toBeLessThan(data.X.rows);
      }
      expect(treeParent[0]).toBe(-1);
      expect(grown).toBeCloseTo(shortest, 10);
    }
  });

  it('is stopped by a signal', async () => {
    const stop = new AbortController();
    const work = pairGeometry(clouds([2500, 500], 12, 1), { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(work).rejects.toMatchObject({ code: 'aborted' });
  });
});
