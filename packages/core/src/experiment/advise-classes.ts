import { clopperPearsonInterval } from '../metrics/index.ts';
import type { Advice } from './advice.ts';
import type { AdviceFacts } from './advice-facts.ts';
import { className, commandFor, count, percent, rowsOf, someOf } from './advice-words.ts';
import type { DifficultySummary } from './diagnosis.ts';
import type { ClassNeighbourhood } from './neighbourhood-summary.ts';

/** The share that `run` holds out. */
const HELD_OUT = 0.25;
/** Fewer rows of a class cannot be learned from and tested on. */
const FEWEST = 3;
/** With fewer rows a figure of the class is hardly more than a guess. */
const FEW = 50;
/** From here on a recall is known to about 0.1 either way: 97 held-out rows give 1.96 sqrt(0.25 / 97). */
const ENOUGH = 388;
/** Shares and means of fewer rows are not spoken of. */
const SPOKEN_OF = 10;
/** Fewer rows of the rarest class for each encoded column. */
const ROWS_A_FEATURE = 10;
const MOST_CLASSES = 3;
/** Where fewer rows of a class are outvoted by their neighbours, the threshold 0.5 hides few of them. */
const OUTVOTED = 0.25;

/** What each rare class lets one learn and estimate, and what makes it hard. */
export function adviceOnClasses(facts: AdviceFacts): Advice[] {
  const { difficulty } = facts;
  return [
    ...fewRows(facts),
    ...(difficulty
      ? [
          ...fewRowsAFeature(facts, difficulty),
          ...overlap(facts, difficulty),
          ...isolatedRows(facts, difficulty),
          ...disjuncts(facts, difficulty),
          ...outnumbered(facts, difficulty),
        ]
      : []),
  ];
}

function fewRows(facts: AdviceFacts): Advice[] {
  const { classes } = facts.data;
  const sorted = [...classes].sort((a, b) => a.rows - b.rows);
  const { label, rows } = sorted[0]!;
  if (rows >= ENOUGH) return [];
  const few = sorted.filter((one) => one.rows < FEW);
  const held = Math.max(1, Math.round(HELD_OUT * rows));
  const hits = Math.round(held / 2);
  const { low, high } = clopperPearsonInterval(hits, held);
  const range = `With a quarter held out, its recall rests on ${rowsOf(held)}: if ${hits} ${hits === 1 ? 'is' : 'are'} found, the exact 95 % interval is ${low.toFixed(2)} to ${high.toFixed(2)}`;
  const numbers = { rows, heldOut: held, low, high, classes: few.length };
  const evidence = 'Clopper and Pearson (1934)';
  if (rows < FEWEST) {
    const tiny = sorted.filter((one) => one.rows < FEWEST);
    return [
      {
        code: 'class-too-small',
        kind: 'look',
        sentence: `Collect rows of ${tiny.length === 1 ? 'class' : 'classes'} ${someOf(tiny.map((one) => one.label))}, join them with others, or leave them out: nothing can be learned and tested on fewer than three.`,
        reason: `Class ${className(label)} has ${rowsOf(rows)}${few.length > tiny.length ? `; ${few.length} classes in all have fewer than ${FEW}` : ''}.`,
        numbers: { rows, classes: tiny.length },
        evidence: null,
        command: commandFor(facts, 'run', '--drop-rare-classes'),
        class: label,
      },
    ];
  }
  if (rows < FEW) {
    return [
      {
        code: 'few-rows',
        kind: 'know',
        sentence: `Do not choose between methods by figures on class ${className(label)}: too few rows stand behind them. More rows of it are worth more than any treatment.`,
        reason: `${range}${few.length > 1 ? `; ${few.length} classes have fewer than ${FEW} rows` : ''}. Repeats even out the luck of a split, but add no rows.`,
        numbers,
        evidence,
        command: commandFor(facts, 'run', '--repeats', '10'),
        class: label,
      },
    ];
  }
  return [
    {
      code: 'wide-intervals',
      kind: 'know',
      sentence: `Read figures on class ${className(label)} with their intervals: a difference of ${((high - low) / 2).toFixed(2)} may be chance.`,
      reason: `${range}. About ${count(ENOUGH)} rows of the class would bring it to 0.1 either way.`,
      numbers,
      evidence,
      command: null,
      class: label,
    },
  ];
}

function fewRowsAFeature(facts: AdviceFacts, { features }: DifficultySummary): Advice[] {
  const rarest = facts.data.classes.reduce((a, b) => (b.rows < a.rows ? b : a));
  const each = rarest.rows / features;
  if (each >= ROWS_A_FEATURE || rarest.rows < FEWEST) return [];
  return [
    {
      code: 'few-rows-per-column',
      kind: 'try',
      sentence: 'Prefer few columns and simple, penalised models; leave out columns that cannot matter.',
      reason: `Encoded, a row has ${count(features)} ${features === 1 ? 'number' : 'numbers'}, and class ${className(rarest.label)} ${rowsOf(rarest.rows)}: ${each.toPrecision(2)} a number. A flexible model finds patterns in so few rows that are not there.`,
      numbers: { rows: rarest.rows, features, rowsPerFeature: each },
      evidence: 'Riley et al., sample size for prediction models (BMJ 2020)',
      command: null,
      class: rarest.label,
    },
  ];
}

interface RareClass extends ClassNeighbourhood {
  readonly code: number;
}

/** Classes rarer than an even share that have rows enough to speak of; of two classes the rarer, unless they are even. */
function rareClasses({ data }: AdviceFacts, { classes }: DifficultySummary): RareClass[] {
  return classes
    .map((one, code) => ({ ...one, code }))
    .filter(({ rows, lookedAt, label }) => {
      const rare = rows * classes.length < data.rows || label === data.positive;
      return rare && lookedAt >= SPOKEN_OF;
    });
}

function overlap(facts: AdviceFacts, difficulty: DifficultySummary): Advice[] {
  const kdn = difficulty.measures.find(({ name }) => name === 'kdn')!;
  const total = difficulty.rows;
  const found = rareClasses(facts, difficulty).map(({ code, label, rows }) => {
    const own = 1 - (kdn.perClass[code]?.value ?? 0);
    const chance = total > 1 ? (rows - 1) / (total - 1) : 0;
    return { label, own, chance, lift: chance > 0 ? own / chance : 0 };
  });
  const hard = found.filter(({ own }) => own < 0.5).sort((a, b) => a.own - b.own);
  const worst = hard[0];
  const best = Math.max(0, ...facts.data.columns.map(({ used, aloneAuc }) => (used ? (aloneAuc ?? 0) : 0)));
  const alone = best > 0 ? ` The best single column ranks with a ROC-AUC of ${best.toFixed(2)}.` : '';
  if (worst) {
    const none = worst.lift < 1.5;
    const others =
      hard.length > 1
        ? ` ${hard.length - 1} more ${hard.length === 2 ? 'class is' : 'classes are'} below one half.`
        : '';
    return [
      {
        code: none ? 'no-local-structure' : 'overlap',
        kind: 'know',
        sentence: none
          ? `Look for better columns before treatments: by its neighbours class ${className(worst.label)} can hardly be told from the rest, and resampling adds no information.`
          : `Expect misses or false alarms on class ${className(worst.label)} under any treatment: it overlaps with others, and resampling only moves along the same trade-off.`,
        reason: `Of the ${difficulty.k} nearest rows of a row of class ${className(worst.label)}, ${percent(worst.own)} are of its class on average; mixed at random it would be ${percent(worst.chance)} (${worst.lift >= 10 ? count(worst.lift) : worst.lift.toPrecision(2)} times).${others}${alone} Neighbours weigh all columns alike; a model that weighs them may see more.`,
        numbers: { ownShare: worst.own, chance: worst.chance, lift: worst.lift, bestAloneAuc: best },
        evidence: 'van den Goorbergh et al. (JAMIA 2022): no gain in AUROC from under-sampling, over-sampling or SMOTE',
        command: null,
        class: worst.label,
      },
    ];
  }
  const easy = found.filter(({ own, chance }) => own >= 0.8 && chance < 0.5);
  if (easy.length === 0 || easy.length < found.length) return [];
  const least = easy.reduce((a, b) => (b.own < a.own ? b : a));
  return [
    {
      code: 'well-separated',
      kind: 'know',
      sentence:
        'Expect good results from plain models: the rare rows stand among their own. If they seem too good, look for a leak.',
      reason: `Of the ${difficulty.k} nearest rows of a row of class ${className(least.label)}, ${percent(least.own)} are of its class on average; mixed at random it would be ${percent(least.chance)}.`,
      numbers: { ownShare: least.own, chance: least.chance },
      evidence: null,
      command: null,
      class: least.label,
    },
  ];
}

function isolatedRows(facts: AdviceFacts, difficulty: DifficultySummary): Advice[] {
  const found = rareClasses(facts, difficulty)
    .map(({ label, types, rows }) => ({
      label,
      rows,
      rare: types?.rare.value ?? 0,
      outlier: types?.outlier.value ?? 0,
    }))
    .filter(({ rare, outlier }) => rare + outlier > 0.5)
    .sort((a, b) => b.rare + b.outlier - (a.rare + a.outlier));
  if (found.length === 0) return [];
  const { label, rare, outlier } = found[0]!;
  const others =
    found.length > 1
      ? ` The same is true of ${someOf(
          found.slice(1).map((one) => one.label),
          MOST_CLASSES,
        )}.`
      : '';
  return [
    {
      code: 'isolated-rare-rows',
      kind: 'try',
      sentence: `Do not count on interpolation (SMOTE and its kin) for class ${className(label)}; compare it with weights and plain copies before you trust it.`,
      reason: `${percent(rare + outlier)} of its rows stand alone or in pairs among others (rare ${percent(rare)}, outliers ${percent(outlier)}): rows made between them would lie where other classes live.${others}`,
      numbers: { rare, outlier },
      evidence:
        'Napierala and Stefanowski (2016): the types of the rare rows decide what helps, more than the imbalance ratio does',
      command: commandFor(facts, 'run', '--strategies', 'none,class-weight,random-over,smote'),
      class: label,
    },
  ];
}

function disjuncts(facts: AdviceFacts, difficulty: DifficultySummary): Advice[] {
  const found = rareClasses(facts, difficulty)
    .flatMap(({ label, rows, disjuncts }) => (disjuncts && rows >= 2 * SPOKEN_OF ? [{ label, ...disjuncts }] : []))
    .filter(
      ({ largeClusters, largestShare, smallShare }) => largeClusters >= 2 && largestShare < 0.8 && smallShare <= 0.5,
    )
    .sort((a, b) => a.largestShare - b.largestShare);
  if (found.length === 0) return [];
  const { label, clusters, largeClusters, largestShare, smallShare } = found[0]!;
  return [
    {
      code: 'small-disjuncts',
      kind: 'try',
      sentence: `Look at class ${className(label)} cluster by cluster: it is several groups rather than one, and small ones are missed first.`,
      reason: `It falls into ${count(clusters)} ${clusters === 1 ? 'cluster' : 'clusters'}, ${largeClusters} of them of more than ${difficulty.k} rows; the largest has ${percent(largestShare)} of the rows, and ${percent(smallShare)} stand in clusters of at most ${difficulty.k}.`,
      numbers: { clusters, largeClusters, largestShare, smallShare },
      evidence: 'Holte et al. (1989), Jo and Japkowicz (2004)',
      command: commandFor(facts, 'diagnose', '--rows', 'rows.csv'),
      class: label,
    },
  ];
}

function outnumbered(facts: AdviceFacts, difficulty: DifficultySummary): Advice[] {
  const { class: label, rows, value, low, high } = difficulty.bayesImpact;
  if (rows < SPOKEN_OF || value === null || value < 0.2 || facts.data.imbalanceRatio < 1.5) return [];
  const code = difficulty.classes.findIndex((one) => one.label === label);
  const outvoted =
    difficulty.measures.find(({ name }) => name === 'commonMisclassification')?.perClass[code]?.value ?? 0;
  if (outvoted < OUTVOTED) return [];
  const interval = low === null || high === null ? '' : ` [${low.toFixed(2)}, ${high.toFixed(2)}]`;
  return [
    {
      code: 'outnumbered',
      kind: 'know',
      sentence: `Being outnumbered, not only overlap, hides class ${className(label)} at the threshold 0.5; a lower threshold undoes that at no cost to the ranking.`,
      reason: `${percent(outvoted)} of its rows looked at are outvoted by their neighbours. BI3 is ${value.toFixed(2)}${interval}: by so much the local chance of one of its rows to be recognised falls because the class has fewer rows, on a scale from 0 to 1.`,
      numbers: { bi3: value, outvoted, rows },
      evidence: 'Lu, Cheung and Tang, Bayes imbalance impact index (IEEE TNNLS 2019)',
      command: null,
      class: label,
    },
  ];
}
