/** A small generator of its own, so that the rows are the same for ever. */
export function generator(seed: number) {
  let state = seed >>> 0;
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

export interface ScoredRow {
  readonly label: string;
  readonly p: readonly number[];
  readonly site: string;
}

/** Rows of classes with these shares, whose model knows the class in part; `shift` takes that knowledge away. */
export function scoredRows(
  rows: number,
  classes: readonly string[],
  shares: readonly number[],
  seed: number,
  shift = 0,
): ScoredRow[] {
  const { uniform, normal } = generator(seed);
  return Array.from({ length: rows }, () => {
    let left = uniform();
    let code = 0;
    while (code < classes.length - 1 && left >= shares[code]!) left -= shares[code++]!;
    const weights = classes.map((_class, k) => shares[k]! * Math.exp(normal() + (k === code ? 2 - shift : 0)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return {
      label: classes[code]!,
      p: weights.map((weight) => Number((weight / total).toFixed(6))),
      site: uniform() < 0.3 ? 'north' : 'south',
    };
  });
}

/** CSV with one column a class, `kind` and `site`. */
export function scoredCsv(found: readonly ScoredRow[], classes: readonly string[]): string {
  const lines = found.map(({ label, p, site }) => [...p, label, site].join(','));
  return `${[[...classes, 'kind', 'site'].join(','), ...lines].join('\n')}\n`;
}

/** CSV of two classes with the probability of `1`. */
export function binaryCsv(rows: number, seed: number, share = 0.1): string {
  const { uniform, normal } = generator(seed);
  const lines = Array.from({ length: rows }, () => {
    const positive = uniform() < share;
    const p = 1 / (1 + Math.exp(-(-2 + normal() + (positive ? 2.5 : 0))));
    return `${p.toFixed(5)},${positive ? 1 : 0}`;
  });
  return `${['p,fraud', ...lines].join('\n')}\n`;
}
