import { describe, expect, it } from 'vitest';
import { plattCalibrator } from '../../src/calibrate/index.ts';
import { classesFromTasks, codeMatrix } from '../../src/ensemble/code-matrix.ts';
import { oneVersusOne, outputCodes } from '../../src/ensemble/index.ts';
import { memberFromJSON } from '../../src/ensemble/registry.ts';
import { overlapping } from '../learn/helpers.ts';

const codings = ['one-vs-rest', 'one-vs-one', 'output-codes'] as const;

describe('codes of classes', () => {
  it('are all ways to part few classes, and random different ones of many', () => {
    expect(codeMatrix('output-codes', 4, 0)).toHaveLength(7);
    const many = codeMatrix('output-codes', 12, 0);
    expect(many).toHaveLength(Math.ceil(15 * Math.log2(12)));
    const parted = new Set(many.map((code) => String(code[0] === 1 ? code : code.map((side) => -side))));
    expect(parted.size).toBe(many.length);
    for (const code of many) expect(new Set(code)).toEqual(new Set([-1, 1]));
    expect(codeMatrix('one-vs-one', 4, 0)).toHaveLength(6);
    expect(codeMatrix('one-vs-rest', 4, 0)).toHaveLength(4);
  });

  it.each(codings)('%s gives back the probabilities that all tasks agree on', (coding) => {
    const truth = [0.5, 0.05, 0.3, 0.15];
    const codes = codeMatrix(coding, 4, 0);
    const chances = codes.map((code) => {
      const sum = (wanted: (side: number) => boolean) =>
        truth.reduce((all, share, k) => all + (wanted(code[k]!) ? share : 0), 0);
      return sum((side) => side > 0) / sum((side) => side !== 0);
    });
    [...classesFromTasks(coding, codes, chances)].forEach((share, k) => {
      expect(share).toBeCloseTo(truth[k]!, 6);
    });
  });

  it.each(codings)('%s stands tasks that are sure, and do not fit together', (coding) => {
    const codes = codeMatrix(coding, 4, 0);
    for (const chance of [0, 1]) {
      const shares = classesFromTasks(
        coding,
        codes,
        codes.map(() => chance),
      );
      expect(shares.every((share) => share >= 0 && Number.isFinite(share))).toBe(true);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
  });

  it('tasks can be calibrated before they are put together, and read back', async () => {
    const data = overlapping(240, 3, 3, 4);
    for (const learner of [oneVersusOne, outputCodes]) {
      const model = await learner({ calibrator: plattCalibrator() }).fit(data);
      const p = await model.predictProba(data.X);
      const plain = await (await learner().fit(data)).predictProba(data.X);
      expect(p.data).not.toEqual(plain.data);
      const read = memberFromJSON(JSON.parse(JSON.stringify(model)));
      expect((await read.predictProba(data.X)).data).toEqual(p.data);
    }
  });
});
