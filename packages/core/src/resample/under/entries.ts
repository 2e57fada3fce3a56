import type { ResamplerEntry } from '../registry-entry.ts';
import { allKnn } from './all-knn.ts';
import { clusterCentroids } from './cluster-centroids.ts';
import { condensedNearestNeighbour } from './condensed-nearest-neighbour.ts';
import { editedNearestNeighbours } from './edited-nearest-neighbours.ts';
import { instanceHardnessThreshold } from './instance-hardness-threshold.ts';
import { nearMiss } from './near-miss.ts';
import { neighbourhoodCleaningRule } from './neighbourhood-cleaning-rule.ts';
import { oneSidedSelection } from './one-sided-selection.ts';
import { randomUnder } from './random-under.ts';
import { repeatedEditedNearestNeighbours } from './repeated-edited-nearest-neighbours.ts';
import { spider } from './spider.ts';
import { tomekLinks } from './tomek-links.ts';

const under = { samplingType: 'under-sampling', makes: 'copies' } as const;
const clean = { samplingType: 'clean-sampling', makes: 'copies', counts: 'cleaned' } as const;

/** The methods that take rows away. */
export const underSamplers: readonly ResamplerEntry[] = [
  { name: 'random-under', ...under, create: randomUnder },
  { name: 'near-miss', ...under, create: nearMiss },
  { name: 'instance-hardness-threshold', ...under, create: instanceHardnessThreshold },
  { name: 'cluster-centroids', ...under, makes: 'generates', create: clusterCentroids },
  { name: 'tomek-links', ...clean, create: tomekLinks },
  { name: 'edited-nearest-neighbours', ...clean, create: editedNearestNeighbours },
  { name: 'repeated-edited-nearest-neighbours', ...clean, create: repeatedEditedNearestNeighbours },
  { name: 'all-knn', ...clean, create: allKnn },
  { name: 'condensed-nearest-neighbour', ...clean, create: condensedNearestNeighbour },
  { name: 'one-sided-selection', ...clean, create: oneSidedSelection },
  { name: 'neighbourhood-cleaning-rule', ...clean, create: neighbourhoodCleaningRule },
  { name: 'spider', ...clean, compat: false, create: spider },
];
