import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, quickRun, scratchFolder } from './cli.ts';

describe('predict with a model that reads columns named as what it adds', () => {
  it('gives what it adds other names, and says so', async () => {
    const folder = scratchFolder();
    const data = join(folder, 'names.csv');
    const rows = Array.from({ length: 60 }, (_, i) => {
      const wave = Math.round(1000 * Math.sin(i * 1.7)) / 1000;
      return `${wave + (i % 3 === 0 ? 0.8 : 0)},${(i * 37) % 11},${i % 5},${i % 3 === 0 ? 'yes' : 'no'}`;
    });
    writeFileSync(data, `p,Prediction,p_,outcome\n${rows.join('\n')}\n`);
    const run = await quickRun(data, join(folder, 'run'), '--strategies', 'none');
    expect(run.code).toBe(0);
    const out = join(folder, 'scored.csv');
    const { code, stdout } = await cli('predict', join(folder, 'run', 'model.json'), data, '--out', out, '--quiet');
    expect(code).toBe(0);
    expect(stdout).toContain('the model reads a column "p", so what would be added as "p" is called "p__"');
    expect(stdout).toContain('the model reads a column "Prediction", so what would be added as "prediction" is called');
    const [header, first] = readFileSync(out, 'utf8').split('\n');
    expect(header).toBe('p,Prediction,p_,outcome,p__,p0,p1,prediction_,set');
    expect(first?.startsWith(`${rows[0]},0.`)).toBe(true);
  });
});
