import { type ModelFields, modelFields } from '../calibrate/model-fields.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import type { Notice } from '../runtime/notices.ts';

/** The number of neighbours that the rows allow, and a notice where that is fewer than asked. */
export function clampNeighbours(asked: number, available: number, what: string): { k: number; notices: Notice[] } {
  if (asked <= available) return { k: asked, notices: [] };
  const message = `${available} neighbours are taken, not ${asked}: there are no more ${what}`;
  return {
    k: available,
    notices: [
      Object.freeze({
        code: 'neighbours-clamped',
        severity: 'warning',
        message,
        numbers: Object.freeze({ asked, taken: available }),
      }),
    ],
  };
}

/** Reads fitted rows and k. Throws `bad-model`. */
export function readNeighbourModel(json: unknown, kind: string): { fields: ModelFields; rows: Matrix; k: number } {
  const fields = modelFields(json, kind);
  fields.oneOf('kind', kind);
  const columns = fields.count('columns');
  const data = fields.numbers('rows');
  fields.require('columns', columns > 0);
  fields.require('rows', data.length % columns === 0);
  const rows = matrix(data, data.length / columns, columns);
  const k = fields.count('k');
  fields.require('k', k >= 1);
  return { fields, rows, k };
}
