import { describe, expect, it } from 'vitest';
import type { AdviceFacts } from '../../src/experiment/advice-facts.ts';
import { advise } from '../../src/experiment/advise.ts';
import { diagnose } from '../../src/experiment/diagnose.ts';
import type { Estimate } from '../../src/experiment/result.ts';
import { measureImbalance } from '../../src/measure/measure-imbalance.ts';
import { mixedTable } from './small-tables.ts';

/** Facts of two classes of which nothing but the counts is known. */
function counted(common: number, rare: number, more: Partial<AdviceFacts> = {}): AdviceFacts {
  const rows = common + rare;
  const codes = new Int32Array(rows);
  codes.fill(1, common);
  return {
    data: {
      source: 'my data.csv',
      rows,
      rowsDropped: 0,
      target: 'y',
      classes: [
        { label: 'no', rows: common, share: common / rows },
        { label: 'yes', rows: rare, share: rare / rows },
      ],
      positive: 'yes',
      imbalanceRatio: common / rare,
      columns: [],
      duplicateRows: 0,
    },
    imbalance: measureImbalance({ codes, classes: ['no', 'yes'] }),
    conflicts: { rows: 0, leastErrors: 0, perClass: [0, 0] },
    difficulty: null,
    notices: [],
    ...more,
  };
}

const named = (facts: AdviceFacts, code: string) => advise(facts).find((one) => one.code === code);

describe('advise', () => {
  it('takes the threshold from costs and not from the imbalance', () => {
    const costs = { falseNegative: 9, falsePositive: 1 };
    const rare = named(counted(9900, 100, { costs }), 'thresholds-from-costs')!;
    const even = named(counted(5000, 5000, { costs }), 'thresholds-from-costs')!;
    expect(rare.numbers['threshold']).toBe(0.1);
    expect(even.numbers['threshold']).toBe(0.1);
    expect(rare.numbers['flagNothing']).toBeCloseTo(0.09, 14);
    expect(rare.numbers['flagEverything']).toBeCloseTo(0.99, 14);
    expect(rare.command).toBe("counterweight run 'my data.csv' --target y --cost-fn 9 --cost-fp 1");
  });

  it('sets doing nothing first, with the shift that balancing brings: the log-odds of the share', () => {
    const plenty = named(counted(99_000, 1000), 'plenty-of-rare-rows')!;
    expect(plenty.numbers['logOddsShift']).toBeCloseTo(Math.log(99), 12);
    expect(plenty.reason).toContain('4.60');
    expect(named(counted(99_001, 999), 'plenty-of-rare-rows')).toBeUndefined();
    expect(named(counted(99_001, 999), 'compare-with-nothing')!.kind).toBe('try');
    expect(named(counted(1400, 1000), 'nearly-balanced')!.kind).toBe('know');
  });

  it('says by exact intervals what so few rows can show', () => {
    // scipy: beta.ppf(0.025, 4, 5) and beta.ppf(0.975, 5, 4) for 4 of 8.
    const few = named(counted(4000, 32), 'few-rows')!;
    expect(few.numbers).toMatchObject({ heldOut: 8 });
    expect(few.numbers['low']).toBeCloseTo(0.15701277048705795, 9);
    expect(few.numbers['high']).toBeCloseTo(0.842987229512942, 9);
    const more = named(counted(4000, 249), 'wide-intervals')!;
    expect(more.numbers['low']).toBeCloseTo(0.370243724672915, 9);
    expect(named(counted(4000, 388), 'wide-intervals')).toBeUndefined();
    expect(named(counted(4000, 2), 'class-too-small')!.command).toContain('--drop-rare-classes');
  });

  it('puts what to look at before what to try, and that before what to expect', () => {
    const leak = {
      code: 'suspected-leak',
      severity: 'warning',
      message: '',
      column: 'x',
      numbers: { auc: 0.9999 },
    } as const;
    const codes = advise(counted(4000, 32, { notices: [leak] })).map(({ kind }) => kind);
    expect(codes).toEqual([...codes].sort((a, b) => 'look try know'.indexOf(a) - 'look try know'.indexOf(b)));
    expect(named(counted(4000, 32, { notices: [leak] }), 'suspected-leak')!.reason).toContain('0.999,');
  });

  it('speaks of what the neighbourhoods show and of nothing that they do not', async () => {
    const { difficulty } = await diagnose(mixedTable(400, 1), { target: 'outcome' });
    const share = (value: number): Estimate => ({ value, low: null, high: null });
    const withTypes = (kdn: number, outlier: number, impact: number): AdviceFacts => {
      const facts = counted(9000, 1000);
      const [no, yes] = difficulty!.classes;
      const types = { safe: share(1 - outlier), borderline: share(0), rare: share(0), outlier: share(outlier) };
      return {
        ...facts,
        difficulty: {
          ...difficulty!,
          rows: 10_000,
          lookedAt: 10_000,
          features: 10,
          measures: difficulty!.measures.map((one) =>
            one.name === 'kdn' || one.name === 'commonMisclassification'
              ? { ...one, perClass: [share(0.1), share(kdn)] }
              : one,
          ),
          bayesImpact: { class: 'yes', rows: 1000, ...share(impact) },
          classes: [
            { ...no!, label: 'no', rows: 9000, lookedAt: 9000 },
            { ...yes!, label: 'yes', rows: 1000, lookedAt: 1000, types, disjuncts: null },
          ],
          noiseSuspects: { rows: 0, wrongLabel: 0, perClass: [0, 0], listed: [] },
          nearDuplicates: { tolerance: 0.1, rows: 0, exactRows: 0, perClass: [0, 0], listed: [] },
        },
      };
    };
    const codes = (facts: AdviceFacts) => advise(facts).map(({ code }) => code);
    // 0.9 is what a class of a tenth has when the classes are mixed at random.
    expect(codes(withTypes(0.9, 0.7, 0.4))).toEqual([
      'plenty-of-rare-rows',
      'thresholds-from-costs',
      'isolated-rare-rows',
      'no-local-structure',
      'outnumbered',
    ]);
    expect(codes(withTypes(0.6, 0.2, 0.1))).toEqual(['plenty-of-rare-rows', 'thresholds-from-costs', 'overlap']);
    expect(codes(withTypes(0.1, 0, 0.3))).toEqual(['plenty-of-rare-rows', 'thresholds-from-costs', 'well-separated']);
    const overlap = advise(withTypes(0.6, 0.2, 0.1)).find(({ code }) => code === 'overlap')!;
    expect(overlap.numbers).toMatchObject({ ownShare: 0.4, chance: 999 / 9999 });
  });

  it('gives every piece its reason, and commands that a shell reads as they were meant', async () => {
    const found = await diagnose(mixedTable(500, 7), { target: 'outcome', path: "it's here/*.csv", positive: 'rare' });
    expect(found.advice.length).toBeGreaterThan(2);
    for (const { sentence, reason, command } of found.advice) {
      expect(sentence).toMatch(/[.]$/);
      expect(reason).toMatch(/\d/);
      if (command !== null) expect(command).toContain("'it'\\''s here/*.csv' --target outcome --positive rare");
    }
  });
});
