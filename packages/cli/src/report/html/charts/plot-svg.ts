import { createDocument } from '@mixmark-io/domino';
import * as Plot from '@observablehq/plot';
import { safeText } from '../../safe-text.ts';
import { type Markup, trusted } from '../markup.ts';

/**
 * Draws an Observable Plot chart to SVG text, in Node, without a browser: Plot gets a document of domino's, which loads in about 30 ms.
 * Colours are CSS variables, so that one drawing serves light, dark and paper; no style attributes, so that the page may forbid them.
 */
export interface ChartOptions {
  /** Unique on the page. */
  readonly id: string;
  /** What the chart shows, for readers who cannot see it. */
  readonly title: string;
  /** What there is to see in it: the main numbers. */
  readonly description: string;
  readonly plot: Plot.PlotOptions;
  /** Further attributes of the svg element. */
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** Further classes of the svg element. */
  readonly className?: string;
}

/** The little of the DOM that is used here; the package compiles without the library of browser types. */
interface SvgNode {
  readonly outerHTML: string;
  readonly firstChild: SvgNode | null;
  readonly attributes: ArrayLike<{ readonly name: string; value: string }>;
  textContent: string;
  setAttribute(name: string, value: string): void;
  insertBefore(node: SvgNode, before: SvgNode | null): void;
  querySelectorAll(selector: string): ArrayLike<SvgNode>;
  remove(): void;
}
interface SvgDocument {
  createElementNS(namespace: string, name: string): SvgNode;
}

const SVG = 'http://www.w3.org/2000/svg';

/** One chart as an svg element with role img, title and description. */
export function chartSvg(options: ChartOptions): Markup {
  const document = createDocument('<html></html>') as unknown as SvgDocument;
  const plotOptions = { ...options.plot, document, className: 'plot' } as Plot.PlotOptions;
  const svg = Plot.plot(plotOptions) as unknown as SvgNode;

  for (const style of Array.from(svg.querySelectorAll('style'))) style.remove();
  roundCoordinates(svg);
  svg.setAttribute('class', `plot ${options.className ?? ''}`.trim());
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${options.id}-title ${options.id}-desc`);
  for (const [name, value] of Object.entries(options.attributes ?? {})) svg.setAttribute(name, String(value));

  const description = document.createElementNS(SVG, 'desc');
  description.setAttribute('id', `${options.id}-desc`);
  description.textContent = safeText(options.description);
  svg.insertBefore(description, svg.firstChild);
  const title = document.createElementNS(SVG, 'title');
  title.setAttribute('id', `${options.id}-title`);
  title.textContent = safeText(options.title);
  svg.insertBefore(title, svg.firstChild);
  return trusted(svg.outerHTML);
}

const GEOMETRY = new Set(['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'width', 'height']);

/** A hundredth of a pixel is enough; the rest would double the file and could differ between platforms in the last digit. */
function roundCoordinates(svg: SvgNode): void {
  for (const element of Array.from(svg.querySelectorAll('*'))) {
    for (const attribute of Array.from(element.attributes)) {
      if (!GEOMETRY.has(attribute.name)) continue;
      const rounded = attribute.value.replace(/-?\d*\.\d+(?:e-?\d+)?/g, (text) =>
        String(Math.round(Number(text) * 100) / 100),
      );
      if (rounded !== attribute.value) element.setAttribute(attribute.name, rounded);
    }
  }
}
