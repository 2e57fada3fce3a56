import { CounterweightError } from '@counterweight/core';
import type { InputFile } from './file-source.ts';
import { readBytes } from './text-stream.ts';

/**
 * Throws what is wrong with the first unsound line of a JSON-lines file: not JSON, not an object, or not UTF-8.
 * Called only after DuckDB has refused the file. A file that is one large array has no lines to check.
 */
export async function throwFirstJsonDefect(file: InputFile): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let line = 0;
  const check = (text: string): boolean => {
    line++;
    if (text.trim() === '') return true;
    if (line === 1 && text.trimStart().startsWith('[')) return false;
    checkLine(file, text, line);
    return true;
  };
  for await (const bytes of readBytes(file)) {
    try {
      rest += decoder.decode(bytes, { stream: true });
    } catch {
      throw new CounterweightError('malformed-json', `${file.name}, after line ${line}: not UTF-8`, { line });
    }
    const lines = rest.split('\n');
    rest = lines.pop()!;
    for (const text of lines) if (!check(text)) return;
  }
  if (rest !== '') check(rest);
}

function checkLine(file: InputFile, text: string, line: number): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CounterweightError('malformed-json', `${file.name}, line ${line}: not a whole JSON object`, { line });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CounterweightError('malformed-json', `${file.name}, line ${line}: each line must be one JSON object`, {
      line,
    });
  }
}
