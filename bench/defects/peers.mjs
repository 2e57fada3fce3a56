/**
 * Whose answers are asked for. `file`: their examples, in `cells/`. `versions`: one virtual environment each, by name, with
 * what is to be installed there; the last is the newest.
 */
export const peers = {
  mapie: {
    name: 'MAPIE',
    package: 'mapie',
    file: 'mapie.py',
    versions: [
      { environment: 'mapie-1.5.0', requires: ['mapie==1.5.0', 'scikit-learn==1.9.1'] },
      { environment: 'mapie', requires: ['mapie==1.6.0', 'scikit-learn==1.9.1'] },
    ],
  },
  'venn-abers': {
    name: 'venn-abers',
    package: 'venn-abers',
    file: 'venn_abers.py',
    versions: [
      { environment: 'venn-abers-1.5.3', requires: ['venn-abers==1.5.3'] },
      { environment: 'venn-abers', requires: ['venn-abers==1.5.4'] },
    ],
  },
  ptocca: {
    name: 'ptocca/VennABERS',
    // A repository and no package: its one file is to be laid into the environment, and has no version.
    package: null,
    file: 'ptocca.py',
    versions: [{ environment: 'ptocca', requires: ['numpy<2'], says: '2020-07-09' }],
  },
  crepes: {
    name: 'crepes',
    package: 'crepes',
    file: 'crepes.py',
    versions: [{ environment: 'crepes', requires: ['crepes==0.9.1', 'scikit-learn==1.9.1'] }],
  },
  torchcp: {
    name: 'TorchCP',
    package: 'torchcp',
    file: 'torchcp.py',
    versions: [{ environment: 'torchcp', requires: ['torchcp==1.2.1'] }],
  },
  puncc: {
    name: 'puncc',
    package: 'puncc',
    file: 'puncc.py',
    versions: [{ environment: 'puncc', requires: ['puncc==0.9.3', 'scikit-learn==1.9.1', 'pandas'] }],
  },
  nonconformist: {
    name: 'nonconformist',
    package: 'nonconformist',
    file: 'nonconformist.py',
    versions: [{ environment: 'nonconformist', requires: ['nonconformist==2.1.0'] }],
  },
  betacal: {
    name: 'betacal',
    package: 'betacal',
    file: 'betacal.py',
    versions: [{ environment: 'betacal', requires: ['betacal==1.1.0'] }],
  },
  costcla: {
    name: 'costcla',
    package: 'costcla',
    file: 'costcla.py',
    versions: [{ environment: 'costcla', requires: ['costcla==0.6', 'joblib'] }],
  },
  'scikit-learn': {
    name: 'scikit-learn',
    package: 'scikit-learn',
    file: 'scikit_learn.py',
    versions: [{ environment: 'scikit-learn', requires: ['scikit-learn==1.9.1'] }],
  },
  problexity: {
    name: 'problexity',
    package: 'problexity',
    file: 'problexity.py',
    versions: [{ environment: 'problexity', requires: ['problexity==0.5.11'] }],
  },
  'imbalanced-learn': {
    name: 'imbalanced-learn',
    package: 'imbalanced-learn',
    file: 'imbalanced_learn.py',
    versions: [{ environment: 'imbalanced-learn', requires: ['imbalanced-learn==0.14.2', 'scikit-learn==1.9.1'] }],
  },
  'smote-variants': {
    name: 'smote_variants',
    package: 'smote-variants',
    file: 'smote_variants.py',
    versions: [{ environment: 'smote-variants', requires: ['smote-variants==1.0.1', 'scikit-learn==1.9.1'] }],
  },
};
