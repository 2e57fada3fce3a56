import type { ResamplerEntry } from '../registry-entry.ts';
import { ccr } from './ccr.ts';
import { geometricSmote } from './geometric-smote.ts';
import { lee } from './lee.ts';
import { lvqSmote } from './lvq-smote.ts';
import { mixup } from './mixup.ts';
import { mwmote } from './mwmote.ts';
import { polynomFitSmote } from './polynom-fit-smote.ts';
import { prowsyn } from './prowsyn.ts';
import { randomWalkOverSampling } from './random-walk-over-sampling.ts';
import { remix } from './remix.ts';
import { safeLevelSmote } from './safe-level-smote.ts';
import { smobd } from './smobd.ts';
import { smoteIpf } from './smote-ipf.ts';

const over = { samplingType: 'over-sampling', compat: false } as const;

/** Over-samplers of the literature that imbalanced-learn has not. */
export const furtherOverSamplers: readonly ResamplerEntry[] = [
  { name: 'safe-level-smote', ...over, makes: 'interpolates', create: safeLevelSmote },
  { name: 'geometric-smote', ...over, makes: 'generates', create: geometricSmote },
  { name: 'polynom-fit-smote', ...over, makes: 'generates', create: polynomFitSmote },
  { name: 'prowsyn', ...over, makes: 'interpolates', create: prowsyn },
  { name: 'random-walk-over-sampling', ...over, makes: 'generates', create: randomWalkOverSampling },
  { name: 'mwmote', ...over, makes: 'interpolates', create: mwmote },
  { name: 'ccr', ...over, makes: 'generates', movesRows: true, create: ccr },
  { name: 'lee', ...over, makes: 'interpolates', create: lee },
  { name: 'smobd', ...over, makes: 'interpolates', create: smobd },
  { name: 'lvq-smote', ...over, makes: 'generates', create: lvqSmote },
  { name: 'smote-ipf', ...over, makes: 'interpolates', counts: 'cleaned', create: smoteIpf },
  { name: 'mixup', ...over, makes: 'interpolates', counts: 'soft', create: mixup },
  { name: 'remix', ...over, makes: 'interpolates', counts: 'soft', create: remix },
];
