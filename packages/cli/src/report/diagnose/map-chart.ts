import type { MapPoint } from '@counterweight/core';
import * as Plot from '@observablehq/plot';
import { HAIR, MUTED, type Width } from '../html/charts/axis.ts';
import { chartSvg } from '../html/charts/plot-svg.ts';

/** Marks that differ without colour. */
export type Shape = 'dot' | 'circle' | 'triangle' | 'diamond' | 'cross' | 'square';

/** Points that are drawn alike, under those of the next series. */
export interface Series {
  readonly points: readonly MapPoint[];
  readonly shape: Shape;
  readonly colour: string;
}

export interface MapFrame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Points beyond the frame, which are drawn at its edge. */
  readonly beyond: number;
}

/** Few rows far away would press all others into a corner: the frame holds all but the outermost two hundredths on each axis. */
export function frameOf(points: readonly MapPoint[]): MapFrame {
  const x = rangeOf(points.map((point) => point.x));
  const y = rangeOf(points.map((point) => point.y));
  const outside = ({ x: a, y: b }: MapPoint) => a < x[0] || a > x[1] || b < y[0] || b > y[1];
  return { x, y, beyond: points.filter(outside).length };
}

const CUT = 0.01;
const MARGIN = 0.35;

function rangeOf(values: readonly number[]): [number, number] {
  const sorted = Float64Array.from(values).sort();
  const first = sorted[0] ?? 0;
  const last = sorted[sorted.length - 1] ?? 1;
  const low = sorted[Math.floor(CUT * (sorted.length - 1))] ?? 0;
  const high = sorted[Math.ceil((1 - CUT) * (sorted.length - 1))] ?? 1;
  const room = MARGIN * (high - low) || 0.5;
  return [Math.max(first - 0.05 * room, low - room), Math.min(last + 0.05 * room, high + room)];
}

/** The map: one path a series, so that thousands of points stay a small file. */
export function mapChart(request: {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly series: readonly Series[];
  readonly frame: MapFrame;
  readonly labels: readonly [string, string];
  readonly width: Width;
}) {
  const { id, title, description, series, frame, labels, width } = request;
  const narrow = width === 'narrow';
  const axis = { grid: true, labelAnchor: 'center', labelArrow: 'none' } as const;
  return chartSvg({
    id: `${id}-${width}`,
    className: width,
    title,
    description,
    plot: {
      width: narrow ? 340 : 940,
      height: narrow ? 340 : 620,
      marginTop: 10,
      marginRight: 14,
      marginLeft: 48,
      marginBottom: 42,
      x: { ...axis, domain: [...frame.x], label: labels[0], ticks: narrow ? 5 : 9 },
      y: { ...axis, domain: [...frame.y], label: labels[1], ticks: narrow ? 5 : 8 },
      marks: [
        Plot.frame({ stroke: HAIR }),
        ...series.filter(({ points }) => points.length > 0).map((one) => seriesMark(one, frame, narrow)),
      ],
    },
  });
}

/** A mark whose points are one path; Plot gives the scales and the page the document. */
function seriesMark({ points, shape, colour }: Series, frame: MapFrame, narrow: boolean): Plot.Markish {
  const inside = points.map(({ x, y }) => ({
    x: Math.min(frame.x[1], Math.max(frame.x[0], x)),
    y: Math.min(frame.y[1], Math.max(frame.y[0], y)),
  }));
  return Plot.dot(inside, {
    x: 'x',
    y: 'y',
    render: (index, _scales, values, _dimensions, context) => {
      const { x, y } = values as unknown as { x: Float64Array; y: Float64Array };
      const radius = narrow ? 2.6 : 3.6;
      const path = (context.document as unknown as PathDocument).createElementNS('http://www.w3.org/2000/svg', 'path');
      path.setAttribute('d', Array.from(index, (i) => outline(shape, x[i]!, y[i]!, radius)).join(''));
      for (const [name, value] of Object.entries(paint(shape, colour, narrow))) path.setAttribute(name, value);
      return path as never;
    },
  });
}

interface PathDocument {
  createElementNS(namespace: string, name: string): { setAttribute(name: string, value: string): void };
}

/** Dots are points of a round pen, the others closed outlines; the cross is two strokes. */
function outline(shape: Shape, x: number, y: number, r: number): string {
  const at = (a: number, b: number) => `${tenth(x + a)},${tenth(y + b)}`;
  switch (shape) {
    case 'dot':
      return `M${at(0, 0)}h0`;
    case 'circle':
      return `M${at(-r, 0)}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`;
    case 'triangle':
      return `M${at(0, -1.25 * r)}L${at(1.15 * r, 0.85 * r)}L${at(-1.15 * r, 0.85 * r)}z`;
    case 'diamond':
      return `M${at(0, -1.35 * r)}L${at(1.35 * r, 0)}L${at(0, 1.35 * r)}L${at(-1.35 * r, 0)}z`;
    case 'square':
      return `M${at(-0.9 * r, -0.9 * r)}h${1.8 * r}v${1.8 * r}h${-1.8 * r}z`;
    case 'cross':
      return `M${at(-r, -r)}L${at(r, r)}M${at(-r, r)}L${at(r, -r)}`;
  }
}

const tenth = (value: number) => Math.round(value * 10) / 10;

/** How a shape is painted, on the map and in its legend. */
export function paint(shape: Shape, colour: string, narrow: boolean): Record<string, string> {
  if (shape === 'dot')
    return {
      fill: 'none',
      stroke: colour,
      'stroke-width': narrow ? '2.4' : '3',
      'stroke-linecap': 'round',
      'stroke-opacity': '0.55',
    };
  if (shape === 'cross') return { fill: 'none', stroke: colour, 'stroke-width': '1.8' };
  return { fill: colour, stroke: 'var(--paper)', 'stroke-width': '0.7' };
}

/** The mark as a legend shows it. */
export function legendMark(shape: Shape, colour: string) {
  return { d: outline(shape, 8, 6, 4.2), ...paint(shape, colour, false) };
}

export const OTHERS = MUTED;
