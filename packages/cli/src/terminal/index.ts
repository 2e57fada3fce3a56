export { terminalStyle, terminalWidth, wantsColour } from './ansi.ts';
export { createProgress, type Progress, type ProgressOptions, type ProgressStream } from './progress.ts';
export { renderSummary, type SummaryOptions } from './summary.ts';
