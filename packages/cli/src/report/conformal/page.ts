import type { ConformalDocument } from './document.ts';

export function renderConformalPage(_document: ConformalDocument): string {
  return '';
}
