import type { NeighbourhoodMap } from '@counterweight/core';
import type { DiagnosisDocument } from './diagnosis-document.ts';

export function renderDiagnosisPage(_document: DiagnosisDocument, _map: NeighbourhoodMap | null): string {
  return '';
}
