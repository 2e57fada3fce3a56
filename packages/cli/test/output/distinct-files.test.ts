import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { liesIn, requireDistinctFiles } from '../../src/output/index.ts';
import { scratchFolder } from '../commands/cli.ts';

describe('files that a command reads and writes', () => {
  const folder = () => {
    const path = scratchFolder();
    mkdirSync(join(path, 'sub'));
    writeFileSync(join(path, 'a.csv'), 'x\n1\n');
    return path;
  };
  const code = (work: () => void) => {
    try {
      work();
    } catch (error) {
      return (error as { code: string }).code;
    }
    return null;
  };

  it('may all differ', () => {
    const path = folder();
    const outputs = ['b.csv', 'c.html', 'sub/a.csv'].map((name) => ['--out', join(path, name)] as const);
    expect(code(() => requireDistinctFiles([['DATA', join(path, 'a.csv')]], [...outputs, ['--save', undefined]]))).toBe(
      null,
    );
  });

  it('are the same through another spelling, a symbolic link, a linked folder, a hard link or a pattern', () => {
    const path = folder();
    symlinkSync(join(path, 'a.csv'), join(path, 'soft.csv'));
    symlinkSync(path, join(path, 'sub', 'up'));
    linkSync(join(path, 'a.csv'), join(path, 'hard.csv'));
    for (const same of ['a.csv', 'sub/../a.csv', 'soft.csv', 'sub/up/a.csv', 'hard.csv']) {
      for (const input of [join(path, 'a.csv'), join(path, '*.csv')]) {
        const asked = () => requireDistinctFiles([['DATA', input]], [['--html', `${path}/${same}`]]);
        expect(code(asked), `${input} ${same}`).toBe('output-is-input');
      }
    }
  });

  it('are the same output through another spelling or a linked folder, though it does not exist yet', () => {
    const path = folder();
    symlinkSync(join(path, 'sub'), join(path, 'linked'));
    for (const [one, two] of [
      ['new.csv', 'sub/../new.csv'],
      ['sub/new.csv', 'linked/new.csv'],
    ]) {
      const outputs = [
        ['--out', `${path}/${one}`],
        ['--save', `${path}/${two}`],
      ] as const;
      expect(code(() => requireDistinctFiles([], outputs))).toBe('same-output');
    }
  });

  it('lie in a folder or below it', () => {
    const path = folder();
    writeFileSync(join(path, 'sub', 'b.csv'), 'x\n');
    expect(liesIn(path, join(path, 'sub', '*.csv'))).toBe(true);
    expect(liesIn(join(path, 'sub'), join(path, 'a.csv'))).toBe(false);
  });
});
