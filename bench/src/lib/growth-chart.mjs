// A chart of times against sizes, both on logarithmic axes, as one SVG file.

const width = 860;
const height = 560;
const edge = { left: 70, right: 230, top: 64, bottom: 56 };
/** Okabe and Ito's colours, which survive colour blindness, without the yellow that fades on white. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000'];
/** Labels closer than this are moved apart. */
const lineHeight = 15;

const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Powers of ten from below the least to above the largest. */
function decades(values) {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.ceil(Math.log10(Math.max(...values)));
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}

/** Places of labels, in order, moved apart so that none lies on another. */
function apart(labels) {
  const sorted = labels.toSorted((a, b) => a.y - b.y);
  for (let i = 1; i < sorted.length; i++) sorted[i].y = Math.max(sorted[i].y, sorted[i - 1].y + lineHeight);
  return sorted;
}

/**
 * `series` are `{ name, dashed, colour, points: [[x, y], ...] }`, where `colour` is a number that series may share.
 * Returns the SVG's text.
 */
export function growthChart({ title, note, xTitle, yTitle, series }) {
  const xs = series.flatMap(({ points }) => points.map(([x]) => x));
  const yTicks = decades(series.flatMap(({ points }) => points.map(([, y]) => y)));
  const xTicks = [...new Set(xs)].sort((a, b) => a - b);
  const scale = (domain, from, to) => (value) => {
    const share = Math.log(value / domain[0]) / Math.log(domain.at(-1) / domain[0]);
    return from + share * (to - from);
  };
  const x = scale(xTicks, edge.left + 14, width - edge.right);
  const y = scale(yTicks, height - edge.bottom, edge.top);
  const parts = [
    `<text x="${edge.left}" y="26" font-size="17" font-weight="600">${escaped(title)}</text>`,
    `<text x="${edge.left}" y="46" fill="#555">${escaped(note)}</text>`,
  ];
  for (const tick of yTicks) {
    const at = y(tick).toFixed(1);
    parts.push(
      `<path d="M${edge.left} ${at}H${width - edge.right}" stroke="#ddd"/>`,
      `<text x="${edge.left - 8}" y="${at}" dy="4" text-anchor="end">${tick >= 1 ? tick : tick.toPrecision(1)}</text>`,
    );
  }
  for (const tick of xTicks) {
    parts.push(
      `<text x="${x(tick).toFixed(1)}" y="${height - edge.bottom + 20}" text-anchor="middle">${tick.toLocaleString('en')}</text>`,
    );
  }
  parts.push(
    `<text x="${(edge.left + width - edge.right) / 2}" y="${height - 12}" text-anchor="middle">${escaped(xTitle)}</text>`,
    `<text transform="translate(18 ${(edge.top + height - edge.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(yTitle)}</text>`,
  );
  const labels = [];
  for (const { name, dashed, colour, points } of series) {
    const places = points.map(([a, b]) => [x(a).toFixed(1), y(b).toFixed(1)]);
    const paint = colours[colour % colours.length];
    parts.push(
      `<path d="M${places.join('L')}" fill="none" stroke="${paint}" stroke-width="2"${dashed ? ' stroke-dasharray="5 4"' : ''}/>`,
      ...places.map(([a, b]) => `<circle cx="${a}" cy="${b}" r="3" fill="${paint}"/>`),
    );
    const [endX, endY] = places.at(-1).map(Number);
    const text = `<text x="${endX + 9}" dy="4" fill="${paint}"`;
    // What ends early is named by its dashes alone.
    if (!dashed) labels.push({ y: endY, text, name });
  }
  parts.push(...apart(labels).map(({ y: at, text, name }) => `${text} y="${at.toFixed(1)}">${escaped(name)}</text>`));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12.5" role="img" aria-label="${escaped(title)}">
<rect width="${width}" height="${height}" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
}
