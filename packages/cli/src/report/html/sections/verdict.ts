import { decimalsFor, differenceDecimals, outOf, pageFormat } from '../../format.ts';
import { strategyLabel } from '../../names.ts';
import type { StrategyReport, Verdict } from '../../run-report.ts';
import type { ReportContext } from '../context.ts';
import { type Content, dataName, html, type Markup } from '../markup.ts';

const KINDS: Readonly<Record<Verdict['kind'], string>> = {
  better: 'A treatment is worth having',
  'not-shown': 'Nothing better was shown',
  'no-difference': 'Doing nothing is enough',
  'nothing-compared': 'Nothing was compared',
};

/** The first screen: what to do, in one sentence and six figures, and what to beware of. */
export function verdictSection(context: ReportContext): Markup {
  const { verdict, learners } = context.report;
  return html`<section class="verdict" id="verdict" aria-label="Verdict">
<p class="kind ${verdict.kind}">${KINDS[verdict.kind]}</p>
<p class="sentence">${verdict.sentence}</p>
${learners ? html`<p class="learner">${learners.sentence}</p>` : ''}
<dl class="figures">
${figures(context).map(
  ({
    term,
    big,
    small,
  }) => html`<div><dt>${term}</dt><dd><span class="big">${big}</span>${small ? html`<span class="small">${small}</span>` : ''}</dd></div>
`,
)}</dl>
${verdict.details.length > 0 ? html`<ul class="plain">${verdict.details.map((detail) => html`<li>${detail}</li>`)}</ul>` : ''}
${warningCallout(context)}
</section>`;
}

interface Figure {
  readonly term: Content;
  readonly big: Content;
  readonly small?: Content;
}

function figures(context: ReportContext): Figure[] {
  const { chosen } = context;
  return [
    { term: 'Use', big: dataName(strategyLabel(chosen), 60), small: html`<code>${dataName(chosen.id, 60)}</code>` },
    metricFigure(context),
    differenceFigure(context),
    ...(context.counts ? binaryFigures(context) : multiClassFigures(context)),
  ];
}

function metricFigure({ report, chosen }: ReportContext): Figure {
  const { metric } = report;
  const test = chosen.test?.[metric.name];
  const estimate = test ?? chosen.validation[metric.name] ?? { value: null, low: null, high: null };
  const decimals = decimalsFor([estimate.value]);
  return {
    term: `${capital(metric.label)} ${test ? 'on held-out rows' : 'in cross-validation'}`,
    big: pageFormat.number(estimate.value, decimals),
    small: intervalText(pageFormat.interval(estimate, decimals)),
  };
}

/** Of the chosen strategy; where that is doing nothing, of the best of those that could have been chosen. */
function differenceFigure({ chosen, baseline, ranked, report }: ReportContext): Figure {
  const isRival = ({ treatment }: StrategyReport) => treatment !== baseline.treatment;
  const compared = chosen.difference ? chosen : ranked.find(isRival);
  if (!compared?.difference) return { term: 'Against doing nothing', big: 'not compared' };
  const { difference } = compared;
  const decimals = differenceDecimals([compared.validation[report.metric.name]?.value], [difference.value]);
  const interval = intervalText(pageFormat.interval(difference, decimals));
  return {
    term:
      compared !== chosen
        ? 'Best other against doing nothing'
        : (difference.low ?? 0) > 0
          ? 'Better than doing nothing by'
          : 'Difference to doing nothing',
    big: pageFormat.signed(difference.value, decimals),
    small: compared === chosen ? interval : html`${dataName(compared.id, 40)} ${interval}`,
  };
}

const intervalText = (interval: string) => (interval ? `95\u202f% interval ${interval}` : '');

function binaryFigures({ report, counts }: ReportContext): Figure[] {
  if (!counts) return [];
  const { tp, fp, fn, tn } = counts;
  const flagged = tp + fp;
  const hits = flagged === 0 ? null : outOf(tp / flagged);
  const positive = report.data.positive ?? '';
  return [
    {
      term: html`Flag as ${dataName(positive, 24)} from a probability of`,
      big: pageFormat.probability(report.heldOut.threshold),
      small: `flags ${pageFormat.percent((tp + fp) / (tp + fp + fn + tn || 1))} of the held-out rows`,
    },
    hits
      ? {
          term: `Of ${pageFormat.count(hits.base)} flagged`,
          big: html`${pageFormat.count(hits.n)} are ${dataName(positive, 24)}`,
          small: `${pageFormat.count(tp)} of ${pageFormat.count(flagged)} held-out rows flagged`,
        }
      : { term: 'Flagged', big: 'nothing', small: 'no held-out row reaches the threshold' },
    {
      term: html`Finds of all ${dataName(positive, 24)}`,
      big: pageFormat.percent(tp + fn === 0 ? null : tp / (tp + fn)),
      small: `${pageFormat.count(tp)} of ${pageFormat.count(tp + fn)} held-out ones`,
    },
  ];
}

function multiClassFigures({ report }: ReportContext): Figure[] {
  const { heldOut } = report;
  const recalls = heldOut.classes.map((label, i) => {
    const row = heldOut.confusion[i] ?? [];
    const rows = row.reduce((sum, count) => sum + count, 0);
    return { label, rows, found: row[i] ?? 0, recall: rows === 0 ? null : (row[i] ?? 0) / rows };
  });
  const present = recalls.filter(({ rows }) => rows > 0);
  const rarest = present.reduce<(typeof present)[number] | undefined>(
    (a, b) => (!a || b.rows < a.rows ? b : a),
    undefined,
  );
  const worst = present.reduce<(typeof present)[number] | undefined>(
    (a, b) => (!a || (b.recall ?? 0) < (a.recall ?? 0) ? b : a),
    undefined,
  );
  const right = recalls.reduce((sum, { found }) => sum + found, 0);
  const all = recalls.reduce((sum, { rows }) => sum + rows, 0);
  const found = (one: (typeof present)[number]) =>
    `${pageFormat.count(one.found)} of ${pageFormat.count(one.rows)} held-out rows`;
  return [
    ...(rarest
      ? [
          {
            term: html`Finds of the rarest class, ${dataName(rarest.label, 24)}`,
            big: pageFormat.percent(rarest.recall),
            small: found(rarest),
          },
        ]
      : []),
    ...(worst && worst !== rarest
      ? [
          {
            term: html`Worst found class, ${dataName(worst.label, 24)}`,
            big: pageFormat.percent(worst.recall),
            small: found(worst),
          },
        ]
      : []),
    {
      term: 'Right over all classes',
      big: pageFormat.percent(all === 0 ? null : right / all),
      small: `${pageFormat.count(right)} of ${pageFormat.count(all)} held-out rows`,
    },
  ];
}

function warningCallout({ report }: ReportContext): Content {
  const warnings = report.notices.filter(({ severity }) => severity === 'warning');
  const first = warnings[0];
  if (!first) return '';
  const more = warnings.length - 1;
  return html`<div class="callout"><p><strong>Warning:</strong> ${first.message.replace(/\.$/, '')}. <a href="#notices">${
    more > 0 ? `${pageFormat.count(more)} more warning${more === 1 ? '' : 's'} and all notices` : 'All notices'
  }</a></p></div>`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
