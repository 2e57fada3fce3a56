import { CounterweightError } from '../runtime/errors.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { breather } from './breathe.ts';
import { type ClassMeasure, classMeans } from './class-measure.ts';
import { type DifficultyInput, denseValues } from './difficulty-input.ts';
import type { Geometry } from './geometry.ts';
import { rowDistance } from './row-distance.ts';

export interface SphereOptions {
  /**
   * When a smaller sphere of the same class goes: `centre`, if a kept sphere holds its centre (problexity; the default);
   * `contained`, if it lies wholly inside a kept one (the wording of Lorena et al. 2019, which removes few).
   */
  readonly absorb?: 'centre' | 'contained' | undefined;
}

/**
 * T1 (Lorena et al. 2019): spheres needed to cover the rows, over n; a class's value is its spheres over its rows.
 *
 * Each row's sphere grows until it touches that of its nearest enemy: half their distance if they are nearest to each other,
 * else their distance less the enemy's radius. From the largest radius on (then by row) spheres are kept, and those they
 * absorb go. A row that equals one of another class has radius 0: it absorbs none. With ties by (distance, row) the
 * chain of nearest enemies cannot circle, so the radii end also where problexity runs out of stack on long chains.
 * Throws `bad-option`, `aborted`.
 */
export async function coveringSpheres(
  data: DifficultyInput,
  geometry: Geometry,
  request: SphereOptions = {},
  options?: RunOptions,
): Promise<ClassMeasure> {
  const absorb = request.absorb ?? 'centre';
  if (absorb !== 'centre' && absorb !== 'contained') {
    throw new CounterweightError('bad-option', 'absorb must be centre or contained');
  }
  const { X, y } = data;
  const values = denseValues(X);
  const radii = sphereRadii(geometry);
  const order = Int32Array.from(radii.keys()).sort((a, b) => radii[b]! - radii[a]! || a - b);
  const kept = new Uint8Array(X.rows).fill(1);
  const breathe = breather(options, 'covering spheres');
  for (let i = 0; i < order.length; i++) {
    await breathe(i, order.length);
    const row = order[i]!;
    const radius = radii[row]!;
    if (kept[row] === 0 || radius === 0) continue;
    for (let j = i + 1; j < order.length; j++) {
      const other = order[j]!;
      if (kept[other] === 0 || y.codes[other] !== y.codes[row]) continue;
      const distance = rowDistance(values, X.columns, row, other);
      if (absorb === 'centre' ? distance < radius : distance + radii[other]! <= radius) kept[other] = 0;
    }
  }
  return classMeans(y, Int32Array.from(radii.keys()), kept);
}

/** Radius of every row's sphere. */
export function sphereRadii({ nearestEnemy, enemyDistance }: Geometry): Float64Array {
  const radii = new Float64Array(nearestEnemy.length).fill(Number.NaN);
  for (let start = 0; start < radii.length; start++) {
    const chain: number[] = [];
    let row = start;
    while (Number.isNaN(radii[row]!)) {
      chain.push(row);
      const enemy = nearestEnemy[row]!;
      if (nearestEnemy[enemy] === row) {
        radii[row] = enemyDistance[row]! / 2;
        radii[enemy] = radii[row]!;
      } else row = enemy;
    }
    for (let i = chain.length - 1; i >= 0; i--) {
      const at = chain[i]!;
      if (Number.isNaN(radii[at]!)) radii[at] = Math.max(0, enemyDistance[at]! - radii[nearestEnemy[at]!]!);
    }
  }
  return radii;
}
