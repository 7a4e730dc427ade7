// The script for sites in a real browser, on pages of another origin than the API's.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Shown, type Stage, openStage } from '../api/stage.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { type ShopPage, openShop } from '../support/shop-page.ts';

let stage: Stage;
let shop: ShopPage;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Paths of the API that the page called. */
let called: string[] = [];
let broken: string[] = [];
let people = 0;
/** A person of this test alone. */
let email = '';

/** Opens a page of the shop and waits for the script. */
async function open(path = '/', early = ''): Promise<void> {
  await page.goto(`${shop.url}${path}${path.includes('?') ? '&' : '?'}early=${encodeURIComponent(early)}`);
  await page.waitForFunction('!Array.isArray(window._klOnsite)');
}

const run = <T = unknown>(call: string) => page.evaluate<T>(call);
/** Waits for all that the page has told. */
const settled = () => run('klaviyo.identify({})');

async function profile(address = email): Promise<Shown | undefined> {
  const filter = encodeURIComponent(`equals(email,"${address}")`);
  return (await stage.send('GET', `/api/profiles?filter=${filter}`)).many[0];
}

/** The names of the person's metrics with the properties of their events, by name: times are to the second. */
async function eventsOf(address = email): Promise<[string, Record<string, unknown>][]> {
  await stage.settle();
  const id = (await profile(address))?.id ?? '';
  const { many, included } = await stage.send('GET', `/api/events?filter=equals(profile_id,"${id}")&include=metric`);
  const events = many.map(({ attributes, relationships }): [string, Record<string, unknown>] => {
    const { id: metric } = relationships['metric']?.data as { id: string };
    const name = included.find((one) => one.id === metric)?.attributes['name'];
    return [String(name), attributes['event_properties'] as Record<string, unknown>];
  });
  return events.sort(([a], [b]) => (a < b ? -1 : 1));
}

const metricsOf = async () => (await eventsOf()).map(([name]) => name);

async function cookie(): Promise<Record<string, unknown>> {
  const found = (await context.cookies()).find(({ name }) => name === '__kla_id');
  return JSON.parse(Buffer.from(found?.value ?? '', 'base64').toString()) as Record<string, unknown>;
}

describeInBrowser('the script for sites', () => {
  beforeAll(async () => {
    stage = await openStage();
    shop = await openShop(`${stage.url}/onsite/js/Bean01/klaviyo.js`);
    browser = await openBrowser();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    page.on('pageerror', (error) => broken.push(error.message));
    page.on('request', (request) => {
      const { origin, pathname } = new URL(request.url());
      if (origin === stage.url && request.method() === 'POST') called.push(pathname);
    });
    [called, broken, email] = [[], [], `visitor${(people += 1)}@beantown.coffee`];
  });
  afterEach(async () => {
    await context.close();
    expect(broken).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await shop.close();
    await stage.close();
  });

  it('sends nothing of a visitor whom nobody knows, and everything once they say who they are', async () => {
    await open('/beans');
    expect(await run('klaviyo.track("Viewed Product", { ProductName: "Kenya" })')).toBe(false);
    expect(await run('klaviyo.isIdentified()')).toBe(false);
    expect(called).toEqual([]);
    expect(await run(`klaviyo.identify({ email: "${email}", first_name: "Ana", $city: "Boston", plan: "gold" })`)).toBe(
      true,
    );
    expect(await run('klaviyo.isIdentified()')).toBe(true);
    expect(await run('klaviyo.track("Added to Cart", { ProductName: "Kenya" })')).toBe(true);
    expect(await metricsOf()).toEqual(['Active on Site', 'Added to Cart', 'Viewed Product']);
    expect((await eventsOf())[0]?.[1]['page']).toMatch(/\/beans\?early=$/);
    const known = await profile();
    expect(known?.attributes).toMatchObject({ first_name: 'Ana', location: { city: 'Boston' } });
    expect(known?.attributes['properties']).toEqual({ plan: 'gold' });
    expect(await cookie()).toEqual({ cid: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown, $email: email });
  });

  it('runs what was queued before it came, and answers its promises and callbacks', async () => {
    const early = `
      window.heard = [];
      klaviyo.identify({ $email: '${email}' }, (answer) => heard.push(['callback', answer]))
        .then((answer) => heard.push(['promise', answer]));
      klaviyo.push(['track', 'Pushed', {}, (answer) => heard.push(['push', answer])]);
      window._learnq = [() => { throw new Error('of the page') }, ['account', 'Bean01'], ['track', 'Learned', { a: 1 }], ['identify', { $first_name: 'Bo' }]];`;
    await open('/', early);
    await page.waitForFunction('heard.length === 3');
    expect(await run('heard')).toEqual([
      ['callback', true],
      ['promise', true],
      ['push', true],
    ]);
    await run('_learnq.push(["trackViewedItem", { ItemId: "7" }])');
    expect(await run('klaviyo.account()')).toBe('Bean01');
    expect(await metricsOf()).toEqual(['Active on Site', 'Learned', 'Pushed']);
    expect(broken.splice(0)).toEqual(['of the page']);
    expect((await profile())?.attributes).toMatchObject({
      first_name: 'Bo',
      properties: { ViewedItems: [{ ItemId: '7' }] },
    });
  });

  it('goes on without what is not there', async () => {
    await open();
    expect(await run('klaviyo.openForm("x")')).toBeUndefined();
    expect(await run('klaviyo.getGroupMembership(["x"])')).toEqual([]);
    expect(await run('klaviyo.push(["nothing"], 5, null, () => "own")')).toBe('own');
    for (const told of ['undefined', 'null', '"x"', '[]', '{}']) await run(`klaviyo.identify(${told})`);
    expect(called).toEqual([]);
  });

  it('knows who follows a link with _kx, and keeps the token out of what it tells', async () => {
    const made = await stage.send('POST', '/api/profiles', {
      body: { data: { type: 'profile', attributes: { email } } },
    });
    const { one } = await stage.send('GET', `/x/profiles/${made.one.id}/exchange-token`);
    const token = String(one.attributes['_kx']);
    await open(`/from-mail?_kx=${token}&utm_source=mail`);
    expect(await run('klaviyo.isIdentified()')).toBe(true);
    expect(await run('klaviyo.track("Viewed Product")')).toBe(true);
    const events = await eventsOf();
    expect(events.map(([name]) => name)).toEqual(['Active on Site', 'Viewed Product']);
    expect(events[0]?.[1]['page']).toMatch(/\/from-mail\?utm_source=mail&early=$/);
    expect(await cookie()).toMatchObject({ $exchange_id: token });
  });

  it('forgets a token that is none of the company, and loses nothing by it', async () => {
    await open('/?_kx=forged');
    await run('klaviyo.track("Viewed Product")');
    expect(await run('klaviyo.isIdentified()')).toBe(false);
    await run(`klaviyo.identify({ email: "${email}" })`);
    expect(await metricsOf()).toEqual(['Active on Site', 'Viewed Product']);
  });

  it('tells of a session once, until half an hour passes without a page', async () => {
    await page.clock.install();
    await open();
    await run(`klaviyo.identify({ email: "${email}" })`);
    for (const span of ['20:00', '20:00', '31:00']) {
      await page.clock.fastForward(span);
      await open('/next');
      await settled();
    }
    expect(await metricsOf()).toEqual(['Active on Site', 'Active on Site']);
  });

  it('names events and their values as servers do, and counts each once', async () => {
    await open();
    await run(`klaviyo.identify({ email: "${email}" })`);
    const order = '{ $event_id: 1001, $value: 8.5, $value_currency: "usd", Items: ["Kenya"] }';
    await run(`klaviyo.track("Placed Order", ${order})`);
    await run(`klaviyo.track("Placed Order", ${order})`);
    const orders = (await eventsOf()).filter(([name]) => name === 'Placed Order');
    expect(orders).toEqual([
      ['Placed Order', { Items: ['Kenya'], $event_id: '1001', $value: 8.5, $value_currency: 'USD' }],
    ]);
  });

  it('loses no event to one that is refused, nor to a name that is', async () => {
    await open();
    await run('klaviyo.track("Good")');
    await run('klaviyo.track("Bad", { $value: "much" })');
    expect(await run('klaviyo.identify({ email: "nobody", plan: "x" })')).toBe(false);
    expect(await run('klaviyo.isIdentified()')).toBe(false);
    expect(await run(`klaviyo.identify({ email: "${email}" })`)).toBe(false);
    expect(await metricsOf()).toEqual(['Active on Site', 'Good']);
    expect(await run('klaviyo.track("Better")')).toBe(true);
  });

  it('holds what the API cannot take, and sends it from the next page', async () => {
    await open();
    await run(`klaviyo.identify({ email: "${email}" })`);
    await page.route('**/client/**', (route) => route.abort());
    expect(await run('klaviyo.track("Away")')).toBe(false);
    expect(await run('klaviyo.identify({ plan: "gold" })')).toBe(false);
    await page.unroute('**/client/**');
    await open('/next');
    expect(await run('klaviyo.track("Back")')).toBe(true);
    expect(await metricsOf()).toEqual(['Active on Site', 'Away', 'Back']);
    expect((await profile())?.attributes['properties']).toEqual({ plan: 'gold' });
  });

  it('works where nothing can be stored but the cookie', async () => {
    await page.addInitScript('Object.defineProperty(window, "localStorage", { get() { throw new Error("barred"); } })');
    await open();
    await run('klaviyo.track("Viewed Product")');
    expect(await run(`klaviyo.identify({ email: "${email}" })`)).toBe(true);
    expect(await metricsOf()).toEqual(['Active on Site', 'Viewed Product']);
  });

  it('keeps the ten items that a person looked at last, each once, newest first', async () => {
    await open();
    await run(`klaviyo.identify({ email: "${email}" })`);
    for (const id of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 3]) await run(`klaviyo.trackViewedItem({ ItemId: ${id} })`);
    const { ViewedItems: items } = (await profile())?.attributes['properties'] as { ViewedItems: { ItemId: number }[] };
    expect(items.map(({ ItemId }) => ItemId)).toEqual([3, 11, 10, 9, 8, 7, 6, 5, 4, 2]);
  });

  it('neither moves an identifier of a known person nor names one by what only servers know', async () => {
    const phone_number = '+16175550100';
    const known = { email, phone_number, external_id: `shop ${email}` };
    await stage.send('POST', '/api/profiles', { body: { data: { type: 'profile', attributes: known } } });
    await open();
    await run(
      `klaviyo.identify({ email: "${email}", phone_number: "+16175550199", external_id: "mine", $id: "mine" })`,
    );
    expect((await profile())?.attributes).toMatchObject(known);
    await run(`klaviyo.identify({ email: "other-${email}", external_id: "${known.external_id}" })`);
    expect((await profile(`other-${email}`))?.attributes['external_id']).toBeNull();
  });
});
