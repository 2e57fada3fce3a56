import type { NeighbourhoodMap } from '@counterweight/core';
import { adviceSection } from './diagnose/advice-section.ts';
import { classesSection, columnsSection } from './diagnose/data-section.ts';
import { mapSection } from './diagnose/map-section.ts';
import { measuresSection } from './diagnose/measures-section.ts';
import { neighbourhoodSection } from './diagnose/neighbourhood-section.ts';
import { rowsSection } from './diagnose/rows-section.ts';
import type { DiagnosisDocument } from './diagnosis-document.ts';
import { html } from './html/markup.ts';
import { renderPage } from './html/page.ts';
import { noticesSection } from './html/sections/closing.ts';
import { cutText } from './safe-text.ts';

/**
 * The diagnosis as one HTML file: advice first, then classes, neighbourhoods, map, measures, rows and columns.
 *
 * Load this module on demand (`await import`): it brings the charting library with it. The same document gives the same bytes.
 */
export function renderDiagnosisPage(document: DiagnosisDocument, map: NeighbourhoodMap | null): string {
  const { data, difficulty, versions } = document;
  return renderPage({
    title: `${cutText(data.source, 60)}: ${cutText(data.target, 40)} · Counterweight diagnosis`,
    heading: `The imbalance and difficulty of ${cutText(data.source, 80)}`,
    about: html`target ${cutText(data.target, 60)}${
      data.positive === null ? '' : html`, looking for ${cutText(String(data.positive), 40)}`
    } · Counterweight ${versions.counterweight}`,
    lead: { id: 'advice', name: 'To the advice', body: adviceSection(document) },
    sections: [
      classesSection(document),
      ...(difficulty ? [neighbourhoodSection(document, difficulty)] : []),
      ...(map ? [mapSection(document, map)] : []),
      measuresSection(document),
      ...(difficulty ? [rowsSection(difficulty)] : []),
      columnsSection(document),
      noticesSection({ report: document }, 'the document of --json'),
    ],
  });
}
