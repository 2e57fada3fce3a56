export const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three significant digits. */
export const brief = (value) => (value === null ? 'not known' : Number(value.toPrecision(3)).toString());

export const seconds = (value) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;

export const megabytes = (bytes) => (bytes === null ? 'not known' : `${Math.round(bytes / 2 ** 20)} MiB`);

/** Medians over several measurements; null where one of them does not know. */
export function medians(measured) {
  const known = (name) => {
    const values = measured.map((one) => one[name]);
    return values.includes(null) ? null : median(values);
  };
  return {
    seconds: known('seconds'),
    allSeconds: measured.map((one) => Number(one.seconds.toFixed(3))),
    cpuSeconds: known('cpuSeconds'),
    othersShare: known('othersShare'),
    peakBytes: known('peakBytes'),
  };
}

export const percent = (share) => (share === null ? 'not known' : `${Math.round(share * 100)} %`);

/** A sentence to stand under figures that were taken while other programs held the machine, else nothing. */
export function busyWarning(contenders) {
  const most = Math.max(...contenders.map(({ othersShare }) => othersShare ?? 0));
  if (most <= 0.05) return [];
  return [
    `**Taken on a busy machine: other programs used up to ${percent(most)} of the processors meanwhile. The ratios are not to be relied on.**`,
  ];
}
