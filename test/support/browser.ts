// Chromium, where there is one: tests that need it are skipped elsewhere, and say so.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe, it } from 'vitest';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
/** Nothing that a browser does by itself, so that all requests are the pages'. */
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** `more` are switches of Chromium. */
export const openBrowser = (...more: readonly string[]): Promise<Browser> =>
  chromium.launch({ executablePath, args: [...args, ...more] });

/** A suite that needs a browser. */
export function describeInBrowser(name: string, suite: () => void): void {
  if (existsSync(executablePath)) describe(name, suite);
  else it.skip(`${name} (there is no ${executablePath}; apt-get install chromium, or set CHROMIUM)`);
}
