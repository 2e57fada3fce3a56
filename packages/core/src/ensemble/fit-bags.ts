import type { Dataset } from '../data/dataset.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import type { Model } from '../learn/learner.ts';
import { type TrainingRows, trainingRows } from '../learn/logistic-data.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import type { MonotoneOption } from './base-fits.ts';
import { type CombinedModel, combinedModel } from './combined-model.ts';
import { type MemberOptions, memberFits } from './member-base.ts';
import { type Bag, type RowUnits, rowUnits } from './row-units.ts';

export interface BagPlan {
  readonly name: string;
  readonly seed: number;
  readonly members: number;
  readonly base: MemberOptions & MonotoneOption;
  readonly outOfBag?: boolean;
  /** What the model is to say besides. */
  readonly notices?: readonly Notice[];
  /** Draws a member's bag from its own stream. */
  draw(stream: RandomStream, units: RowUnits, member: number): Bag;
}

/** Fits members on bags that do not depend on each other; the model is their mean. */
export async function fitBags(plan: BagPlan, data: Dataset, run?: RunOptions): Promise<CombinedModel> {
  const training = trainingRows(data);
  const units = rowUnits(training);
  const stream = randomStream(plan.seed, plan.name);
  const names = Array.from({ length: plan.members }, (_, m) => m);
  const bags = names.map((m) => plan.draw(stream.child('bag', m), units, m));
  const streams = names.map((m) => stream.child('member', m));
  return withKernels(run, async (work) => {
    const most = Math.max(...bags.map((bag) => bag.rows.length));
    const fits = await memberFits(work, data, training, plan.base, most, run);
    const members: Model[] = [];
    const unseen = plan.outOfBag ? outOfBagMeans(training) : undefined;
    await fits.fit(bags, streams, unseen ? 'outside' : 'nothing', ({ model, shares }, m) => {
      members.push(model);
      if (shares) unseen?.add(shares);
      run?.onProgress?.({ task: plan.name, done: m + 1, total: plan.members });
    });
    return combinedModel({
      name: plan.name,
      classes: data.y.classes,
      columns: data.X.columns,
      combine: 'mean',
      members,
      notices: [...absentClasses(data.y.classes, training.present), ...(plan.notices ?? [])],
      outOfBag: unseen?.means(data),
    });
  });
}

/** Means over the members that did not see a row; their bags hold NaN. */
function outOfBagMeans({ kept, count, present }: TrainingRows) {
  const width = present.length;
  const sums = new Float64Array(count * width);
  const counts = new Int32Array(count);
  return {
    add(shares: Float64Array): void {
      for (let i = 0; i < count; i++) {
        if (Number.isNaN(shares[i * width]!)) continue;
        counts[i]!++;
        for (let k = 0; k < width; k++) sums[i * width + k]! += shares[i * width + k]!;
      }
    },
    means({ X, y }: Dataset): Matrix {
      const classes = y.classes.length;
      const result = new Float64Array(X.rows * classes).fill(Number.NaN);
      for (let i = 0; i < count; i++) {
        if (counts[i] === 0) continue;
        const row = (kept ? kept[i]! : i) * classes;
        result.fill(0, row, row + classes);
        for (let k = 0; k < width; k++) result[row + present[k]!] = sums[i * width + k]! / counts[i]!;
      }
      return matrix(result, X.rows, classes);
    },
  };
}
