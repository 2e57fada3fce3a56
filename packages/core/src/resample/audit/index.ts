export {
  type AuditedColumn,
  type CellCounts,
  type ClassAudit,
  type ClosestReal,
  type DistanceQuantiles,
  type HullCounts,
  type KindCounts,
  type SyntheticAudit,
  type SyntheticCounts,
  type SyntheticFlag,
  type SyntheticKind,
  type SyntheticRows,
  syntheticFlags,
  syntheticKinds,
} from './audit-result.ts';
export { auditSynthetic } from './audit-synthetic.ts';
export type { AuditOptions } from './check-request.ts';
export type { AskedScale, DistanceScale } from './distance-scale.ts';
export { auditThresholds } from './findings.ts';
