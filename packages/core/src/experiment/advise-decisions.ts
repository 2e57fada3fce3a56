import type { Advice } from './advice.ts';
import type { AdviceFacts } from './advice-facts.ts';
import { className, commandFor, count, percent, rowsOf } from './advice-words.ts';

/** Below this ratio there is no imbalance to speak of. */
const NEARLY_BALANCED = 1.5;
/** So many rows of the rare class are plenty for an ordinary model of an ordinary table. */
const PLENTY = 1000;

const NOTHING_EVIDENCE =
  'van den Goorbergh et al. (JAMIA 2022) and Carriero et al. (Statistics in Medicine 2025): no better ranking from resampling, probabilities far too high; Elor and Averbuch-Elor (2022, 73 data sets): no gain for strong learners once thresholds are tuned';

/** Ranking, probabilities, decisions: what to compare, and where the threshold comes from. */
export function adviceOnDecisions(facts: AdviceFacts): Advice[] {
  const { data } = facts;
  const binary = data.classes.length === 2;
  return [
    data.imbalanceRatio < NEARLY_BALANCED ? nearlyBalanced(facts) : nothingFirst(facts),
    binary ? (facts.costs ? thresholdOf(facts, facts.costs) : askForCosts(facts)) : costMatrix(facts),
  ];
}

/** The positive class of a binary task, otherwise the rarest of all. */
function classOfInterest({ data }: AdviceFacts) {
  const positive = data.classes.find(({ label }) => label === data.positive);
  return positive ?? data.classes.reduce((a, b) => (b.rows < a.rows ? b : a));
}

function nearlyBalanced(facts: AdviceFacts): Advice {
  const { imbalanceRatio } = facts.data;
  return {
    code: 'nearly-balanced',
    kind: 'know',
    sentence: 'Nothing needs doing about the imbalance.',
    reason: `The largest class has ${imbalanceRatio.toFixed(2)} times the rows of the smallest.`,
    numbers: { imbalanceRatio },
    evidence: null,
    command: commandFor(facts, 'run'),
  };
}

function nothingFirst(facts: AdviceFacts): Advice {
  const { label, rows, share } = classOfInterest(facts);
  const plenty = rows >= PLENTY;
  const binary = facts.data.classes.length === 2;
  const shift = Math.log((1 - share) / share);
  const learn = plenty
    ? `Class ${className(label)} has ${rowsOf(rows)}, plenty to learn from although it is only ${percent(share)} of all.`
    : `Class ${className(label)} has ${rowsOf(rows)}, ${percent(share)} of all.`;
  const balanced = binary && share < 0.5;
  return {
    code: plenty ? 'plenty-of-rare-rows' : 'compare-with-nothing',
    kind: 'try',
    sentence: plenty
      ? 'Begin with an ordinary model, without resampling or weights; whatever else is tried has to beat it.'
      : 'Compare every treatment with doing nothing, thresholds tuned on both sides.',
    reason: balanced
      ? `${learn} Balanced 1:1, a model takes the share for 50 %: its log-odds are off by ${shift.toFixed(2)} until they are corrected (run corrects them).`
      : learn,
    numbers: { rows, share, ...(balanced ? { logOddsShift: shift } : {}) },
    evidence: NOTHING_EVIDENCE,
    command: commandFor(facts, 'run'),
    class: label,
  };
}

const ELKAN = 'Elkan, The foundations of cost-sensitive learning (IJCAI 2001)';

function askForCosts(facts: AdviceFacts): Advice {
  const { label, share } = classOfInterest(facts);
  const name = className(label);
  return {
    code: 'thresholds-from-costs',
    kind: 'try',
    sentence: `Say what a missed row of class ${name} and a false alarm cost, or that you want a ranking only: the threshold follows from costs, not from the imbalance.`,
    reason: `The rule of 0.5 flags a row only if class ${name} is likelier than not, ${share < 0.5 ? `${(0.5 / share).toFixed(share > 0.05 ? 1 : 0)} times its share of ${percent(share)}` : `at a share of ${percent(share)}`}. If a miss costs 10 false alarms, the best threshold for honest probabilities is 1 / 11 = 0.091, whatever the share.`,
    numbers: { share },
    evidence: ELKAN,
    command: commandFor(facts, 'run', '--cost-fn', '10', '--cost-fp', '1'),
    class: label,
  };
}

function thresholdOf(facts: AdviceFacts, costs: NonNullable<AdviceFacts['costs']>): Advice {
  const { falseNegative, falsePositive } = costs;
  const { label, share } = classOfInterest(facts);
  const threshold = falsePositive / (falsePositive + falseNegative);
  const nothing = share * falseNegative;
  const everything = (1 - share) * falsePositive;
  return {
    code: 'thresholds-from-costs',
    kind: 'try',
    sentence: `Flag a row as class ${className(label)} from a probability of ${threshold.toPrecision(3)} on; no resampling is needed for that, only honest probabilities.`,
    reason: `Your costs give ${falsePositive} / (${falsePositive} + ${falseNegative}) = ${threshold.toPrecision(3)}. Without a model the cheapest is to flag ${nothing <= everything ? 'nothing' : 'every row'}, at ${Math.min(nothing, everything).toPrecision(3)} a row; a model has to cost less.`,
    numbers: { threshold, flagNothing: nothing, flagEverything: everything },
    evidence: ELKAN,
    command: commandFor(facts, 'run', '--cost-fn', String(falseNegative), '--cost-fp', String(falsePositive)),
    class: label,
  };
}

function costMatrix(facts: AdviceFacts): Advice {
  const classes = facts.data.classes.length;
  return {
    code: 'thresholds-from-costs',
    kind: 'try',
    sentence: 'Write down what each mistake costs, or name the one class that matters and set it against the rest.',
    reason: `With ${count(classes)} classes there are ${count(classes * (classes - 1))} kinds of mistake; the most probable class is the best decision only if all cost the same.`,
    numbers: { classes },
    evidence: ELKAN,
    command:
      facts.named === undefined
        ? commandFor(facts, 'run', '--positive', String(classOfInterest(facts).label))
        : commandFor(facts, 'run'),
  };
}
