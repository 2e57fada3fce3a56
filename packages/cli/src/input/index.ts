export { type Database, type DatabaseOptions, openDatabase, sqlName, sqlPath, sqlString } from './duckdb.ts';
export { fingerprint } from './fingerprint.ts';
export { withMissingWords } from './missing-classes.ts';
export { defaultMissingTokens } from './missing-tokens.ts';
export { nearestName } from './nearest-name.ts';
export {
  type BinaryScores,
  type ClassScores,
  readBinaryScores,
  readClassScores,
  type ScoreRows,
  type ScoresRequest,
} from './read-scores.ts';
export { type ReadTableOptions, type ReadTableResult, readTable } from './read-table.ts';
