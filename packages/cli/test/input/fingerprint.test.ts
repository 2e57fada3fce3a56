import { expect, it } from 'vitest';
import { fingerprint } from '../../src/input/index.ts';
import { failureOf, temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();

it('is the SHA-256 of a file', async () => {
  // FIPS 180-2, the first example.
  const path = folder.write('abc.txt', 'abc');
  expect(await fingerprint(path)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('of a pattern tells where one file ends and the next begins', async () => {
  folder.write('f-1.csv', 'ab');
  folder.write('f-2.csv', 'c');
  const before = await fingerprint(folder.path('f-*.csv'));
  folder.write('f-1.csv', 'a');
  folder.write('f-2.csv', 'bc');
  expect(await fingerprint(folder.path('f-*.csv'))).not.toBe(before);
});

it('refuses a missing file', async () => {
  expect((await failureOf(fingerprint(folder.path('none.csv')))).code).toBe('no-such-file');
});
