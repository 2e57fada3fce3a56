export { liesIn, type NamedFile, requireDistinctFiles } from './distinct-files.ts';
export { ensureOutputFolder, replaceAtomically, requireWritablePath, writeFileAtomically } from './write-file.ts';
export { copyOptionsFor, type OutputColumn, writeParquetAtomically, writeTable } from './write-table.ts';
