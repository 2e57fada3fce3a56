import { readFileSync } from 'node:fs';
import type { Dataset } from '../../../src/data/dataset.ts';
import type { ClassLabel } from '../../../src/data/labels.ts';
import { type Matrix, matrix } from '../../../src/data/matrix.ts';
import type { ResamplerOptions } from '../../../src/resample/registry-entry.ts';
import { numpyRandom } from '../../../src/runtime/numpy-random.ts';
import { labelsOf } from '../data.ts';

type Stored = [string, Record<string, unknown>, string, 'ranks'?];
const fixture = JSON.parse(readFileSync(new URL('../../fixtures/under-sampling.json', import.meta.url), 'utf8')) as {
  alphabet: string;
  codings: ClassLabel[][];
  sets: Stored[][];
};

/** What imbalanced-learn keeps of a set with one method. */
export interface PeerCase {
  readonly title: string;
  readonly method: string;
  readonly options: ResamplerOptions;
  /** The peer was given the ranks of the labels. */
  readonly ranks: boolean;
  readonly kept: readonly number[];
}

export const setCount = fixture.sets.length;

/** The set of that number, drawn as the script that made the fixture draws it. */
export function peerSet(number: number): Dataset & { X: Matrix } {
  const stream = numpyRandom(number);
  const columns = number % 12 === 7 ? 18 : stream.randint(2, 7);
  const classes = stream.randint(2, 5);
  const drawn = [stream.randint(6, 12)];
  for (let code = 1; code < classes; code++) drawn.push(stream.randint(10, 24));
  const sizes = [...stream.permutation(classes)].map((i) => drawn[i]!);
  const sorted = sizes.flatMap((size, code) => new Array<number>(size).fill(code));
  const codes = [...stream.permutation(sorted.length)].map((i) => sorted[i]!);
  const data = stream.uniforms(codes.length * columns).map((u, i) => u * 2 + codes[Math.floor(i / columns)]! * 0.25);
  const coding = fixture.codings[number % fixture.codings.length]!;
  return { X: matrix(data, codes.length, columns), y: labelsOf(codes.map((code) => coding[code]!)) };
}

export function peerCases(number: number): PeerCase[] {
  return fixture.sets[number]!.map(([method, { samplingStrategy, ...rest }, kept, ranks]) => {
    const targets = (samplingStrategy as { targets?: [ClassLabel, number][] } | undefined)?.targets;
    const strategy = targets ? new Map(targets) : samplingStrategy;
    const options = { ...rest, ...(strategy === undefined ? {} : { samplingStrategy: strategy }) };
    return {
      title: `set ${number}, ${method} ${JSON.stringify({ ...rest, samplingStrategy })}`,
      method,
      options,
      ranks: ranks !== undefined,
      kept: [...kept].map((letter) => fixture.alphabet.indexOf(letter)),
    };
  });
}
