import { reportContext } from './html/context.ts';
import { html } from './html/markup.ts';
import { renderPage } from './html/page.ts';
import { guideSection, noticesSection, reproduceSection } from './html/sections/closing.ts';
import { coefficientsSection } from './html/sections/coefficients.ts';
import { comparisonSection } from './html/sections/comparison.ts';
import { dataSection } from './html/sections/data.ts';
import { decisionsSection } from './html/sections/decisions.ts';
import { probabilitiesSection } from './html/sections/probabilities.ts';
import { rankingSection } from './html/sections/ranking.ts';
import { surenessSection } from './html/sections/sureness.ts';
import { verdictSection } from './html/sections/verdict.ts';
import { SLIDER_SCRIPT } from './html/slider-script.ts';
import type { RunReport } from './run-report.ts';
import { cutText } from './safe-text.ts';

/**
 * The report as one HTML file: no network, no library in it, complete without JavaScript, for screen, phone and paper.
 *
 * Load this module on demand (`await import`): it brings the charting library with it, which a command that draws nothing should not pay for.
 * The same report gives the same bytes. Throws `RangeError` if the report has no strategy; check foreign documents with `parseRunReport`.
 */
export function renderRunReport(report: RunReport): string {
  const context = reportContext(report);
  const { data } = report;
  return renderPage({
    title: `${cutText(data.source, 60)}: ${cutText(data.target, 40)} · Counterweight report`,
    heading: `What to do about the imbalance in ${cutText(data.source, 80)}`,
    about: html`target ${cutText(data.target, 60)}${
      data.positive === null ? '' : html`, looking for ${cutText(String(data.positive), 40)}`
    } · Counterweight ${report.versions.counterweight}`,
    lead: { id: 'verdict', name: 'To the verdict', body: verdictSection(context) },
    sections: [
      comparisonSection(context),
      decisionsSection(context),
      rankingSection(context),
      probabilitiesSection(context),
      surenessSection(context),
      coefficientsSection(context),
      dataSection(context),
      noticesSection(context),
      reproduceSection(context),
      guideSection(),
    ],
    script: SLIDER_SCRIPT,
  });
}
