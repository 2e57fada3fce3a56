import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { matrix } from '../../src/data/matrix.ts';
import { confusionMatrix } from '../../src/metrics/index.ts';

type Averages = Record<
  'micro' | 'macro' | 'weighted' | 'samples',
  Record<'precision' | 'recall' | 'fBeta' | 'jaccard', number>
>;

interface RawCase {
  classes: number;
  truth: number[];
  probabilities: number[];
  decisions: number[];
  weights: number[] | null;
  expected: Record<string, number | null> & Partial<Record<'curve_uniform' | 'curve_quantile', [number[], number[]]>>;
  averages: Averages;
  report: [number, number, number][];
}

interface MultiLabelCase {
  labels: number;
  truth: number[];
  predicted: number[];
  weights: number[] | null;
  averages: Averages;
  subsetAccuracy: number;
  hammingLoss: number;
}

interface Fixture {
  cases: RawCase[];
  multiLabel: MultiLabelCase[];
  incompleteBeta: [number, number, number, number][];
  betaQuantile: [number, number, number, number][];
  clopperPearson: [number, number, number, number][];
  bca: { value: number; replicates: number[]; influences: number[]; low: number; high: number };
  regressions: { scores: number[]; truth: number[]; weights: number[]; expected: [number, number, number] }[];
  loess: { x: number[]; y: number[]; fitted: number[] };
}

/** Values of scikit-learn, imbalanced-learn, numpy and scipy; fixtures/more-metrics.py made them. */
export const moreFixture = JSON.parse(
  readFileSync(fileURLToPath(new URL('../fixtures/more-metrics.json', import.meta.url)), 'utf8'),
) as Fixture;

export const moreCases = moreFixture.cases.map((raw) => {
  const truth = Int32Array.from(raw.truth);
  const decisions = Int32Array.from(raw.decisions);
  const weights = raw.weights ? Float64Array.from(raw.weights) : undefined;
  return {
    classes: raw.classes,
    truth,
    decisions,
    weights,
    scores: Float64Array.from(raw.truth, (_, row) => raw.probabilities[row * raw.classes + 1]!),
    probabilities: matrix(Float64Array.from(raw.probabilities), raw.truth.length, raw.classes),
    confusion: confusionMatrix(truth, decisions, raw.classes, weights),
    expected: raw.expected,
    averages: raw.averages,
    report: raw.report,
  };
});

export const binaryCases = moreCases.filter(({ classes }) => classes === 2);
export const multiCases = moreCases.filter(({ classes }) => classes > 2);
