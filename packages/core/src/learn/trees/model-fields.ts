import type { ClassLabel } from '../../data/labels.ts';
import type { Notice } from '../../runtime/notices.ts';

/** Checks of a model file's fields. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isNumbers(value: unknown, length: number): value is number[] {
  return Array.isArray(value) && value.length === length && value.every((item) => Number.isFinite(item));
}

export function isClasses(value: unknown): value is ClassLabel[] {
  if (!Array.isArray(value) || value.length < 2 || new Set(value).size !== value.length) return false;
  return value.every((item) => typeof item === 'string') || value.every((item) => Number.isFinite(item));
}

export function isPresent(value: unknown, classes: number): value is number[] {
  if (!Array.isArray(value) || value.length < 2) return false;
  return value.every((code, i) => isCount(code) && code < classes && (i === 0 || code > value[i - 1]));
}

export function isNotices(value: unknown): value is Notice[] {
  if (!Array.isArray(value)) return false;
  return value.every((notice) => {
    const { code, severity, message } = (notice ?? {}) as Record<string, unknown>;
    return typeof code === 'string' && typeof message === 'string' && (severity === 'info' || severity === 'warning');
  });
}
