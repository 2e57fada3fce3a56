import { CounterweightError } from '../../runtime/errors.ts';
import { aps, raps } from './adaptive.ts';
import { lac } from './least-ambiguous.ts';
import { margin } from './margin.ts';
import { pas, wpas } from './prevalence-adjusted.ts';
import type { ConformalScore } from './score.ts';
import { saps } from './sorted-adaptive.ts';
import { topK } from './top-k.ts';

/** A score as programs find it by name; the common checks run over all of them. */
export interface ConformalScoreEntry {
  /** Kebab-case name, also the `kind` of the score's JSON. */
  readonly name: string;
  /** Makes the score with its defaults; `shares` are those of the classes in the training rows. */
  create(shares: Float64Array): ConformalScore;
  /** Reads a score back. Throws `bad-model`. */
  fromJSON(json: unknown): ConformalScore;
}

type Fields = Record<string, unknown>;

function entry(
  name: string,
  create: (shares: Float64Array) => ConformalScore,
  read: (fields: Fields) => ConformalScore,
): ConformalScoreEntry {
  const fromJSON = (json: unknown) => {
    const fields = (json ?? {}) as Fields;
    if (fields['kind'] !== name) throw damaged(name, 'kind');
    try {
      return read(fields);
    } catch (error) {
      // What a caller is told of a bad option is, of a file, damage.
      if (error instanceof CounterweightError) throw new CounterweightError('bad-model', error.message, error.details);
      throw error;
    }
  };
  return Object.freeze({ name, create, fromJSON });
}

const flag = (fields: Fields, kind: string) => {
  const value = fields['randomised'];
  if (typeof value !== 'boolean') throw damaged(kind, 'randomised');
  return value;
};

const amount = (fields: Fields, kind: string, name: string) => {
  const value = fields[name];
  if (typeof value !== 'number' || !(value >= 0) || !Number.isFinite(value)) throw damaged(kind, name);
  return value;
};

const amounts = (fields: Fields, kind: string, name: string) => {
  const value = fields[name];
  if (!Array.isArray(value) || !value.every((item) => Number.isFinite(item) && item >= 0)) throw damaged(kind, name);
  return Float64Array.from(value as number[]);
};

export const conformalScores: readonly ConformalScoreEntry[] = Object.freeze([
  entry('lac', lac, lac),
  entry('margin', margin, margin),
  entry(
    'aps',
    () => aps(),
    (fields) => aps({ randomised: flag(fields, 'aps') }),
  ),
  entry(
    'raps',
    () => raps({ lambda: 0.01, kReg: 5 }),
    (fields) =>
      raps({
        lambda: amount(fields, 'raps', 'lambda'),
        kReg: amount(fields, 'raps', 'kReg'),
        randomised: flag(fields, 'raps'),
      }),
  ),
  entry(
    'saps',
    () => saps(),
    (fields) => saps({ weight: amount(fields, 'saps', 'weight'), randomised: flag(fields, 'saps') }),
  ),
  entry(
    'top-k',
    () => topK(),
    (fields) => topK({ randomised: flag(fields, 'top-k') }),
  ),
  entry(
    'pas',
    (shares) => pas({ shares }),
    (fields) => pas({ shares: amounts(fields, 'pas', 'shares') }),
  ),
  entry(
    'wpas',
    (shares) => wpas({ shares, importance: shares.map(() => 1) }),
    (fields) => wpas({ shares: amounts(fields, 'wpas', 'shares'), importance: amounts(fields, 'wpas', 'importance') }),
  ),
]);

/** Reads any score back. Throws `bad-model`. */
export function conformalScoreFromJSON(json: unknown): ConformalScore {
  const kind = ((json ?? {}) as Fields)['kind'];
  const found = conformalScores.find(({ name }) => name === kind);
  if (!found) throw damaged('conformal score', 'kind');
  return found.fromJSON(json);
}

function damaged(kind: string, field: string): CounterweightError {
  return new CounterweightError('bad-model', `${kind}: field "${field}" is missing or wrong`, { field });
}
