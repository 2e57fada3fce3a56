export type { TableOptions } from './adapt-resampler.ts';
export { auditTable, type TableAuditOptions } from './audit-table.ts';
export type { CellOptions, ColumnBounds } from './cell-options.ts';
export type { ColumnRole, ColumnRoleOptions } from './column-roles.ts';
export { type SmoteNOptions, smoteN } from './smote-n.ts';
export { type SmoteNcOptions, smoteNc } from './smote-nc.ts';
export type { TableOverOptions } from './table-over-sampler.ts';
export {
  createTableResampler,
  type TableMethodOptions,
  type TableResamplerEntry,
  tableOptionNames,
  tableResampler,
  tableResamplers,
} from './table-registry.ts';
export type { ResampledTable, TableResampler } from './table-resampler.ts';
