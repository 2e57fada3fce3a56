import { described } from '../../data/described.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { ModelJSON } from '../learner.ts';

/** JSON of what is to be written as a file. Throws `not-exportable` for what is no fitted model. */
export function exportedJSON(model: unknown): ModelJSON {
  const { toJSON } = ((model as { readonly toJSON?: unknown } | null | undefined) ?? {}) as { toJSON?: unknown };
  const json: unknown = typeof toJSON === 'function' ? toJSON.call(model) : undefined;
  if (typeof (json as Partial<ModelJSON> | null | undefined)?.kind === 'string') return json as ModelJSON;
  const hint =
    typeof (model as { readonly fit?: unknown } | null | undefined)?.fit === 'function' ? ' that is yet to fit' : '';
  throw new CounterweightError(
    'not-exportable',
    `a fitted model is needed, as fit gives or a reader of its JSON, got ${described(model)}${hint}`,
  );
}
