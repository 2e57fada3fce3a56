import { readFileSync } from 'node:fs';
import type { Dataset } from '../../../src/data/dataset.ts';
import type { ClassLabel } from '../../../src/data/labels.ts';
import { matrix } from '../../../src/data/matrix.ts';
import type { ResamplerOptions } from '../../../src/resample/registry-entry.ts';
import { numpyRandom } from '../../../src/runtime/numpy-random.ts';
import { labelsOf, toSparse } from '../data.ts';

/** What imbalanced-learn adds to a set with one method, or why it stops. */
export interface PeerCase {
  readonly method: string;
  readonly options: ResamplerOptions;
  readonly stops?: string;
  /** New rows by label. */
  readonly added?: Readonly<Record<string, number>>;
  readonly sha256?: string;
  readonly rows?: readonly (readonly number[])[];
  readonly support?: readonly number[];
  readonly clusters?: string;
}

const fixture = JSON.parse(readFileSync(new URL('../../fixtures/over-sampling.json', import.meta.url), 'utf8')) as {
  shifts: number[];
  codings: ClassLabel[][];
  sets: PeerCase[][];
};

export const setCount = fixture.sets.length;

/** The set of that number, drawn as the script that made the fixture draws it. */
export function peerSet(number: number): Dataset {
  const stream = numpyRandom(number);
  const columns = number % 12 === 7 ? 18 : stream.randint(2, 7);
  const classes = stream.randint(2, 5);
  const drawn = [stream.randint(8, 15)];
  for (let code = 1; code < classes; code++) drawn.push(stream.randint(12, 40));
  const sizes = [...stream.permutation(classes)].map((i) => drawn[i]!);
  const sorted = sizes.flatMap((size, code) => new Array<number>(size).fill(code));
  const codes = [...stream.permutation(sorted.length)].map((i) => sorted[i]!);
  const shift = fixture.shifts[number % 3]!;
  const sparse = number % 24 === 7;
  const data = stream.uniforms(codes.length * columns).map((u, i) => {
    const value = u * 2 + codes[Math.floor(i / columns)]! * shift;
    return sparse && value < 0.5 ? 0 : value;
  });
  const coding = fixture.codings[number % fixture.codings.length]!;
  const X = matrix(data, codes.length, columns);
  return { X: sparse ? toSparse(X) : X, y: labelsOf(codes.map((code) => coding[code]!)) };
}

/** The cases of a set with one method; what is given per class is a Map. */
export function peerCases(number: number, method: string): PeerCase[] {
  return fixture.sets[number]!.filter((each) => each.method === method).map((each) => ({
    ...each,
    options: Object.fromEntries(
      Object.entries(each.options).map(([option, value]) => {
        const targets = (value as { targets?: [ClassLabel, number][] } | null)?.targets;
        return [option, targets ? new Map(targets) : value];
      }),
    ),
  }));
}
