import type { EvaluationReport } from './evaluation-report.ts';

export function renderEvaluationPage(_report: EvaluationReport): string {
  return '';
}
