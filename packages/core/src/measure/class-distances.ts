/** The distances between class shares of Ortigosa-Hernández et al. (2017), by their abbreviations there. */
export type ShareDistance =
  | 'euclidean'
  | 'chebyshev'
  | 'kullback-leibler'
  | 'hellinger'
  | 'total-variation'
  | 'chi-square';

export const shareDistances: readonly ShareDistance[] = Object.freeze([
  'euclidean',
  'chebyshev',
  'kullback-leibler',
  'hellinger',
  'total-variation',
  'chi-square',
]);

/** Distance of the shares `p` from the shares `q`, all of which are above 0. */
export function shareDistance(kind: ShareDistance, p: readonly number[], q: readonly number[]): number {
  const sum = (term: (p: number, q: number) => number) => p.reduce((total, x, i) => total + term(x, q[i]!), 0);
  switch (kind) {
    case 'euclidean':
      return Math.sqrt(sum((x, y) => (x - y) ** 2));
    case 'chebyshev':
      return p.reduce((most, x, i) => Math.max(most, Math.abs(x - q[i]!)), 0);
    case 'kullback-leibler':
      return sum((x, y) => (x > 0 ? x * Math.log(x / y) : 0));
    case 'hellinger':
      return Math.sqrt(sum((x, y) => (Math.sqrt(x) - Math.sqrt(y)) ** 2) / 2);
    case 'total-variation':
      return sum((x, y) => Math.abs(x - y)) / 2;
    case 'chi-square':
      return sum((x, y) => (x - y) ** 2 / y);
  }
}
