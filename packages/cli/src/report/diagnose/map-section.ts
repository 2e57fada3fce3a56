import type { NeighbourhoodMap } from '@counterweight/core';
import type { DiagnosisDocument } from '../diagnosis-document.ts';
import { pageFormat } from '../format.ts';
import { axisName } from '../html/charts/axis.ts';
import { type Content, dataName, html, type Markup } from '../html/markup.ts';
import { figure, type Section } from '../html/sections/section.ts';
import { frameOf, legendMark, mapChart, OTHERS, type Series, type Shape } from './map-chart.ts';

const TYPE_MARKS: readonly { readonly shape: Shape; readonly colour: string; readonly name: string }[] = [
  { name: 'safe', shape: 'circle', colour: 'var(--accent)' },
  { name: 'borderline', shape: 'triangle', colour: 'var(--third)' },
  { name: 'rare', shape: 'diamond', colour: 'var(--fourth)' },
  { name: 'outlier', shape: 'cross', colour: 'var(--contrast)' },
];

const CLASS_MARKS: readonly { readonly shape: Shape; readonly colour: string }[] = [
  { shape: 'circle', colour: 'var(--contrast)' },
  { shape: 'triangle', colour: 'var(--accent)' },
  { shape: 'diamond', colour: 'var(--third)' },
  { shape: 'square', colour: 'var(--fourth)' },
];

interface NamedSeries extends Series {
  readonly name: Content;
}

/** The rows in the plane of the two principal axes. */
export function mapSection(document: DiagnosisDocument, map: NeighbourhoodMap): Section {
  const frame = frameOf(map.points);
  const { data } = document;
  const rare = rareCodes(document);
  const several = data.classes.length > 2;
  const shownShare = Math.min(
    1,
    map.explained.reduce((sum, share) => sum + share, 0),
  );
  return {
    id: 'map',
    heading: 'The rows in two dimensions',
    short: 'Map',
    body: html`<p>The plane in which the encoded rows spread most (principal components). It shows ${pageFormat.percent(shownShare)} of their variance${shownShare < 0.95 ? ': classes that lie on one another here may lie apart in directions that it does not show' : ''}. Types are those among all columns.</p>
${drawn(document, map, frame, {
  id: 'map-types',
  title: several
    ? 'Rows of the rare classes, by the type of their neighbourhood'
    : html`Rows of class ${dataName(data.classes[rare[0]!]!.label, 40)}, by the type of their neighbourhood`,
  series: typeSeries(map, rare),
})}
${several ? drawn(document, map, frame, { id: 'map-classes', title: 'Rows by class', series: classSeries(document, map) }) : ''}
<p class="muted">${loadings(map)}</p>`,
  };
}

/** The positive class; with more classes all that are rarer than an even share. */
function rareCodes({ data }: DiagnosisDocument): number[] {
  const codes = [...data.classes.keys()];
  if (data.positive !== null) return codes.filter((code) => data.classes[code]!.label === data.positive);
  const rare = codes.filter((code) => data.classes[code]!.rows * codes.length < data.rows);
  return rare.length > 0 ? rare : codes.slice(-1);
}

function typeSeries(map: NeighbourhoodMap, rare: readonly number[]): NamedSeries[] {
  const own = new Set(rare);
  return [
    { name: 'other classes', shape: 'dot', colour: OTHERS, points: map.points.filter(({ code }) => !own.has(code)) },
    ...TYPE_MARKS.map(({ name, shape, colour }, type) => ({
      name,
      shape,
      colour,
      points: map.points.filter((point) => own.has(point.code) && point.type === type),
    })),
  ];
}

/** The four rarest classes of at least ten drawn rows in colour (or the four rarest of all), the rarest on top. */
function classSeries({ data }: DiagnosisDocument, map: NeighbourhoodMap): NamedSeries[] {
  const codes = [...data.classes.keys()].sort((a, b) => data.classes[a]!.rows - data.classes[b]!.rows);
  const enough = codes.filter((code) => map.classes[code]!.drawn >= 10);
  const shown = (enough.length > 0 ? enough : codes).slice(0, CLASS_MARKS.length);
  const others = map.points.filter(({ code }) => !shown.includes(code));
  const coloured = shown.map(
    (code, i): NamedSeries => ({
      ...CLASS_MARKS[i]!,
      name: dataName(data.classes[code]!.label, 30),
      points: map.points.filter((point) => point.code === code),
    }),
  );
  return [{ name: 'other classes', shape: 'dot', colour: OTHERS, points: others }, ...coloured.reverse()];
}

function drawn(
  { data }: DiagnosisDocument,
  map: NeighbourhoodMap,
  frame: ReturnType<typeof frameOf>,
  of: { readonly id: string; readonly title: Content; readonly series: readonly NamedSeries[] },
): Markup {
  const used = of.series.filter(({ points }) => points.length > 0);
  const labels = [0, 1].map(
    (axis) => `principal component ${axis + 1} (${pageFormat.percent(map.explained[axis] ?? 0)} of the variance)`,
  ) as [string, string];
  const chart = (width: 'wide' | 'narrow') =>
    mapChart({
      id: of.id,
      title: 'The rows on their first two principal components',
      description: used.map(({ points, shape }) => `${shape}: ${pageFormat.count(points.length)} rows`).join('; '),
      series: used,
      frame,
      labels,
      width,
    });
  const total = map.classes.reduce((sum, { rows }) => sum + rows, 0);
  const sampled = map.classes.some(({ rows, drawn: some }) => some < rows);
  return figure({
    title: of.title,
    legend: html`<ul class="legend">${used.map(
      ({ name, shape, colour, points }) =>
        html`<li>${legendSvg(shape, colour)}${name} (${pageFormat.count(points.length)})</li>`,
    )}</ul>`,
    charts: html`${chart('wide')}${chart('narrow')}`,
    caption: html`${
      sampled
        ? html`${pageFormat.count(map.points.length)} of ${pageFormat.count(total)} rows are drawn, chosen by the seed: ${sampleText(data, map)}. How densely classes stand here says nothing of their shares.`
        : `All ${pageFormat.count(total)} rows are drawn.`
    }${frame.beyond > 0 ? ` ${pageFormat.count(frame.beyond)} of them lie beyond the frame and stand at its edge.` : ''}`,
  });
}

function sampleText(data: DiagnosisDocument['data'], map: NeighbourhoodMap): string {
  const sorted = map.classes
    .map((one, code) => ({ ...one, label: data.classes[code]!.label }))
    .sort((a, b) => a.rows - b.rows);
  const shown = sorted.length <= 5 ? sorted : sorted.slice(0, 4);
  const parts = shown.map(
    ({ label, rows, drawn: some }) =>
      `${some === rows ? 'all' : `${pageFormat.count(some)} of`} ${pageFormat.count(rows)} of class ${axisName(label, 30)}`,
  );
  return parts.join(', ') + (shown.length < sorted.length ? ', and as many at most of every larger class' : '');
}

function loadings(map: NeighbourhoodMap): Content {
  return map.loadings.map((axis, i) =>
    axis.length === 0
      ? ''
      : html`Component ${i + 1} leans most on ${axis.map(({ feature, loading }, at) => html`${at > 0 ? ', ' : ''}${dataName(feature, 40)} (${pageFormat.signed(loading, 2)})`)}. `,
  );
}

function legendSvg(shape: Shape, colour: string): Markup {
  const attributes = Object.entries(legendMark(shape, colour)).map(([name, value]) => html` ${name}="${value}"`);
  return html`<svg viewBox="0 0 30 12" aria-hidden="true"><path${attributes}/></svg>`;
}
