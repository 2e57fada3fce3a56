export {
  type RequiredColumn,
  type ScoreFileOptions,
  type ScoreFileResult,
  type Scorer,
  type ScorerColumn,
  scoreFile,
} from './score-file.ts';
export { setTexts } from './set-text.ts';
