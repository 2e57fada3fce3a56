import type { Dataset } from '../data/dataset.ts';
import { type TrainingRows, trainingRows } from '../learn/logistic-data.ts';
import type { SettledCosts } from '../learn/trees/decision-costs.ts';
import { randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { memberOf } from './balanced-bagging.ts';
import { type EnsembleCosts, ensembleCosts } from './class-costs.ts';
import { combinedModel } from './combined-model.ts';
import { bootstrap } from './draw-bags.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { fitBags } from './fit-bags.ts';
import { checkMember, type MemberOptions, memberOptionNames } from './member-base.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { bagOf } from './row-units.ts';

export interface MetaCostOptions extends EnsembleOptions, MemberOptions {
  /** Default `balanced`. */
  readonly costs?: EnsembleCosts | undefined;
}

/**
 * MetaCost (Domingos 1999): bagged members say how likely each class is for each row, the row is relabelled to the class of
 * least expected cost, and one learner learns from the new labels. 10 members, trees without a `learner`.
 *
 * A row is judged by the members that did not see it, by all where there is none. A class that no row would keep keeps the
 * row that is likeliest its own.
 */
export function metaCost(options: MetaCostOptions = {}): EnsembleLearner {
  const name = 'meta-cost';
  checkEnsemble(name, options, ['costs', ...memberOptionNames]);
  checkMember(options);
  const { nEstimators = 10, seed = 0, costs = 'balanced', ...base } = options;
  const fit = async (data: Dataset, run?: RunOptions) => {
    const training = trainingRows(data);
    const settled = ensembleCosts(costs, data, training);
    const plan = { name, seed, members: nEstimators, base, outOfBag: true };
    const draw: Parameters<typeof fitBags>[0]['draw'] = (stream, units) =>
      bagOf(bootstrap(stream, units).ofClass, units);
    const bagged = await fitBags({ ...plan, draw }, data, run);
    const p = await bagged.predictProba(data.X, run);
    const unseen = bagged.outOfBag!.data;
    const shares = p.data.map((share, at) => (Number.isNaN(unseen[at]!) ? share : unseen[at]!));
    const codes = relabelled(shares, data, training, settled);
    const learner = memberOf(base, randomStream(seed, name).child('final').uint32());
    const model = await learner.fit({ ...data, y: { codes, classes: data.y.classes } }, run);
    const about = { name, classes: data.y.classes, columns: data.X.columns, combine: 'mean' as const };
    return combinedModel({ ...about, members: [model], notices: bagged.notices });
  };
  return Object.freeze({ name, fit });
}

/** The class of least expected cost for each row; of equal ones its own. A class that no row has left keeps its likeliest. */
function relabelled(
  shares: Float64Array,
  { y }: Dataset,
  { kept, count, present, labels }: TrainingRows,
  { of }: SettledCosts,
): Int32Array {
  const codes = y.codes.slice();
  const rowOf = (place: number) => (kept ? kept[place]! : place);
  const shareOf = (place: number, k: number) => shares[rowOf(place) * y.classes.length + present[k]!]!;
  const taken = new Int32Array(present.length);
  for (let i = 0; i < count; i++) {
    const expected = present.map((_code, decided) => {
      let cost = 0;
      for (let truth = 0; truth < present.length; truth++) cost += shareOf(i, truth) * of(i, decided, truth);
      return cost;
    });
    let best = labels[i]!;
    // Costs equal but for the rounding of their sums leave a row its own class.
    const slack = 1e-12 * Math.max(...expected.map(Math.abs));
    for (let k = 0; k < present.length; k++) if (expected[k]! < expected[best]! - slack) best = k;
    codes[rowOf(i)] = present[best]!;
    taken[best]!++;
  }
  for (const [place, code] of present.entries()) {
    if (taken[place]! > 0) continue;
    let likeliest = -1;
    for (let i = 0; i < count; i++) {
      if (labels[i] !== place) continue;
      if (likeliest < 0 || shareOf(i, place) > shareOf(likeliest, place)) likeliest = i;
    }
    codes[rowOf(likeliest)] = code;
  }
  return codes;
}
