export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three significant digits. */
export const brief = (value) => (value === null ? 'not known' : Number(value.toPrecision(3)).toString());

export const seconds = (value) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;

export const megabytes = (bytes) => (bytes === null ? 'not known' : `${Math.round(bytes / 2 ** 20)} MiB`);

/** Medians of time and memory over several measurements. */
export function medians(measured) {
  const memory = measured.map(({ peakBytes }) => peakBytes);
  return {
    seconds: median(measured.map((one) => one.seconds)),
    allSeconds: measured.map((one) => Number(one.seconds.toFixed(3))),
    peakBytes: memory.includes(null) ? null : median(memory),
  };
}
