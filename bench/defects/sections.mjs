import { calibration } from './cases/calibration.mjs';
import { conformal } from './cases/conformal.mjs';
import { literature } from './cases/literature.mjs';
import { measures } from './cases/measures.mjs';
import { resampling } from './cases/resampling.mjs';
import { takingAway } from './cases/taking-away.mjs';

/** The page's sections in order; `file` holds the examples. */
export const sections = [
  { title: 'Conformal prediction', file: 'conformal.mjs', cases: conformal },
  { title: 'Calibration, thresholds, costs', file: 'calibration.mjs', cases: calibration },
  { title: 'Measures and metrics', file: 'measures.mjs', cases: measures },
  { title: 'Resampling', file: 'resampling.mjs', cases: resampling },
  { title: 'Taking rows away, and ensembles', file: 'taking-away.mjs', cases: takingAway },
  { title: 'Over-samplers of the literature', file: 'literature.mjs', cases: literature },
];

export const allCases = sections.flatMap(({ cases }) => cases);
