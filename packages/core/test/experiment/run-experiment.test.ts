import { describe, expect, it } from 'vitest';
import type { NumericColumn, Table } from '../../src/data/table.ts';
import type { Checkpoint, ExperimentOptions } from '../../src/experiment/experiment-options.ts';
import { pipelineFromJSON } from '../../src/experiment/pipeline.ts';
import { type Experiment, runExperiment } from '../../src/experiment/run-experiment.ts';
import { createKernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { mixedTable, threeClassTable, withCells } from './small-tables.ts';

const quick: ExperimentOptions = { target: 'outcome', learners: ['logistic'], repeats: 1, replicates: 100, seed: 3 };
const table = mixedTable(600, 1);

/** What the training rows alone decide. */
const ofTraining = ({ result, pipeline }: Experiment) =>
  JSON.stringify([
    result.strategies.map(({ validation, foldScores, difference, calibration }) => [
      validation,
      foldScores,
      difference,
      calibration,
    ]),
    result.choice,
    result.difficulty,
    // Brackets and label sets are calibrated on the held-out rows on purpose, after everything else is settled.
    { ...pipeline.toJSON(), uncertainty: null },
  ]);

function memoryCheckpoint(): Checkpoint & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    load: async (key) => (kept.has(key) ? JSON.parse(kept.get(key)!) : undefined),
    save: async (key, value) => {
      kept.set(key, JSON.stringify(value));
    },
  };
}

describe('runExperiment', () => {
  it('comes to an end where each class has one held-out row', async () => {
    const rows = 6;
    const tiny: Table = {
      kind: 'table',
      rows,
      columns: [
        { kind: 'numeric', name: 'size', values: Float64Array.of(1, 2, 3, 4, 5, 6.5) },
        { kind: 'categorical', name: 'outcome', codes: Int32Array.of(0, 0, 0, 1, 1, 1), dictionary: ['no', 'yes'] },
      ],
    };
    const { result } = await runExperiment(tiny, { ...quick, treatments: [] });
    expect(result.validation.testClassRows).toEqual([1, 1]);
    expect(result.heldOut.sets.observed).not.toBeNaN();
  });

  it('keeps the decision that the folds judged where none of them had rows to tune on', async () => {
    const few = threeClassTable(90, 2);
    const target = few.columns.at(-1) as NumericColumn;
    // Three rows of the third class, of which two are for training: no fold can be divided again.
    let third = 0;
    const values = target.values.map((label) => (label === 3 && ++third > 3 ? 1 : label));
    const columns = [...few.columns.slice(0, -1), { ...target, values }];
    const { result, pipeline } = await runExperiment({ ...few, columns }, { ...quick, target: 'kind', treatments: [] });
    expect(result.notices.map(({ code }) => code)).toContain('threshold-not-tuned');
    expect(pipeline.decision).toMatchObject({ kind: 'weights' });
    expect(new Set((pipeline.decision as { weights: readonly number[] }).weights).size).toBe(1);
  });

  it('lets learners and ensembles that learn from costs have those of the question', async () => {
    const costs = { falsePositive: 1, falseNegative: 7 };
    const treatments = ['asym-boost'];
    const learners = ['cost-sensitive-tree'];
    const asked = { ...quick, treatments, learners, folds: 2 };
    const own = await runExperiment(table, { ...asked, costs, testAll: true });
    const members = (await runExperiment(table, { ...asked, costs: { ...costs, falseNegative: 1 }, testAll: true }))
      .result;
    expect(own.result.strategies.map(({ id }) => id)).toEqual(['none/cost-sensitive-tree', 'asym-boost']);
    for (const [s, { validation }] of own.result.strategies.entries()) {
      expect(validation['rocAuc']!.value, String(s)).toBeGreaterThan(0.6);
      expect(validation['rocAuc']!.value).not.toBe(members.strategies[s]!.validation['rocAuc']!.value);
    }
    const revived = pipelineFromJSON(JSON.parse(JSON.stringify(own.pipeline)));
    expect(await revived.score(table)).toEqual(await own.pipeline.score(table));
  });

  it('tells of many classes with few held-out rows in one notice', async () => {
    const label = Float64Array.from({ length: 160 }, (_, row) => (row < 100 ? 0 : 1 + ((row - 100) % 12)));
    const many: Table = {
      kind: 'table',
      rows: 160,
      columns: [
        { kind: 'numeric', name: 'size', values: Float64Array.from({ length: 160 }, (_, row) => Math.sin(row)) },
        { kind: 'numeric', name: 'kind', values: label },
      ],
    };
    const { result } = await runExperiment(many, { ...quick, target: 'kind', treatments: [], folds: 2 });
    const few = result.notices.filter(({ code }) => code === 'few-held-out');
    expect(few).toHaveLength(1);
    expect(few[0]!.message).toMatch(/^12 of 13 classes have fewer than 10 held-out rows \(1 \d, 2 \d, .* and 7 more\)/);
  });

  it('lets no held-out row, neither its class nor its features, touch anything that is fitted or chosen', async () => {
    const plain = await runExperiment(table, quick);
    const held = plain.heldOut.inputRows;
    // Swapping classes within the held-out rows keeps the class counts, which the stratified split depends on.
    const rare = [...held].filter((_, i) => plain.heldOut.truth[i] === 1);
    const common = [...held].filter((_, i) => plain.heldOut.truth[i] === 0).slice(0, rare.length);
    const otherFeatures = withCells(table, 'size', held, (value) => value * -7 + 1);
    expect(ofTraining(await runExperiment(otherFeatures, quick))).toBe(ofTraining(plain));
    const swapped = withCells(table, 'outcome', [...rare, ...common], (code) => 1 - code);
    const moved = await runExperiment(swapped, quick);
    // The split is drawn inside each class, so it moves with the classes; the guarantee is about the rows that it gives.
    expect(moved.result.validation.trainClassRows).toEqual(plain.result.validation.trainClassRows);
  });

  it('gives the same bytes for one and two threads, and again for the same seed', async () => {
    const results: string[] = [];
    for (const threads of [1, 2]) {
      const runtime = await createKernelRuntime({ threads });
      const { result, pipeline } = await runExperiment(table, quick, { runtime });
      results.push(JSON.stringify([result, pipeline.toJSON()]));
      await runtime.dispose();
    }
    expect(results[0]).toBe(results[1]);
    const other = await runExperiment(table, { ...quick, seed: 4 });
    expect(JSON.stringify([other.result, other.pipeline.toJSON()])).not.toBe(results[0]);
  });

  it('goes on from a checkpoint to the same bytes', async () => {
    const whole = await runExperiment(table, quick);
    const checkpoint = memoryCheckpoint();
    await runExperiment(table, quick, { checkpoint });
    const keys = [...checkpoint.kept.keys()];
    expect(keys).toHaveLength(25);
    for (const key of keys.filter((_, i) => i % 3 === 0)) checkpoint.kept.delete(key);
    const resumed = await runExperiment(table, quick, { checkpoint });
    expect(JSON.stringify(resumed.result)).toBe(JSON.stringify(whole.result));
    expect(JSON.stringify(resumed.pipeline)).toBe(JSON.stringify(whole.pipeline));
  });

  it('settles the learner first, and goes on with that one alone: the same from a checkpoint, and on the folds that time allows', async () => {
    const options = { ...quick, learners: ['logistic', 'decision-tree'], treatments: ['smote', 'balanced-bagging'] };
    const checkpoint = memoryCheckpoint();
    const { result } = await runExperiment(table, options, { checkpoint });
    expect(result.learners!.compared.map(({ learner }) => learner)).toEqual(['logistic', 'decision-tree']);
    expect(result.learners!.chosen).toBe('logistic');
    expect(result.strategies.map(({ id }) => id)).toEqual([
      'none/logistic',
      'smote/logistic',
      'balanced-bagging',
      'none/decision-tree',
    ]);
    expect(result.heldOut.comparison === null || result.heldOut.comparison.id !== 'none/decision-tree').toBe(true);
    const keys = [...checkpoint.kept.keys()];
    expect(keys).toHaveLength(20);
    for (const key of keys.filter((_, i) => i % 3 === 0)) checkpoint.kept.delete(key);
    const resumed = await runExperiment(table, options, { checkpoint });
    expect(JSON.stringify(resumed.result)).toBe(JSON.stringify(result));

    const steps: { done: number; total: number }[] = [];
    const onProgress = (step: { task: string; done: number; total: number }) => {
      if (step.task === 'comparing strategies') steps.push(step);
    };
    const brief = await runExperiment(table, { ...options, timeLimit: 1e-9 }, { onProgress });
    expect(brief.result.strategies.map(({ foldScores }) => foldScores.length)).toEqual([2, 2, 2, 2]);
    expect(brief.result.notices.filter(({ code }) => code === 'time-limit')).toHaveLength(1);
    expect(steps.at(-1)!.total).toBe(5 * 4 * 4);
    expect(steps.every(({ done }, i) => i === 0 || done >= steps[i - 1]!.done)).toBe(true);
  });

  it('puts the probabilities of balanced strategies right: their mean is the true share, not one half', async () => {
    const { result } = await runExperiment(mixedTable(3000, 2), { ...quick, testAll: true });
    const share = result.data.classes[1]!.share;
    for (const { id, calibration } of result.strategies) {
      const { before, after } = calibration[0]!;
      expect(Math.abs(after.bias!), id).toBeLessThan(0.02);
      if (id === 'none/logistic') expect(before).toEqual(after);
      else {
        expect(before.bias!, id).toBeGreaterThan(0.15);
        expect(after.brierScore!, id).toBeLessThan(before.brierScore!);
      }
    }
    expect(share).toBeLessThan(0.25);
  });

  it('finds no difference worth having where the model is right anyway, and keeps doing nothing', async () => {
    const { result } = await runExperiment(mixedTable(2000, 5), quick);
    expect(result.verdict.kind).toBe('no-difference');
    expect(result.choice.chosen).toBe('none/logistic');
    expect(result.verdict.sentence).toMatch(/^Doing nothing is enough: .*95 % interval .* no difference .*\.$/);
  });

  it('shows the held-out rows only to doing nothing, the best and the chosen, unless asked', async () => {
    const few = await runExperiment(table, quick);
    const shown = few.result.strategies.filter(({ test }) => test !== null).map(({ id }) => id);
    expect(new Set(shown)).toEqual(new Set(['none/logistic', few.result.choice.best, few.result.choice.chosen]));
    const all = await runExperiment(table, { ...quick, testAll: true });
    expect(all.result.strategies.every(({ test }) => test !== null)).toBe(true);
    expect(all.result.choice).toEqual(few.result.choice);
  });

  it('decides by costs where costs are given: the threshold is Elkan’s, the comparison is by cost', async () => {
    const { result, pipeline } = await runExperiment(table, {
      ...quick,
      costs: { falseNegative: 9, falsePositive: 1 },
    });
    expect(result.costs?.threshold).toBeCloseTo(0.1, 12);
    expect(pipeline.decision).toMatchObject({ name: 'cost', kind: 'threshold' });
    expect(result.metric).toMatchObject({ name: 'expectedCost', greaterIsBetter: false });
    const nothing = result.strategies[0]!;
    expect(nothing.decisions.map(({ name }) => name)).toEqual(['half', 'tuned', 'cost']);
    const cost = (name: string) => nothing.decisions.find((d) => d.name === name)!.validation['expectedCost']!.value!;
    expect(cost('cost')).toBeLessThan(cost('half'));
    for (const { validation } of result.strategies) expect(validation['expectedCost']!.low).toBeGreaterThanOrEqual(0);
    expect(nothing.test!['expectedCost']!.low).toBeLessThan(nothing.test!['expectedCost']!.value!);
  });

  it('handles three classes, with class weights for a threshold', async () => {
    const { result, pipeline, heldOut } = await runExperiment(threeClassTable(500, 1), { ...quick, target: 'kind' });
    expect(result.data.positive).toBeNull();
    expect(result.heldOut.sweep).toEqual([]);
    expect(result.heldOut.curves.map((curve) => curve.class)).toEqual([1, 2, 3]);
    expect(pipeline.decision.kind).toBe('weights');
    for (let i = 0; i < heldOut.truth.length; i++) {
      const row = heldOut.probabilities.data.subarray(3 * i, 3 * i + 3);
      expect(row[0]! + row[1]! + row[2]!).toBeCloseTo(1, 12);
    }
  });

  it('sets one class against the rest where one is named among three', async () => {
    const { result } = await runExperiment(threeClassTable(500, 1), { ...quick, target: 'kind', positive: '3' });
    expect(result.data.positive).toBe('3');
    expect(result.data.classes.map(({ label }) => label)).toEqual(['3', 'not 3']);
    expect(result.notices.map(({ code }) => code)).toContain('one-versus-rest');
  });

  it('names a planted leak and keeps it from the models, unless told to keep it', async () => {
    const random = randomStream(9, 'leak');
    const leaking = mixedTable(600, 1, (rare) => (rare ? 1 : 0) + 0.2 * random.normal());
    const { result, pipeline } = await runExperiment(leaking, quick);
    const notice = result.notices.find(({ column }) => column === 'extra');
    expect(notice?.severity).toBe('warning');
    expect(result.data.columns.find(({ name }) => name === 'extra')).toMatchObject({ used: false });
    expect(pipeline.encoder.inputs.map(({ name }) => name)).not.toContain('extra');
    const kept = await runExperiment(leaking, { ...quick, keep: ['extra'] });
    expect(kept.pipeline.encoder.inputs.map(({ name }) => name)).toContain('extra');
  });

  it('refuses a class of two rows, and leaves it out on request', async () => {
    const three = threeClassTable(300, 2);
    const rows = [...(three.columns[2]!.kind === 'numeric' ? three.columns[2]!.values : [])].flatMap((v, i) =>
      v === 3 ? [i] : [],
    );
    const tiny = withCells(three, 'kind', rows.slice(2), () => 1);
    await expect(runExperiment(tiny, { ...quick, target: 'kind' })).rejects.toThrow(
      /class 3 has 2 rows: at least three/,
    );
    const { result } = await runExperiment(tiny, { ...quick, target: 'kind', dropRareClasses: true });
    expect(result.data.classes.map(({ label }) => label)).toEqual([1, 2]);
    expect(result.notices.find(({ code }) => code === 'class-dropped')).toMatchObject({ class: 3 });
  });

  it('works with three rows in a class, saying what it could not do', async () => {
    const rows = 60;
    const random = randomStream(1, 'tiny');
    const size = Float64Array.from({ length: rows }, (_, i) => random.normal() + (i < 3 ? 2 : 0));
    const codes = Int32Array.from({ length: rows }, (_, i) => (i < 3 ? 1 : 0));
    const { result } = await runExperiment(
      {
        kind: 'table',
        rows,
        columns: [
          { kind: 'numeric', name: 'size', values: size },
          { kind: 'categorical', name: 'outcome', codes, dictionary: ['no', 'yes'] },
        ],
      },
      quick,
    );
    expect(result.validation.folds).toBe(2);
    expect(result.notices.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['fewer-folds', 'threshold-not-tuned']),
    );
    expect(result.notices).toContainEqual(expect.objectContaining({ code: 'few-held-out', class: 'yes' }));
    expect(result.strategies[0]!.test!['recall']).toMatchObject({ low: null, high: null });
    expect(JSON.stringify(result)).not.toContain('NaN');
  });

  it('keeps groups together, and looks forward in time', async () => {
    const grouped = mixedTable(600, 4, (_, row) => 1 + (row % 60));
    const { result, heldOut } = await runExperiment(grouped, { ...quick, group: 'extra' });
    expect(result.validation).toMatchObject({ split: 'group', splitColumn: 'extra' });
    const inTest = new Set([...heldOut.inputRows].map((row) => row % 60));
    expect(heldOut.inputRows.length).toBe(inTest.size * 10);
    const timed = mixedTable(600, 4, (_, row) => row + 1);
    const later = await runExperiment(timed, { ...quick, time: 'extra' });
    expect(Math.min(...later.heldOut.inputRows)).toBe(450);
    expect(later.result.data.columns.find(({ name }) => name === 'extra')?.used).toBe(false);
  });

  it('tests on rows of their own where a test table is given', async () => {
    const test = mixedTable(200, 77);
    const { result, heldOut } = await runExperiment(table, { ...quick, test });
    expect(result.validation).toMatchObject({ split: 'file', trainRows: 600, testRows: 200 });
    expect([...heldOut.inputRows]).toEqual([...Array(200).keys()]);
  });

  it('stops on request', async () => {
    const controller = new AbortController();
    const stopped = runExperiment(table, quick, {
      signal: controller.signal,
      onProgress: ({ done }) => done >= 5 && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });

  it('refuses what it cannot do, before any work', async () => {
    const refused = (options: Partial<ExperimentOptions>, code: string) =>
      expect(runExperiment(table, { ...quick, ...options })).rejects.toMatchObject({ code });
    await refused({ metric: 'accuraccy' }, 'unknown-metric');
    await refused({ metric: 'expectedCost' }, 'bad-costs');
    await refused({ treatments: ['smoot'] }, 'unknown-strategy');
    await refused({ learners: ['oracle'] }, 'unknown-learner');
    await refused({ target: 'outcom' }, 'no-such-column');
    await refused({ positive: 'rarest' }, 'no-such-class');
    await refused({ folds: 1 }, 'bad-option');
    await refused({ time: 'colour' }, 'bad-time-column');
    await refused({ costs: { falseNegative: 0, falsePositive: 0 } }, 'bad-costs');
  });

  it('keeps a model that reads back to the same bytes of prediction', async () => {
    const { pipeline } = await runExperiment(table, quick);
    const again = pipelineFromJSON(JSON.parse(JSON.stringify(pipeline)));
    const [a, b] = [await pipeline.score(table), await again.score(table)];
    expect(Buffer.from(b.probabilities.data.buffer).equals(Buffer.from(a.probabilities.data.buffer))).toBe(true);
    expect(b.decisions).toEqual(a.decisions);
    expect(a.sureness).not.toBeNull();
    expect(b.sureness).toEqual(a.sureness);
    const unsure = (change: object) => () => {
      const json = pipeline.toJSON();
      return pipelineFromJSON({ ...json, uncertainty: { ...json.uncertainty, ...change } });
    };
    expect(unsure({ alpha: 1 })).toThrow(/alpha/);
    expect(unsure({ vennAbers: {} })).toThrow(/[Vv]enn/);
    expect(unsure({ conformal: {} })).toThrow(/conformal/);
    expect(unsure({ calibrationRows: [1] })).toThrow(/one count a class/);
    expect(() => pipelineFromJSON({ ...pipeline.toJSON(), classes: ['rare'] })).toThrow(/no usable model/);
    expect(() => pipelineFromJSON({ ...pipeline.toJSON(), formatVersion: 1 })).toThrow(/only 2 is known/);
    const correction = { kind: 'prior-correction', trueShares: [0.9, 0.1], seenShares: [0.5, 0.5], positive: 1 };
    const recalibration = { ...pipeline.recalibration.toJSON(), decision: 'prior-correction', correction };
    expect(() => pipelineFromJSON({ ...pipeline.toJSON(), recalibration, positive: 0 })).toThrow(/another positive/);
    const decision = { ...pipeline.decision, threshold: -7 };
    expect(() => pipelineFromJSON({ ...pipeline.toJSON(), decision })).toThrow(/threshold between 0 and 1/);
    const encoder = pipeline.encoder.toJSON();
    const fewer = { ...encoder, columns: encoder.columns.slice(1) };
    const other = {
      code: 'bad-model',
      message: expect.stringMatching(/its encoder makes \d+ columns, its model takes/),
    };
    expect(() => pipelineFromJSON({ ...pipeline.toJSON(), encoder: fewer })).toThrow(expect.objectContaining(other));
    expect(() => pipelineFromJSON('rm -rf')).toThrow(/not an object/);
  });
});
