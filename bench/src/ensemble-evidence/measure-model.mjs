import * as core from '@counterweight/core';

/** Processor time of this process, all its threads, in seconds. */
const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Fits one of our methods and measures it on the test part. */
export async function ourCell(method, { train, test }, seed, runtime) {
  const begin = processorTime();
  const treatment = method.treatment && core.treatmentNamed(method.treatment);
  const treated = treatment ? await treatment.treat(train, seed, { runtime }) : { data: train };
  const model = await method.create(seed).fit(treated.data, { runtime });
  const seconds = processorTime() - begin;
  const probabilities = await model.predictProba(test.X, { runtime });
  return { ...measured(probabilities, train, test, seesEven(method)), seconds };
}

export const seesEven = (method) => method.even === true || method.treatment !== undefined;

/**
 * Ranking and probabilities on the test part. More than two classes: means over each class against the rest. `corrected` is the
 * Brier score after the prior correction, for what learned from classes of equal size.
 */
export function measured(probabilities, train, test, even) {
  const truth = test.y.codes;
  const classes = test.y.classes.length;
  const counts = Float64Array.from(core.classCounts(train.y));
  const seenShares = even ? counts.map(() => 1) : counts;
  const corrected = core.priorCorrection({ trueShares: counts, seenShares }).apply(probabilities);
  const positive = classes === 2 ? 1 : null;
  const brier = (p) => core.brierScore({ probabilities: p, truth, positive });
  const constant = core.matrix(
    Float64Array.from({ length: truth.length * classes }, (_, at) => counts[at % classes] / train.y.codes.length),
    truth.length,
    classes,
  );
  const ranking =
    classes === 2
      ? binaryRanking(probabilities, truth)
      : {
          averagePrecision: core.macroAveragePrecision({ probabilities, truth }),
          rocAuc: core.macroRocAuc({ probabilities, truth }),
        };
  return { ...ranking, brier: brier(probabilities), corrected: brier(corrected), constant: brier(constant) };
}

function binaryRanking(probabilities, truth) {
  const scores = probabilities.data.filter((_, at) => at % 2 === 1);
  const ranked = core.rankScores({ scores, truth });
  return { averagePrecision: core.averagePrecisionOfRanked(ranked), rocAuc: core.rocAucOfRanked(ranked) };
}
