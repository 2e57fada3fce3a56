import { calibration } from './cases/calibration.mjs';
import { conformal } from './cases/conformal.mjs';
import { measures } from './cases/measures.mjs';
import { resampling } from './cases/resampling.mjs';

/** The page's sections in order; `file` holds the examples. */
export const sections = [
  { title: 'Conformal prediction', file: 'conformal.mjs', cases: conformal },
  { title: 'Calibration, thresholds, costs', file: 'calibration.mjs', cases: calibration },
  { title: 'Measures and metrics', file: 'measures.mjs', cases: measures },
  {
    title: 'Resampling',
    file: 'resampling.mjs',
    cases: resampling,
    closing: '<!-- Further resampling methods come here, with examples of their own. -->',
  },
];

export const allCases = sections.flatMap(({ cases }) => cases);
