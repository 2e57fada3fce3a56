import type { Advice } from '@counterweight/core';
import type { DiagnosisDocument } from '../diagnosis-document.ts';
import { pageFormat } from '../format.ts';
import { type Content, dataName, html, type Markup } from '../html/markup.ts';
import { adviceKinds } from '../measure-guide.ts';

/** The first screen: what the table is in one sentence, four figures, and what to do. */
export function adviceSection(document: DiagnosisDocument): Markup {
  return html`<section class="verdict" id="advice" aria-label="What to do">
<p class="kind">What to do about the imbalance, and what makes it hard</p>
<p class="sentence">${sentence(document)}</p>
<dl class="figures">
${figures(document).map(
  ([
    term,
    big,
    small,
  ]) => html`<div><dt>${term}</dt><dd><span class="big">${big}</span><span class="small">${small}</span></dd></div>
`,
)}</dl>
<h3>What to do, and why</h3>
<ul class="notices">
${document.advice.map(adviceItem)}</ul>
</section>`;
}

function rarest({ data }: DiagnosisDocument) {
  const positive = data.classes.find(({ label }) => label === data.positive);
  return positive ?? data.classes.reduce((a, b) => (b.rows < a.rows ? b : a));
}

function sentence(document: DiagnosisDocument): Content {
  const { data, difficulty } = document;
  const { label, rows, share } = rarest(document);
  const types = difficulty?.classes.find((one) => one.label === label)?.types;
  const most =
    types &&
    (Object.entries(types) as [keyof typeof types, { value: number | null }][]).reduce((a, b) =>
      (b[1].value ?? 0) > (a[1].value ?? 0) ? b : a,
    );
  const said = {
    safe: 'most of them stand among their own',
    borderline: 'most of them stand at a border',
    rare: 'most of them stand alone or in pairs among others',
    outlier: 'most of them stand alone among others',
  };
  const what = data.classes.length === 2 ? 'are of class' : 'are of the rarest class,';
  const counted = html`${pageFormat.count(rows)} of ${pageFormat.count(data.rows)} rows (${pageFormat.percent(share)}) ${what} ${dataName(label, 40)}`;
  if (!most) return html`${counted}.`;
  if ((most[1].value ?? 0) <= 0.5) return html`${counted}; they stand in places of every kind.`;
  return html`${counted}; ${said[most[0]]}.`;
}

function figures(document: DiagnosisDocument): [Content, Content, Content][] {
  const { data, imbalance, difficulty } = document;
  const ratio = pageFormat.number(data.imbalanceRatio, data.imbalanceRatio < 100 ? 1 : 0);
  const { label } = rarest(document);
  const counts: [Content, Content, Content][] = [
    ['Imbalance', `${ratio} : 1`, 'largest to smallest class'],
    [
      'Effective classes',
      pageFormat.number(imbalance.effectiveClasses, 2),
      `of ${pageFormat.count(data.classes.length)}, by the entropy of their shares`,
    ],
  ];
  if (!difficulty) return [...counts, ['Difficulty', 'not measured', 'see the notices']];
  const code = data.classes.findIndex((one) => one.label === label);
  const of = (name: string) => difficulty.measures.find((measure) => measure.name === name)?.perClass[code] ?? null;
  const [kdn, n3] = [of('kdn'), of('n3')];
  const { bayesImpact } = difficulty;
  return [
    ...counts,
    [
      html`Neighbours of other classes (kDN), class ${dataName(label, 24)}`,
      pageFormat.number(kdn?.value ?? null, 2),
      kdn ? `${pageFormat.interval(kdn, 2)} of ${difficulty.k} nearest rows` : '',
    ],
    [
      html`1-NN errs (N3), class ${dataName(label, 24)}`,
      pageFormat.percent(n3?.value ?? null),
      n3 && n3.low !== null && n3.high !== null
        ? `[${pageFormat.percent(n3.low)}, ${pageFormat.percent(n3.high)}]`
        : '',
    ],
    [
      html`Hidden by being outnumbered (BI3), class ${dataName(bayesImpact.class, 24)}`,
      pageFormat.number(bayesImpact.value, 2),
      pageFormat.interval(bayesImpact, 2),
    ],
    [
      'Rows looked around',
      pageFormat.count(difficulty.lookedAt),
      difficulty.lookedAt === difficulty.rows ? 'all of them' : 'a sample, rare classes first',
    ],
  ];
}

function adviceItem({ kind, sentence, reason, evidence, command, code }: Advice): Markup {
  return html`<li${kind === 'look' ? html` class="warning"` : ''}><p><strong>${adviceKinds[kind]}: ${sentence}</strong></p>
<p>${reason}</p>
${command === null ? '' : html`<pre><code>${command}</code></pre>`}
<p class="about">${code}${evidence === null ? '' : html` · ${evidence}`}</p></li>
`;
}
