import type { ColumnRoleOptions, ResamplerOptions } from '@counterweight/core';

export interface ResampleRequest {
  readonly input: string;
  readonly out: string;
  readonly target: string;
  readonly method: string;
  /** Options of the method, the seed and sampling strategy among them. */
  readonly options: ResamplerOptions;
  /** What part columns play. */
  readonly roles: ColumnRoleOptions;
  /** Column that says which rows belong together. */
  readonly group?: string | undefined;
  /** Where to write the provenance, as CSV. */
  readonly provenance?: string | undefined;
  /** Whether to look at the rows that were made, and where to write what was seen of each. */
  readonly audit?: boolean | undefined;
  readonly auditRows?: string | undefined;
}
