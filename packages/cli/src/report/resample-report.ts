import type { Notice, ResamplerOptions } from '@counterweight/core';
import type { ResampleAudit } from '../resample/audit-rows.ts';
import type { ClassOutcome } from '../resample/resample-file.ts';

/** What `resample --json` prints. */
export interface ResampleReport {
  readonly format: 'counterweight-resample';
  readonly formatVersion: 1;
  readonly versions: { readonly counterweight: string };
  readonly source: string;
  readonly target: string;
  readonly method: string;
  /** Options as the method understood them. */
  readonly options: ResamplerOptions;
  readonly rows: { readonly before: number; readonly after: number };
  readonly classes: readonly ClassOutcome[];
  readonly notices: readonly Notice[];
  /** Where the new rows lie and what is odd about them; findings alone where nothing was made, null unless asked for. */
  readonly audit: ResampleAudit | { readonly findings: readonly Notice[] } | null;
  readonly files: readonly { readonly label: string; readonly path: string }[];
}
