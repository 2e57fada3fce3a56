import type { CalibrateReport } from './calibrate-report.ts';
export function renderCalibratePage(report: CalibrateReport): string {
  return JSON.stringify(report);
}
