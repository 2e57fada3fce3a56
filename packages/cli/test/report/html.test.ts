import { type ParserError, parse } from 'parse5';
import { beforeAll, describe, expect, it } from 'vitest';
import { pageFormat } from '../../src/report/format.ts';
import { renderRunReport } from '../../src/report/html.ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { binaryReport, HOSTILE, hostileReport, multiClassReport, rareReport } from './sample-reports.ts';

const SAMPLES: Readonly<Record<string, () => RunReport>> = {
  binary: binaryReport,
  rare: rareReport,
  'multi-class': multiClassReport,
  hostile: hostileReport,
};
const pages: Record<string, string> = {};

beforeAll(() => {
  for (const [name, make] of Object.entries(SAMPLES)) pages[name] = renderRunReport(make());
});

interface Node {
  readonly nodeName: string;
  readonly value?: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Node[];
}

function all(node: Node): Node[] {
  return [node, ...(node.childNodes ?? []).flatMap(all)];
}

const parsed = new Map<string, Node[]>();

function elements(html: string): Node[] {
  const known = parsed.get(html) ?? all(parse(html) as unknown as Node).filter((node) => node.attrs !== undefined);
  parsed.set(html, known);
  return known;
}

/** Every attribute of the page, with the name of its element. */
const attributes = (html: string) =>
  elements(html).flatMap((node) =>
    (node.attrs ?? []).map(({ name, value }) => ({ element: node.nodeName, name, value })),
  );
const attribute = (node: Node, name: string) => node.attrs?.find((one) => one.name === name)?.value;
const textOf = (node: Node): string => node.value ?? (node.childNodes ?? []).map(textOf).join('');

/** Text that people see, without script, style and the data of the script. */
const seen = (html: string) => html.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ');

describe.each(Object.keys(SAMPLES))('the %s page', (name) => {
  const page = () => pages[name] ?? '';

  it('is well-formed HTML', () => {
    const errors: string[] = [];
    parse(page(), { onParseError: (error: ParserError) => errors.push(error.code) });
    expect(errors).toEqual([]);
  });

  it('asks nothing of the network', () => {
    const loading = attributes(page()).filter(
      ({ name: key, value }) =>
        ['src', 'srcset', 'action', 'poster', 'data'].includes(key) ||
        (/href$/.test(key) && !/^(#|data:,$)/.test(value)),
    );
    expect(loading).toEqual([]);
    expect(page()).not.toMatch(/url\(|@import/);
    const policy = elements(page()).find((node) => attribute(node, 'http-equiv') === 'Content-Security-Policy');
    expect(policy && attribute(policy, 'content')).toMatch(
      /^default-src 'none'; style-src 'sha256-.{44}'; script-src 'sha256-.{44}';/,
    );
  });

  it('needs no style attribute and no event handler, which its policy forbids', () => {
    expect(attributes(page()).filter(({ name: key }) => /^(on|style$)/.test(key))).toEqual([]);
  });

  it('shows no trace of a missing number', () => {
    expect(seen(page())).not.toMatch(/\b(undefined|NaN|Infinity|null|\[object)\b/);
    expect(attributes(page()).filter(({ value }) => /\b(undefined|NaN|Infinity)\b/.test(value))).toEqual([]);
  });

  it('has unique ids, and every reference to one finds it', () => {
    const ids = elements(page()).flatMap((node) => attribute(node, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const node of elements(page())) {
      const references = ['aria-labelledby', 'aria-describedby', 'for'].flatMap(
        (key) => attribute(node, key)?.split(' ') ?? [],
      );
      const target = attribute(node, 'href');
      if (target?.startsWith('#')) references.push(target.slice(1));
      for (const reference of references) expect(ids).toContain(reference);
    }
  });

  it('names every chart and every table for readers who cannot see it', () => {
    const nodes = elements(page());
    for (const svg of nodes.filter((node) => node.nodeName === 'svg')) {
      if (attribute(svg, 'aria-hidden') === 'true') continue;
      expect(attribute(svg, 'role')).toBe('img');
      expect(svg.childNodes?.[0]?.nodeName).toBe('title');
      expect(svg.childNodes?.[1]?.nodeName).toBe('desc');
      expect(textOf(svg.childNodes?.[0] as Node).length).toBeGreaterThan(3);
    }
    for (const table of nodes.filter((node) => node.nodeName === 'table')) {
      expect(table.childNodes?.some((child) => child.nodeName === 'caption')).toBe(true);
    }
    const headings = nodes.filter((node) => /^h[1-6]$/.test(node.nodeName)).map((node) => Number(node.nodeName[1]));
    expect(headings[0]).toBe(1);
    headings.forEach((level, i) => {
      expect(level - (headings[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
  });

  it('is the same for the same report', () => {
    expect(renderRunReport((SAMPLES[name] as () => RunReport)())).toBe(page());
  });
});

describe('renderRunReport', () => {
  it('prints each strategy with its value, interval and difference', () => {
    const report = binaryReport();
    const text = textOf(parse(pages['binary'] ?? '') as unknown as Node);
    for (const strategy of report.strategies) {
      const estimate = strategy.validation['averagePrecision'];
      if (!estimate) throw new Error('the sample lacks its metric');
      expect(text).toContain(strategy.id);
      expect(text).toContain(`${pageFormat.number(estimate.value)} ${pageFormat.interval(estimate)}`);
      if (strategy.difference) {
        expect(text).toContain(
          `${pageFormat.signed(strategy.difference.value, 4)} ${pageFormat.interval(strategy.difference, 4)}`,
        );
      }
    }
  });

  it('puts every digit of every metric of every strategy behind the numbers of the tables', () => {
    for (const report of [binaryReport(), rareReport(), multiClassReport()]) {
      const shown = new Set(
        elements(renderRunReport(report))
          .filter((node) => node.nodeName === 'data')
          .map((node) => Number(attribute(node, 'value'))),
      );
      for (const { validation, decisions, calibration } of report.strategies) {
        const sets = [validation, ...decisions.flatMap((decision) => [decision.validation, decision.test ?? {}])];
        for (const { value } of sets.flatMap((set) => Object.values(set))) expect(shown).toContain(value);
        for (const { before, after } of calibration.slice(0, 6)) {
          expect(shown).toContain(before.brierScore);
          expect(shown).toContain(after.logLoss);
        }
      }
      for (const { effect } of report.coefficients) expect(shown).toContain(effect);
      for (const { fall } of report.importance?.columns ?? []) expect(shown).toContain(fall);
      for (const { aloneAuc } of report.data.columns) expect(shown).toContain(aloneAuc);
    }
  });

  it('shows the confusion matrix, the classes, the notices and the command as they are', () => {
    const report = binaryReport();
    const text = textOf(parse(pages['binary'] ?? '') as unknown as Node);
    for (const count of report.heldOut.confusion.flat()) expect(text).toContain(pageFormat.count(count));
    for (const { rows } of report.data.classes) expect(text).toContain(pageFormat.count(rows));
    for (const { message } of report.notices) expect(text).toContain(message);
    expect(text).toContain(report.reproduce.command);
    expect(text).toContain(report.verdict.sentence);
    for (const detail of report.verdict.details) expect(text).toContain(detail);
  });

  it('lets nothing from the data set become markup', () => {
    const page = pages['hostile'] ?? '';
    const nodes = elements(page);
    expect(nodes.filter(({ nodeName }) => nodeName === 'img')).toEqual([]);
    expect(nodes.filter(({ nodeName }) => nodeName === 'script')).toHaveLength(1);
    expect(page.includes('\u202e') || page.includes('\u001b')).toBe(false);
    expect(textOf(parse(page) as unknown as Node)).toContain(
      HOSTILE.replace('\u202e', '\ufffd').replace('\u001b', '\u241b'),
    );
    const withIsland = renderRunReport({ ...binaryReport(), data: { ...binaryReport().data, source: '<!--<script>' } });
    expect(elements(withIsland).filter(({ nodeName }) => nodeName === 'script')).toHaveLength(2);
  });

  it('folds what is long and says how much', () => {
    const text = textOf(parse(pages['hostile'] ?? '') as unknown as Node);
    expect(text).toContain('The other 170 columns');
    expect(text).toContain('285 more');
    const base = binaryReport();
    const [column] = base.data.columns;
    if (!column) throw new Error('the sample lacks columns');
    const wide = renderRunReport({
      ...base,
      data: { ...base.data, columns: Array.from({ length: 5000 }, (_, i) => ({ ...column, name: `column ${i}` })) },
    });
    expect(wide).toContain(`${pageFormat.count(4470)} more columns are listed in report.json only`);
    expect(wide.length).toBeLessThan(1_000_000);
  });

  it('shows class weights and recall of each class, and no slider, with more than two classes', () => {
    const report = multiClassReport();
    const page = pages['multi-class'] ?? '';
    const text = textOf(parse(page) as unknown as Node);
    expect(page).not.toContain('id="threshold-slider"');
    expect(text).toContain('class weight');
    report.heldOut.confusion.forEach((row, i) => {
      const recall = (row[i] ?? 0) / row.reduce((sum, count) => sum + count, 0);
      expect(text).toContain(pageFormat.number(recall));
    });
  });

  it('says what rows are decided by where classes have no weights', () => {
    const text = textOf(parse(pages['multi-class'] ?? '') as unknown as Node);
    expect(multiClassReport().strategies[0]?.decisions[0]).toMatchObject({ name: 'half', classWeights: null });
    expect(text).toContain('equal, model\u2019s own probabilities');
  });

  it('says that the last fit was recalibrated though no fold asked for it', () => {
    const report = multiClassReport();
    const strategies = report.strategies.map((strategy) => ({
      ...strategy,
      recalibration: { decision: 'recalibrated' as const, folds: { none: 4, priorCorrection: 0, recalibrated: 0 } },
    }));
    const text = textOf(parse(renderRunReport({ ...report, strategies })) as unknown as Node);
    expect(text).toContain('were recalibrated (though in none of the 4 folds).');
  });

  it('draws fifty classes without drawing fifty curves', () => {
    const base = multiClassReport();
    const labels = Array.from({ length: 50 }, (_, i) => `class ${i}`);
    const [curve] = base.heldOut.curves;
    if (!curve) throw new Error('the sample lacks curves');
    const page = renderRunReport({
      ...base,
      data: { ...base.data, classes: labels.map((label, i) => ({ label, rows: 1000 - i, share: 0.02 })) },
      heldOut: {
        ...base.heldOut,
        classes: labels,
        classWeights: labels.map(() => 1),
        confusion: labels.map((_, t) => labels.map((__, p) => (t === p ? 18 : 0))),
        curves: labels.map((label) => ({ ...curve, class: label })),
      },
    });
    const text = textOf(parse(page) as unknown as Node);
    expect(page.match(/id="curve-\d+-pr-title"/g)).toHaveLength(6);
    expect(text).toContain('44 more are in report.json');
    expect(text).toContain('The 10 largest and the 10 smallest of 50 classes');
  });

  it('is drawn in well under a second and a half', () => {
    const times = [0, 1, 2].map(() => {
      const began = performance.now();
      renderRunReport(binaryReport());
      return performance.now() - began;
    });
    expect(Math.min(...times)).toBeLessThan(1500);
  });
});

describe('what a difference on the held-out rows is called', () => {
  const said = (value: number, low: number | null, high: number | null) => {
    const report = binaryReport();
    const comparison = { id: 'smote/logistic', difference: { value, low, high }, rocAuc: null };
    const page = renderRunReport({ ...report, heldOut: { ...report.heldOut, comparison } });
    return /Against doing nothing [\s\S]*? on these rows/.exec(page.replace(/<[^>]+>/g, ''))![0];
  };

  it('is better or worse only where its interval leaves 0 out', () => {
    expect(said(0.03, -0.04, 0.11)).toContain('cannot be told from chance');
    expect(said(0.03, null, null)).toContain('cannot be told from chance');
    expect(said(0.03, 0.01, 0.11)).toContain('is better');
    expect(said(-0.03, -0.11, -0.01)).toContain('is worse');
  });
});

describe('brackets beside probabilities', () => {
  it('may leave the probability outside: the page says on how many rows, and what that means', () => {
    const text = pages['binary']!.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ');
    expect(text).toMatch(/may lie outside, and did on 42\.0 ?% of the held-out rows/);
    expect(text).toContain('That alone does not speak against the probability');
    expect(pages['multi-class']).not.toContain('speak against the probability');
  });
});
