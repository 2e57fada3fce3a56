import {
  type KernelRuntime,
  logisticRegression,
  matrix,
  nearestNeighbours,
  randomStream,
  smote,
} from '../../src/index.ts';

/** What runs both in Node and in a browser. Each job returns a text that differs if any byte of its result does. */
export const jobs: Readonly<Record<string, (runtime: KernelRuntime) => Promise<string>>> = {
  async logisticBinary(runtime) {
    const data = clouds(3000, 11, 2);
    const model = await logisticRegression().fit(data, { runtime });
    return digest(model.coefficients.data, model.intercepts, (await model.predictProba(data.X, { runtime })).data);
  },
  async logisticMultinomial(runtime) {
    const data = clouds(1500, 6, 4);
    const model = await logisticRegression({ C: 0.3 }).fit(data, { runtime });
    return digest(model.coefficients.data, model.intercepts, (await model.predictProba(data.X, { runtime })).data);
  },
  async nearestNeighbours(runtime) {
    const found = await nearestNeighbours({ reference: clouds(1200, 9, 2).X, k: 5 }, { runtime });
    return digest(found.indices, found.distances);
  },
  async smote(runtime) {
    const { X, y } = clouds(600, 5, 2);
    const codes = y.codes.map((code, i) => (i % 5 === 0 ? code : 0));
    const { data, provenance } = await smote({ seed: 3 }).resample({ X, y: { ...y, codes } }, { runtime });
    if (data.X.kind !== 'dense') throw new Error('dense rows were given');
    return digest(data.X.data, data.y.codes, provenance.base, provenance.neighbour, provenance.gap);
  },
};

/** Overlapping classes by integer draws and sums alone, so that the data are the same bytes everywhere. */
function clouds(rows: number, columns: number, classes: number) {
  const stream = randomStream(rows, 'clouds');
  const codes = Int32Array.from({ length: rows }, () => stream.integer(classes));
  const cells = Float64Array.from({ length: rows * columns }, (_, i) => {
    const shift = (codes[Math.floor(i / columns)]! + i) % classes === 0 ? 0.4 : 0;
    return stream.uniform() + stream.uniform() + stream.uniform() + shift;
  });
  return { X: matrix(cells, rows, columns), y: { codes, classes: Array.from({ length: classes }, (_, k) => k) } };
}

/** 53 bits of FNV-1a over all bytes, and the first value for the reader of a failure. */
function digest(...arrays: readonly (Float64Array | Int32Array)[]): string {
  let [low, high] = [0x811c9dc5, 0x01000193];
  for (const array of arrays) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (const byte of bytes) {
      low = Math.imul(low ^ byte, 0x01000193);
      high = Math.imul(high ^ byte ^ (low >>> 24), 0x85ebca6b);
    }
  }
  return `${(low >>> 0).toString(16)}-${(high >>> 0).toString(16)} ${arrays[0]![0]}`;
}
