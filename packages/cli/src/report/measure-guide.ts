import type { MeasureName } from '@counterweight/core';

/** What a measure of difficulty is called and what it says. */
export interface MeasureGuide {
  readonly label: string;
  readonly meaning: string;
}

/** Every measure in one sentence. */
export const measureGuide: Readonly<Record<MeasureName, MeasureGuide>> = {
  kdn: { label: 'kDN', meaning: 'mean share of the nearest rows of a row that are of another class' },
  commonMisclassification: { label: 'CM', meaning: 'share of rows with most neighbours of other classes' },
  degreeOfOverlap: { label: 'degOver', meaning: 'share of rows with any neighbour of another class' },
  n3: { label: 'N3', meaning: 'share of rows whose nearest row is of another class: the error of 1-NN' },
  rValue: { label: 'R', meaning: 'share of rows with more than two neighbours of other classes' },
  augmentedRValue: { label: 'R augmented', meaning: 'R with the classes weighted against their size' },
  d3: { label: 'D3', meaning: 'number of rows with less than half of their neighbours of their own class' },
  n1: {
    label: 'N1',
    meaning: 'share of rows that the minimum spanning tree joins to another class; smaller in denser data',
  },
  n2: {
    label: 'N2',
    meaning: 'distances within classes against distances between them; 0.5 where they are the same',
  },
  n4: { label: 'N4', meaning: 'error of 1-NN on rows made between rows of one class: bent borders' },
  t1: { label: 'T1', meaning: 'number of spheres that cover the classes, for each row' },
  lsc: { label: 'LSC', meaning: '1 less the mean share of rows that are nearer than the nearest row of another class' },
  f1: { label: 'F1', meaning: 'overlap left in the single column that separates best' },
  f1v: { label: 'F1v', meaning: 'the same along the best direction of all columns' },
  f2: { label: 'F2', meaning: 'volume in which the ranges of the classes overlap, all columns multiplied' },
  f3: { label: 'F3', meaning: 'share of rows that the best single column leaves in the overlap' },
  f4: { label: 'F4', meaning: 'the same when columns are used one after the other' },
  l1: { label: 'L1', meaning: 'how far the errors of a linear classifier lie on the wrong side' },
  l2: { label: 'L2', meaning: 'share of rows that a linear classifier gets wrong, classes not weighted' },
  l3: { label: 'L3', meaning: 'its error on rows made between rows of one class' },
  t2: { label: 'T2', meaning: 'encoded columns for each row: how sparsely the space is filled' },
  t3: { label: 'T3', meaning: 'principal components for each row' },
  t4: { label: 'T4', meaning: 'share of the columns that the principal components need' },
};

/** Groups of measures, in the order in which they are shown. */
export const groupLabels = {
  neighbourhood: 'neighbours',
  border: 'border',
  overlap: 'overlap of columns',
  linearity: 'linear separation',
  dimensionality: 'dimensions',
} as const;

/** Types of neighbourhood, for five neighbours. */
export const typeGuide = {
  safe: '4 or 5 of 5 neighbours of its own class',
  borderline: '2 or 3 of 5',
  rare: '1 of 5, which stands alone itself',
  outlier: 'none',
} as const;

export const adviceKinds = { look: 'First', try: 'Try', know: 'Know' } as const;
