import { describe, expect, it } from 'vitest';
import { driftAlarm, onlinePValues, simpleJumper, uniformityTest } from '../../src/conformal/index.ts';
import { randomStream } from '../../src/runtime/random.ts';

describe('simpleJumper', () => {
  it('follows the published path', () => {
    const { values } = simpleJumper(Float64Array.of(0.01, 0.02, 0.3, 0.005, 0.8, 0.04));
    const expected = [
      1, 1.1552319999999998, 1.2826251999999998, 1.6752739623255999, 1.3003383723586839, 1.6866588952679105,
    ];
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 14);
    });
  });

  it('has mean 1 on uniform p-values and seldom reaches 20', () => {
    const stream = randomStream(1, 'martingale');
    const paths = 4000;
    let sum = 0;
    let squares = 0;
    let high = 0;
    for (let path = 0; path < paths; path++) {
      const { values, state } = simpleJumper(Float64Array.from({ length: 60 }, stream.uniform));
      sum += values[59]!;
      squares += values[59]! ** 2;
      const long = simpleJumper(Float64Array.from({ length: 940 }, stream.uniform), { state });
      if (long.state.logLargest >= Math.log(20)) high++;
    }
    const mean = sum / paths;
    const error = Math.sqrt((squares / paths - mean ** 2) / paths);
    expect(Math.abs(mean - 1)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.05);
    expect(high / paths).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / paths));
    expect(high / paths).toBeGreaterThan(0.02);
  });

  it('goes on where it stopped', () => {
    const p = Float64Array.from({ length: 100 }, randomStream(2, 'p').uniform);
    const whole = simpleJumper(p);
    const first = simpleJumper(p.subarray(0, 37));
    const second = simpleJumper(p.subarray(37), JSON.parse(JSON.stringify({ state: first.state })));
    expect([...first.values, ...second.values]).toEqual([...whole.values]);
    expect(second.state).toEqual(whole.state);
  });

  it('stays finite in its logarithm however far it runs', () => {
    const up = simpleJumper(new Float64Array(20_000));
    expect(up.values.at(-1)).toBe(Number.POSITIVE_INFINITY);
    expect(up.logValues.at(-1)).toBeGreaterThan(5000);
    expect(Number.isFinite(up.state.logLargest)).toBe(true);
    const short = simpleJumper(new Float64Array(1500));
    expect(short.logValues[1400]).toBeCloseTo(Math.log(short.values[1400]!), 9);
    expect(() => simpleJumper(Float64Array.of(1.5))).toThrow(/pValues/);
  });
});

describe('onlinePValues', () => {
  it('counts strictly higher scores and a part of the ties, its own among them', () => {
    const stream = randomStream(4, 'online');
    const scores = Float64Array.from({ length: 80 }, () => stream.integer(12) / 4);
    const reference = Float64Array.from({ length: 20 }, () => stream.integer(12) / 4);
    const ties = Float64Array.from({ length: 80 }, stream.uniform);
    const p = onlinePValues({ scores, reference, ties });
    for (let n = 0; n < 80; n++) {
      const seen = [...reference, ...scores.subarray(0, n + 1)];
      const above = seen.filter((score) => score > scores[n]!).length;
      const equal = seen.filter((score) => score === scores[n]!).length;
      expect(p[n]).toBe((above + ties[n]! * equal) / seen.length);
    }
  });

  it('is uniform on exchangeable scores, also where most tie', () => {
    const stream = randomStream(5, 'ties');
    for (const draw of [stream.normal, () => stream.integer(3)]) {
      const p = onlinePValues({ scores: Float64Array.from({ length: 4000 }, draw), seed: 3 });
      expect(uniformityTest(p)!.pValue).toBeGreaterThan(0.01);
    }
  });

  it('refuses scores that are not finite', () => {
    expect(() => onlinePValues({ scores: Float64Array.of(1, Number.NaN) })).toThrow(/row 1/);
  });
});

describe('the martingale on p-values of exchangeable rows', () => {
  // With p = (1 + above + v ties) / (n + 1), which is not uniform, the mean after 60 rows is about 2.
  it('has mean 1 from the very first row on, and reaches 20 with a chance of at most 0.05', () => {
    const stream = randomStream(7, 'exchangeable');
    const paths = 3000;
    let sum = 0;
    let squares = 0;
    let high = 0;
    for (let path = 0; path < paths; path++) {
      const scores = Float64Array.from({ length: 400 }, () => Math.floor(40 * stream.uniform()));
      const ties = Float64Array.from({ length: 400 }, stream.uniform);
      const { values, state } = simpleJumper(onlinePValues({ scores, ties }));
      sum += values[59]!;
      squares += values[59]! ** 2;
      if (state.logLargest >= Math.log(20)) high++;
    }
    const mean = sum / paths;
    const error = Math.sqrt((squares / paths - mean ** 2) / paths);
    expect(Math.abs(mean - 1)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.05);
    expect(high / paths).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / paths));
  });
});

describe('driftAlarm', () => {
  const stream = randomStream(6, 'drift');
  const normal = (rows: number, shift = 0) => Float64Array.from({ length: rows }, () => stream.normal() + shift);

  it('is raised soon after a shift, and says where', () => {
    const scores = Float64Array.of(...normal(300), ...normal(300, 1));
    const alarm = driftAlarm({ scores, reference: normal(300), level: 0.01 });
    expect(alarm.alarmAt).toBeGreaterThan(300);
    expect(alarm.alarmAt).toBeLessThan(450);
    expect(alarm.notices[0]).toMatchObject({ code: 'drift', numbers: { row: alarm.alarmAt } });
    expect(alarm.largest).toBeGreaterThan(100);
    expect(alarm.martingale[alarm.alarmAt]).toBeGreaterThanOrEqual(100);
  });

  it('is false at most as often as asked', () => {
    let alarms = 0;
    for (let run = 0; run < 600; run++) {
      if (driftAlarm({ scores: normal(400), level: 0.1, seed: run }).alarmAt >= 0) alarms++;
    }
    expect(alarms / 600).toBeLessThanOrEqual(0.1 + 3 * Math.sqrt(0.09 / 600));
  });
});
