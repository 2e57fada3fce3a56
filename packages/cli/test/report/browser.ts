import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';

/** Where Chromium is, or undefined; on a machine that must have it, an error. */
export function chromiumPath(what: string): string | undefined {
  const found = [
    process.env['CHROMIUM_PATH'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ].find((path): path is string => path !== undefined && existsSync(path));
  if (!found && process.env['CI'])
    throw new Error(`${what} to be checked in Chromium, and there is none; set CHROMIUM_PATH`);
  if (!found) console.log(`skipped: ${what} to be checked in Chromium, and there is none (set CHROMIUM_PATH)`);
  return found;
}

/** Opens a page from disk and collects what it complains of, what it asks the network for and what it pops up. */
export async function openPage(browser: Browser, path: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'log') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) troubles.push(request.url());
  });
  await page.goto(pathToFileURL(path).href);
  return { page, troubles, close: () => context.close() };
}
