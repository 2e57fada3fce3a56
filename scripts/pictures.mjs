// Draws what every resampling method does to the same two-dimensional rows: docs/images/resampling-*.svg.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createResampler, matrix, randomStream, resamplers } from '@counterweight/core';

const folder = join(fileURLToPath(new URL('..', import.meta.url)), 'docs', 'images');
const panel = { width: 232, height: 196, head: 34, gap: 14, columns: 4 };
const colours = { common: '#6b7a8f', rare: '#b3261e', made: '#e08a00', ink: '#1c2430', faint: '#c9d0d9' };

/** A wide common class, and a rare one in two clusters, along a border, and with three rows among the others. */
function example() {
  const stream = randomStream(7, 'pictures');
  const normal = () => {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += stream.uniform();
    return sum - 6;
  };
  const rows = [];
  for (let i = 0; i < 150; i++) rows.push([1.5 * normal() + 0.2, 1.1 * normal() + 0.6, 0]);
  for (let i = 0; i < 16; i++) rows.push([0.45 * normal() + 2.6, 0.4 * normal() - 1.6, 1]);
  for (let i = 0; i < 11; i++) rows.push([0.3 * normal() - 2.4, 0.35 * normal() - 1.3, 1]);
  for (const [x, y] of [
    [-0.4, 0.9],
    [0.9, 0.2],
    [-1.6, 2.1],
  ])
    rows.push([x, y, 1]);
  const X = matrix(Float64Array.from(rows.flatMap((row) => row.slice(0, 2))), rows.length, 2);
  return { X, y: { codes: Int32Array.from(rows, ([, , code]) => code), classes: ['common', 'rare'] } };
}

const data = example();
const range = [0, 1].map((j) => {
  const values = Array.from({ length: data.X.rows }, (_, i) => data.X.data[2 * i + j]);
  return [Math.min(...values) - 0.35, Math.max(...values) + 0.35];
});
const placeX = (x) => ((x - range[0][0]) / (range[0][1] - range[0][0])) * panel.width;
const placeY = (y) => panel.head + (1 - (y - range[1][0]) / (range[1][1] - range[1][0])) * (panel.height - panel.head);
const at = (X, i) => [placeX(X.data[2 * i]).toFixed(1), placeY(X.data[2 * i + 1]).toFixed(1)];

function dot(X, row, colour, radius = 2.1) {
  const [x, y] = at(X, row);
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}"/>`;
}

function cross(X, row, colour) {
  const [x, y] = at(X, row).map(Number);
  const d = 2.2;
  return `<path d="M${x - d} ${y - d}l${2 * d} ${2 * d}m0 ${-2 * d}l${-2 * d} ${2 * d}" stroke="${colour}" stroke-width="1" fill="none"/>`;
}

function ring(X, row, times, colour) {
  const [x, y] = at(X, row);
  return `<circle cx="${x}" cy="${y}" r="${(2.1 + 1.4 * Math.sqrt(times)).toFixed(1)}" fill="none" stroke="${colour}" stroke-width="1"/>`;
}

/** Left-out rows as faint crosses, kept ones as dots, repeated ones with a ring, made ones in orange. */
function marks(resampled) {
  const { X, y } = data;
  const { provenance, data: result } = resampled;
  const parts = [];
  const few = provenance.dropped.length < X.rows / 3;
  for (const row of provenance.dropped) {
    const [common, rare] = few ? [colours.ink, colours.rare] : ['#aeb7c2', '#e0a8a4'];
    parts.push(cross(X, row, y.codes[row] === 1 ? rare : common));
  }
  const times = new Int32Array(X.rows);
  const moved = [];
  for (let i = 0; i < provenance.source.length; i++) {
    if (provenance.source[i] >= 0) times[provenance.source[i]]++;
    else moved.push(i);
  }
  for (let row = 0; row < X.rows; row++) {
    if (times[row] > 0) parts.push(dot(X, row, y.codes[row] === 1 ? colours.rare : colours.common));
    if (times[row] > 1) parts.push(ring(X, row, times[row] - 1, colours.made));
  }
  for (const row of moved) parts.push(dot(result.X, row, result.y.codes[row] === 1 ? colours.made : '#2b6cb0', 2.1));
  const counts = [0, 0];
  for (const code of result.y.codes) counts[code]++;
  return { svg: parts.join(''), caption: `${counts[0]} common, ${counts[1]} rare` };
}

function drawPanel(title, { svg, caption }, index) {
  const left = (index % panel.columns) * (panel.width + panel.gap);
  const top = Math.floor(index / panel.columns) * (panel.height + panel.gap);
  return `<g transform="translate(${left} ${top})"><text x="0" y="12" font-weight="600" font-size="${title.length > 30 ? 11 : 12}" fill="${colours.ink}">${title}</text>
<text x="0" y="27" fill="${colours.common}">${caption}</text>
<svg x="0" y="${panel.head}" width="${panel.width}" height="${panel.height - panel.head}" viewBox="0 ${panel.head} ${panel.width} ${panel.height - panel.head}">
<title>${title}</title><rect y="${panel.head}" width="${panel.width}" height="${panel.height - panel.head}" fill="#ffffff" stroke="${colours.faint}"/>
${svg}</svg></g>`;
}

function picture(heading, panels) {
  const across = Math.min(panel.columns, panels.length);
  const down = Math.ceil(panels.length / panel.columns);
  const width = across * (panel.width + panel.gap) - panel.gap + 24;
  const height = down * (panel.height + panel.gap) - panel.gap + 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">
<title>${heading}</title><rect x="-12" y="-12" width="${width}" height="${height}" fill="#f7f8fa"/>
${panels.map(([title, found], index) => drawPanel(title, found, index)).join('\n')}
</svg>\n`;
}

const families = {
  over: (entry) => entry.samplingType === 'over-sampling' && !/^smote-(enn|tomek)$/.test(entry.name),
  under: (entry) => entry.samplingType === 'under-sampling',
  cleaning: (entry) => entry.samplingType === 'clean-sampling',
  combined: (entry) => /^smote-(enn|tomek)$/.test(entry.name),
};

/** Methods of one name that do different things. */
const variants = {
  'near-miss': [{ version: 1 }, { version: 2 }, { version: 3 }],
  'borderline-smote': [{ kind: 'borderline-1' }, { kind: 'borderline-2' }],
  'random-over': [{}, { shrinkage: 1 }],
  'polynom-fit-smote': ['star', 'bus', 'mesh'].map((topology) => ({ topology })),
};

mkdirSync(folder, { recursive: true });
const identity = { data, provenance: { source: Int32Array.from({ length: data.X.rows }, (_, i) => i), dropped: [] } };
for (const [family, belongs] of Object.entries(families)) {
  const panels = [['the rows as they are', marks(identity)]];
  for (const entry of resamplers.values()) {
    if (!belongs(entry)) continue;
    for (const options of variants[entry.name] ?? [{}]) {
      const words = Object.entries(options)
        .map(([key, value]) => (typeof value === 'number' ? `${key} ${value}` : value))
        .join(', ');
      const resampled = await createResampler(entry.name, { seed: 0, ...options }).resample(data);
      panels.push([words === '' ? entry.name : `${entry.name}, ${words}`, marks(resampled)]);
    }
  }
  writeFileSync(
    join(folder, `resampling-${family}.svg`),
    picture(`What ${family} methods do to the same rows`, panels),
  );
}
