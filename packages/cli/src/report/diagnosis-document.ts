import type { Diagnosis } from '@counterweight/core';

/** The diagnosis as `diagnose --json` prints it. */
export interface DiagnosisDocument extends Diagnosis {
  readonly versions: { readonly counterweight: string };
}
