export { type Database, type DatabaseOptions, openDatabase, sqlName, sqlPath, sqlString } from './duckdb.ts';
export { fingerprint } from './fingerprint.ts';
export { defaultMissingTokens } from './missing-tokens.ts';
export { nearestName } from './nearest-name.ts';
export { type ReadTableOptions, type ReadTableResult, readTable } from './read-table.ts';
