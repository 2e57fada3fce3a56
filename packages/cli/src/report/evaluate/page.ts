import { pageFormat } from '../format.ts';
import { type Content, dataName, html } from '../html/markup.ts';
import { renderPage } from '../html/page.ts';
import type { Section } from '../html/sections/section.ts';
import { cutText } from '../safe-text.ts';
import { classLead, classSections } from './class-sections.ts';
import type { EvaluationReport } from './evaluation-report.ts';
import { binaryLead, binarySections } from './sections.ts';

/**
 * An evaluation as one HTML file: no network, complete without JavaScript, for screen, phone and paper.
 *
 * Load this module on demand (`await import`): it brings the charting library with it. The same document gives the same bytes.
 */
export function renderEvaluationPage(report: EvaluationReport): string {
  const binary = report.kind === 'binary';
  return renderPage({
    title: `${cutText(report.source, 60)}: ${cutText(report.target, 40)} · Counterweight evaluation`,
    heading: `How good the predictions of ${cutText(report.target, 40)} in ${cutText(report.source, 60)} are`,
    about: html`${binary ? html`looking for ${dataName(report.positive, 40)} · ` : ''}Counterweight ${report.versions.counterweight}`,
    lead: {
      id: 'result',
      name: 'To the result',
      body: html`<section id="result" class="verdict">${binary ? binaryLead(report) : classLead(report)}${warnings(report)}</section>`,
    },
    sections: [...(binary ? binarySections(report) : classSections(report)), notesSection(report)],
  });
}

/** Warnings stand at the top, since they may change what one concludes. */
function warnings({ notices }: EvaluationReport): Content {
  return notices
    .filter(({ severity }) => severity === 'warning')
    .slice(0, 8)
    .map(({ message }) => html`<div class="callout"><p>${message}</p></div>`);
}

function notesSection({ notices, reproduce, intervals, kind }: EvaluationReport): Section {
  const level = `${Number((100 * intervals.level).toPrecision(4))}\u202f%`;
  const rest = notices.filter(({ severity }) => severity === 'info');
  return {
    id: 'notes',
    heading: 'How the intervals were made',
    short: 'Notes',
    body: html`<ul class="plain">
<li>Brackets and bands hold ${level} intervals. Bands are pointwise: each point has its own interval, so a whole curve leaves its band more often.</li>
<li>Bootstrap: ${pageFormat.count(intervals.replicates)} replicates; each draws how many rows every class happens to have, and then that many of them; percentiles. So
precision, losses and calibration are as uncertain as the number of rows of the rare class makes them. Measures that noise can only raise
(calibration errors, Kolmogorov-Smirnov, H-measure) are centred on their value. Intervals say how much the numbers would vary with other rows of this kind; they know
nothing of a model trained anew or of a change in the world.</li>
<li>Precision, recall, specificity and accuracy: Wilson intervals of counts; exact ones (Clopper and Pearson) stand in the JSON document.${
      kind === 'binary' ? ' ROC-AUC: DeLong, and the bootstrap beside it.' : ''
    }</li>
${rest.map(({ message }) => html`<li>${message}</li>`)}
</ul>
<h3>To get this again</h3>
<pre>${reproduce.command}</pre>`,
  };
}
