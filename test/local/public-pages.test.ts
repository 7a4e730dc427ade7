// The pages that people reach from an email, in a real browser: by keyboard alone, on a narrow screen, with nothing that acts.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { seeded } from '../../functions/local/seed.ts';
import { type Listening, listen } from '../../functions/local/server.ts';
import { tellStory } from '../../functions/local/story.ts';
import { createSystem } from '../../functions/local/system.ts';
import type { Sent } from '../../shared/adapters/memory/index.ts';
import { readAccount } from '../../shared/domain/account/index.ts';
import { signLink } from '../../shared/domain/messaging/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';

let local: Listening;
let browser: Browser;
let page: Page;
let email: Sent;
let view: string;
let preferences: string;
let wrong: string[] = [];

const addressIn = (text: string) => text.includes(email.to) || text.includes(encodeURIComponent(email.to));

describeInBrowser('the pages of an email in a browser', () => {
  beforeAll(async () => {
    local = await listen(0, (publicUrl) => createSystem({ publicUrl, real: true }));
    await tellStory({ baseUrl: local.url, key: seeded.key, tell: () => undefined });
    const { inbox, ports } = local.system.world;
    email = inbox.find(({ tags }) => tags['message'] !== undefined && tags['profile'] !== undefined)!;
    const { profile = '', message = '' } = email.tags;
    const { secret } = await readAccount(ports, accountId(seeded.account));
    view = `${local.url}/p/view/${signLink(secret, 'view', accountId(seeded.account), { profile, message })}`;
    const reader = { profile, message, address: email.to };
    preferences = `${local.url}/p/preferences/${signLink(secret, 'preferences', accountId(seeded.account), reader)}`;
    browser = await openBrowser();
    page = await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage();
    page.on('console', (said) => {
      if (['error', 'warning'].includes(said.type())) wrong.push(said.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
  });
  beforeEach(() => {
    wrong = [];
  });
  afterAll(async () => {
    await browser.close();
    await local.close();
  });

  it('the web view shows the email without the address, and runs nothing that stands in it', async () => {
    const answer = await page.goto(view);
    expect(answer?.status()).toBe(200);
    expect(answer?.headers()['x-robots-tag']).toBe('noindex, nofollow');
    expect(await page.locator('h1').count()).toBeGreaterThan(0);
    expect(addressIn(await page.content())).toBe(false);
    expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(360);
    // The sandbox takes the page its origin: nothing in it could use the site's.
    expect(await page.evaluate('window.origin')).toBe('null');
    expect(wrong).toEqual([]);
  });

  it('the way out asks, and acts on a press of Enter', async () => {
    await page.goto(email.headers['List-Unsubscribe']!.slice(1, -1));
    expect(await page.locator('h1').innerText()).toBe('Unsubscribe');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Unsubscribe');
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    expect(await page.locator('h1').innerText()).toBe('You are unsubscribed');
    expect(addressIn(await page.content())).toBe(false);
    expect(wrong).toEqual([]);
  });

  it('preferences are ticked and saved by keyboard, each box with a name', async () => {
    await page.goto(preferences);
    expect(await page.locator('h1').innerText()).toBe('Your preferences');
    expect(await page.locator('label').first().innerText()).toBe('Email');
    expect(await page.getByRole('group', { name: 'How we may write to you' }).count()).toBe(1);
    const email = page.getByRole('checkbox', { name: 'Email' });
    const before = await email.isChecked();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Save' }).press('Enter')]);
    expect(await page.getByRole('status').innerText()).toBe('Your preferences are saved.');
    expect(await email.isChecked()).toBe(!before);
    expect(addressIn(await page.content())).toBe(false);
    expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(360);
    expect(wrong).toEqual([]);
  });

  it('a link that does not work says so', async () => {
    const answer = await page.goto(`${view}x`);
    expect(answer?.status()).toBe(404);
    expect(await page.locator('h1').innerText()).toBe('This link does not work');
  });
});
