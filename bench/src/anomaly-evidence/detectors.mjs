/**
 * What is compared: `name` for the report and the cells, `detector` and `options` on our side, `peer` as
 * `peers/anomaly_evidence.py` knows it. A `variant` has settings that are not the default, and no part in the verdict.
 */
const as = (detector, rest = {}) => ({ name: detector, detector, options: {}, peer: detector, ...rest });

export const contenders = [
  as('isolation-forest', { draws: true }),
  as('extended-isolation-forest', { draws: true, peer: null }),
  as('ecod'),
  as('ecod', { name: 'ecod, total', options: { aggregation: 'total' }, variant: true }),
  as('copod'),
  as('copod', { name: 'copod, total', options: { aggregation: 'total' }, variant: true }),
  as('hbos'),
  as('hbos', { name: 'hbos, 10 bins', options: { bins: 10 }, variant: true }),
  as('hbos', { name: 'hbos, sqrt bins', options: { bins: 'sqrt' }, variant: true }),
  as('pca-reconstruction'),
  as('pca-reconstruction', {
    name: 'pca-reconstruction, none kept',
    options: { nComponents: 0 },
    peer: 'pca-distances',
    variant: true,
  }),
  as('mahalanobis'),
  as('minimum-covariance-determinant', { draws: true }),
  ...[
    ['three quarters', 0.75],
    ['half', 0.5],
  ].map(([share, supportFraction]) =>
    as('minimum-covariance-determinant', {
      name: `minimum-covariance-determinant, ${share}`,
      options: { supportFraction },
      variant: true,
      draws: true,
    }),
  ),
  as('k-nearest'),
  as('local-outlier-factor'),
  as('one-class-svm'),
  as('random-feature-svm', { draws: true }),
];

export const peers = [...new Set(contenders.map(({ peer }) => peer).filter((peer) => peer !== null))];
