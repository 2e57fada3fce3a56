import { describe, expect, it } from 'vitest';
import { symmetricEigenvalues } from '../../src/measure/symmetric-eigenvalues.ts';
import { randomStream } from '../../src/runtime/random.ts';

describe('symmetricEigenvalues', () => {
  it('has the trace and the squared norm of the matrix, and known spectra', () => {
    expect(Array.from(symmetricEigenvalues(Float64Array.from([2, 1, 1, 2]), 2))).toEqual([
      expect.closeTo(3, 14),
      expect.closeTo(1, 14),
    ]);
    // Second differences: 2 - 2 cos(pi j / (n + 1)).
    for (const size of [1, 2, 3, 10, 40]) {
      const A = new Float64Array(size * size);
      for (let i = 0; i < size; i++) {
        A[i * size + i] = 2;
        if (i > 0) A[i * size + i - 1] = A[(i - 1) * size + i] = -1;
      }
      const found = symmetricEigenvalues(A, size);
      for (let j = 0; j < size; j++) {
        expect(found[j]).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (size - j)) / (size + 1)), 12);
      }
    }
    const stream = randomStream(3, 'symmetric');
    for (const size of [4, 17, 50]) {
      const A = new Float64Array(size * size);
      for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) A[i * size + j] = A[j * size + i] = stream.normal();
      const trace = A.reduce((sum, value, at) => sum + (at % (size + 1) === 0 ? value : 0), 0);
      const squares = A.reduce((sum, value) => sum + value * value, 0);
      const found = symmetricEigenvalues(A.slice(), size);
      expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 10);
      expect(found.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(squares, 8);
    }
  });
});
