import type { Dataset } from '../data/dataset.ts';
import { trainingRows } from '../learn/logistic-data.ts';
import { randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { memberOf } from './balanced-bagging.ts';
import type { EnsembleLearner } from './balanced-random-forest.ts';
import { type ClassCosts, classCosts } from './class-costs.ts';
import { combinedModel } from './combined-model.ts';
import { bootstrap } from './draw-bags.ts';
import { fitBags } from './fit-bags.ts';
import { checkMember, type MemberOptions, memberOptionNames } from './member-base.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { bagOf } from './row-units.ts';

export interface MetaCostOptions extends EnsembleOptions, MemberOptions {
  /** Default `balanced`. */
  readonly costs?: ClassCosts | undefined;
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
    const byClass = classCosts(costs, data, training);
    const plan = { name, seed, members: nEstimators, base, outOfBag: true };
    const draw: Parameters<typeof fitBags>[0]['draw'] = (stream, units) =>
      bagOf(bootstrap(stream, units).ofClass, units);
    const bagged = await fitBags({ ...plan, draw }, data, run);
    const p = await bagged.predictProba(data.X, run);
    const unseen = bagged.outOfBag!.data;
    const shares = p.data.map((share, at) => (Number.isNaN(unseen[at]!) ? share : unseen[at]!));
    const codes = relabelled(shares, data, training.present, byClass);
    const learner = memberOf(base, randomStream(seed, name).child('final').uint32());
    const model = await learner.fit({ ...data, y: { codes, classes: data.y.classes } }, run);
    const about = { name, classes: data.y.classes, columns: data.X.columns, combine: 'mean' as const };
    return combinedModel({ ...about, members: [model], notices: bagged.notices });
  };
  return Object.freeze({ name, fit });
}

/** The class of least expected cost for each row, that is of the greatest probability times cost; of equal ones its own. */
function relabelled(
  shares: Float64Array,
  { y, weights }: Dataset,
  present: readonly number[],
  costs: Float64Array,
): Int32Array {
  const classes = y.classes.length;
  const codes = y.codes.slice();
  const risk = (row: number, place: number) => shares[row * classes + present[place]!]! * costs[place]!;
  const counts = new Int32Array(classes);
  for (let row = 0; row < codes.length; row++) {
    if (weights && weights[row] === 0) continue;
    let best = present.indexOf(codes[row]!);
    for (let k = 0; k < present.length; k++) if (risk(row, k) > risk(row, best) * (1 + 1e-12)) best = k;
    codes[row] = present[best]!;
    counts[codes[row]!]!++;
  }
  for (const [place, code] of present.entries()) {
    if (counts[code]! > 0) continue;
    let likeliest = -1;
    for (let row = 0; row < codes.length; row++) {
      if (y.codes[row] !== code || (weights && weights[row] === 0)) continue;
      if (likeliest < 0 || risk(row, place) > risk(likeliest, place)) likeliest = row;
    }
    codes[likeliest] = code;
  }
  return codes;
}
