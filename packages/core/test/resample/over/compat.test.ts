import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createResampler } from '../../../src/resample/registry.ts';
import type { ResamplerOptions } from '../../../src/resample/registry-entry.ts';
import type { Resampled } from '../../../src/resample/resampler.ts';
import { CounterweightError } from '../../../src/runtime/errors.ts';
import { toDense } from '../data.ts';
import { type PeerCase, peerCases, peerSet, setCount } from './peer-sets.ts';

const compat = 'imbalanced-learn';

function toolsOf({ support, clusters }: PeerCase): ResamplerOptions {
  return {
    ...(support && { supportVectors: async () => Int32Array.from(support) }),
    ...(clusters && { cluster: async () => Int32Array.from(clusters, Number) }),
  };
}

function newRows({ data, provenance }: Resampled, rows: number): Float64Array {
  expect(provenance.source.length).toBe(data.X.rows);
  return toDense(data.X).data.subarray(rows * data.X.columns);
}

/** As the script does it: little endian, -0 as 0. */
function digest(values: Float64Array): string {
  const bytes = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, i) => {
    bytes.setFloat64(i * 8, value + 0, true);
  });
  return createHash('sha256').update(bytes).digest('hex').slice(0, 24);
}

function addedByLabel({ data }: Resampled, rows: number): Record<string, number> {
  const added: Record<string, number> = {};
  for (const code of data.y.codes.subarray(rows)) {
    const label = String(data.y.classes[code]);
    added[label] = (added[label] ?? 0) + 1;
  }
  return added;
}

/** Errors that take the place of the peer's. */
const stops: Readonly<Record<string, readonly string[]>> = {
  adasyn: ['no-border-rows', 'nothing-to-add'],
  'svm-smote': ['only-noise'],
  'kmeans-smote': ['no-fitting-cluster'],
};

const methods = ['borderline-smote', 'adasyn', 'svm-smote', 'kmeans-smote'];

describe.each(methods)('%s, compat', (method) => {
  it('adds the rows of imbalanced-learn to the last bit, and stops where it stops', async () => {
    let compared = 0;
    for (let number = 0; number < setCount; number++) {
      const set = peerSet(number);
      for (const each of peerCases(number, method)) {
        const title = `set ${number} ${JSON.stringify(each.options)}`;
        const made = await createResampler(method, { ...each.options, ...toolsOf(each), compat })
          .resample(set)
          .catch((error: unknown) => error);
        if (each.stops !== undefined) {
          expect(made, `${title}, ${each.stops}`).toBeInstanceOf(CounterweightError);
          expect(stops[method], title).toContain((made as CounterweightError).code);
          continue;
        }
        if (made instanceof Error) throw new Error(`${title}: ${made.message}`);
        const result = made as Resampled;
        expect(addedByLabel(result, set.X.rows), title).toEqual(each.added);
        expect(digest(newRows(result, set.X.rows)), title).toBe(each.sha256);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(100);
  });
});

describe('random-over with shrinkage, compat', () => {
  it('adds the rows of imbalanced-learn, but for the last bits of logarithms', async () => {
    let compared = 0;
    for (let number = 0; number < setCount; number++) {
      const set = peerSet(number);
      for (const each of peerCases(number, 'random-over')) {
        const made = await createResampler('random-over', { ...each.options, compat }).resample(set);
        const title = `set ${number} ${JSON.stringify(each.options)}`;
        expect(addedByLabel(made, set.X.rows), title).toEqual(each.added);
        const expected = each.rows!.flat();
        newRows(made, set.X.rows).forEach((value, i) => {
          expect(Math.abs(value - expected[i]!), title).toBeLessThan(1e-13);
        });
        compared++;
      }
    }
    expect(compared).toBe(30);
  });
});
