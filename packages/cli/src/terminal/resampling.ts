import { terminalFormat as format } from '../report/format.ts';
import type { ResampleReport } from '../report/resample-report.ts';
import { cutText, safeText } from '../report/safe-text.ts';
import type { ResampleAudit } from '../resample/audit-rows.ts';
import { aligned } from './aligned.ts';
import { type Style, terminalStyle, wrapText } from './ansi.ts';
import { fileLines } from './file-lines.ts';
import { noticeLines } from './notice-lines.ts';

export interface ResamplingOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
}

const mostClasses = 12;
const mostNotices = 6;

/** What `resample` did, as text: rows before and after by class, notices, findings of the audit, files. Ends with a newline. */
export function renderResampling(report: ResampleReport, options: ResamplingOptions): string {
  const width = Math.max(40, Math.min(options.width, 110));
  const style = terminalStyle(options.colour);
  const { before, after } = report.rows;
  const verdict = `${report.method}: ${format.count(before)} rows of ${cutText(report.source, 40)} became ${format.count(after)}.`;
  const blocks = [
    wrapText(safeText(verdict), width).map(style.bold),
    classLines(report, style),
    noticeLines(report.notices, width, style, mostNotices),
    auditLines(report, width, style),
    fileLines(report.files, style),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function classLines({ classes }: ResampleReport, style: Style): string[] {
  const bySize = [...classes].sort((a, b) => b.before - a.before || b.after - a.after);
  const shown = bySize.length > mostClasses ? [...bySize.slice(0, 3), ...bySize.slice(3 - mostClasses)] : bySize;
  const rows = shown.map(({ label, before, after, copies, made, dropped }) => [
    cutText(String(label), 24),
    format.count(before),
    format.count(after),
    format.count(copies),
    format.count(made),
    format.count(dropped),
  ]);
  const [head = '', ...lines] = aligned(
    [['class', 'before', 'after', 'copied', 'made', 'left out'], ...rows],
    [1, 2, 3, 4, 5],
  );
  const left = bySize.length - shown.length;
  return [style.dim(head), ...lines, ...(left > 0 ? [style.dim(`… ${left} classes between them`)] : [])];
}

function auditLines({ audit }: ResampleReport, width: number, style: Style): string[] {
  if (!audit) return [];
  const findings = noticeLines(audit.findings, width, style, mostNotices);
  const nothing = findings.length === 0 ? ['Nothing to object to.'] : findings;
  return [style.bold('Audit of the new rows'), ...('classes' in audit ? kindLines(audit, style) : []), ...nothing];
}

/** Shares of new rows by where they fell, beside those of real rows. */
function kindLines({ classes }: ResampleAudit, style: Style): string[] {
  if (classes.length === 0) return [];
  const rows = [...classes]
    .sort((a, b) => b.rows - a.rows)
    .slice(0, mostClasses)
    .map(({ class: label, examined, neighbourhood, realNeighbourhood }) => [
      cutText(String(label), 24),
      format.count(examined),
      ...kindNames.map((kind) => format.percent(neighbourhood[kind] / Math.max(1, examined))),
      format.percent(realNeighbourhood.intruding / Math.max(1, realNeighbourhood.rows)),
    ]);
  const head = ['class', 'new rows', 'safe', 'borderline', 'among others', '(real rows)'];
  const [first = '', ...lines] = aligned([head, ...rows], [1, 2, 3, 4, 5]);
  return [style.dim(first), ...lines];
}

const kindNames = ['safe', 'borderline', 'intruding'] as const;
