export { createProgram, main } from './main.ts';
export type { RunReport } from './report/run-report.ts';
export { version } from './version.ts';
