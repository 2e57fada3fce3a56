export type { CellOptions, ColumnBounds } from './cell-options.ts';
export type { ColumnRole, ColumnRoleOptions } from './column-roles.ts';
export { type SmoteNOptions, smoteN } from './smote-n.ts';
export { type SmoteNcOptions, smoteNc } from './smote-nc.ts';
export type { TableOverOptions } from './table-over-sampler.ts';
export type { ResampledTable, TableResampler } from './table-resampler.ts';
