// The local pages in a real browser: each that can be reached, by keyboard alone, and on a narrow screen.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { seeded } from '../../functions/local/seed.ts';
import { type Listening, listen } from '../../functions/local/server.ts';
import { tellStory } from '../../functions/local/story.ts';
import { createSystem } from '../../functions/local/system.ts';
import { hour } from '../../shared/kernel/time.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';

const narrow = { width: 360, height: 740 };
/** Where the pictures of the pages go; without it none are taken. */
const pictures = process.env['PICTURES'];

let local: Listening;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let wrong: string[] = [];

/** Collects whatever a browser complains about, and whatever does not arrive. */
function watch(from: Page): void {
  from.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(`${from.url()}: ${message.text()}`);
  });
  from.on('pageerror', (error) => wrong.push(`${from.url()}: ${error.message}`));
  from.on('requestfailed', (request) => wrong.push(`${request.url()}: ${request.failure()?.errorText ?? 'failed'}`));
  from.on('response', (answer) => {
    if (answer.status() >= 400) wrong.push(`${answer.url()}: ${answer.status()}`);
  });
}

/** The pages of the local system that this one leads to, without those of the emails' links (they act on a click). */
async function linksOn(): Promise<string[]> {
  const all = await page.evaluate<string[]>('[...document.links].map((link) => link.getAttribute("href"))');
  return all.filter((link) => /^\/(x\/local.*)?$/.test(link));
}

/** Opens every page that can be reached from the overview and looks at it. */
async function crawl(look: (path: string) => Promise<void>): Promise<string[]> {
  const seen = new Set<string>();
  const waiting = ['/x/local'];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    await page.goto(`${local.url}${path}`);
    await look(path);
    waiting.push(...(await linksOn()).map((link) => link.replace(/#.*/, '')));
  }
  return [...seen];
}

const focused = () => page.evaluate('document.activeElement?.textContent.trim() || document.activeElement?.id');

/** Presses Tab until the words have the focus. */
async function tabTo(words: string): Promise<void> {
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused()) === words) return;
  }
  throw new Error(`${words} cannot be reached by Tab.`);
}

/** Presses Enter and waits for the page that follows. */
async function enter(): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
}

const now = () => local.system.world.clock.now();
/** Hours since then, to the nearest half: the clock also runs by itself. */
const turned = (before: number) => Math.round((2 * (now() - before)) / hour) / 2;

describeInBrowser('the local pages in a browser', () => {
  beforeAll(async () => {
    local = await listen(0, (publicUrl) => createSystem({ publicUrl, real: true }));
    await tellStory({ baseUrl: local.url, key: seeded.key, tell: () => undefined });
    const { world } = local.system;
    await fetch(`${local.url}/x/local/faults`, {
      ...{ method: 'POST', body: '{"poison":"flows"}', headers: { 'content-type': 'application/json' } },
    });
    await world.advance(2 * hour);
    browser = await openBrowser();
    context = await browser.newContext();
    page = await context.newPage();
    watch(page);
  });
  beforeEach(async () => {
    wrong = [];
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  afterAll(async () => {
    await browser.close();
    await local.close();
  });

  it('load without an error or a dead link, and are as wide as the screen on a wide and a narrow one', async () => {
    const wide: string[] = [];
    const seen = await crawl(async (path) => {
      expect([path, await page.locator('h1').count()]).toEqual([path, 1]);
      for (const size of [{ width: 1280, height: 900 }, narrow]) {
        await page.setViewportSize(size);
        const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
        if (width > size.width) wide.push(`${path}: ${width} of ${size.width}`);
        const name = `${path.replace(/[^a-zA-Z0-9]+/g, '_')}-${size.width}.png`;
        if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}`, fullPage: true });
      }
    });
    expect({ wrong, wide }).toEqual({ wrong: [], wide: [] });
    for (const kind of ['/inbox/', '/people/', '/segments/', '/lists/', '/flows/', '/work']) {
      expect(seen.some((path) => path.startsWith(`/x/local${kind}`))).toBe(true);
    }
  }, 120_000);

  it('are walked by keyboard: to the main part, along the links, and the clock is turned', async () => {
    await page.goto(`${local.url}/x/local`);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#main$/);
    for (const words of ['Messages', 'People', 'Segments and lists', 'Flows', 'Work', 'Overview']) {
      await page.goto(`${local.url}/x/local`);
      await tabTo(words);
      await enter();
      expect(await page.locator('header a[aria-current=page]').innerText()).toBe(words);
    }
    const before = now();
    await tabTo('+1h');
    await enter();
    expect(turned(before)).toBe(1);
    await tabTo('advance');
    await page.keyboard.type('90m');
    await enter();
    expect(turned(before)).toBe(2.5);
    expect(wrong).toEqual([]);
  });

  it('put dead letters back by keyboard', async () => {
    expect(local.system.world.deadLetters('flows')).toHaveLength(1);
    await page.goto(`${local.url}/x/local/work`);
    await tabTo('Put it back into flows');
    await enter();
    expect(page.url()).toBe(`${local.url}/x/local/work`);
    expect(local.system.world.deadLetters('flows')).toEqual([]);
    expect(wrong).toEqual([]);
  });
});
