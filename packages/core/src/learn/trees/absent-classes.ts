import type { ClassLabel } from '../../data/labels.ts';
import type { Notice } from '../../runtime/notices.ts';

/** A notice for each class without rows. */
export function absentClasses(classes: readonly ClassLabel[], present: readonly number[]): Notice[] {
  return classes.flatMap((label, code) =>
    present.includes(code)
      ? []
      : [
          {
            code: 'class-absent',
            severity: 'warning',
            message: `class ${label} has no rows to learn from; its probability is always 0`,
            class: label,
          } as const,
        ],
  );
}
