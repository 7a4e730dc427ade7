// Somebody with more events than the key of one person bears: refused for the rest of ten seconds, where limits are kept.
import { beforeEach, describe, expect, it } from 'vitest';
import { changeAccount, createKey, fullAccess, serve } from '../../../shared/domain/account/index.ts';
import { recordOperations } from '../../../shared/domain/events/index.ts';
import { mostOfPerson } from '../../../shared/domain/events/floods.ts';
import { type Setting, eventBody, setting } from '../setting.ts';

let world: Setting;
let order = 0;
beforeEach(async () => {
  world = await setting();
  await changeAccount(world.ports, world.account, { rateLimits: true });
  // What the process holds of an account it reads again after a minute.
  world.clock.advance(60_000);
});

const one = (email: string) => eventBody({ email }, { unique_id: `one-${(order += 1)}` });
const metric = { data: { type: 'metric', attributes: { name: 'Pinged' } } };

/** A bulk job with so many events of each of these people. */
function many(count: number, ...emails: string[]): object {
  const data = emails.map((email) => ({
    type: 'event-bulk-create',
    attributes: {
      profile: { data: { type: 'profile', attributes: { email } } },
      events: {
        data: Array.from({ length: count }, () => ({
          type: 'event',
          attributes: { properties: {}, unique_id: `many-${(order += 1)}`, metric },
        })),
      },
    },
  }));
  return { data: { type: 'event-bulk-create-job', attributes: { 'events-bulk-create': { data } } } };
}

const bulk = '/api/event-bulk-create-jobs';
const events = () => world.store.dump().filter(({ kind }) => kind === 'event').length;
const [bot, ann] = ['bot@example.com', 'ann@example.com'];

describe('a flood of events of one person', () => {
  it('is refused with the time to wait, changes nothing, and holds nobody else up', async () => {
    expect((await world.call('POST', bulk, many(1000, bot))).status).toBe(202);
    world.clock.advance(1000);
    const before = world.store.dump();
    const refused = await world.call('POST', '/api/events', one(bot));
    expect(refused).toMatchObject({ status: 429, errors: [{ code: 'throttled', meta: { retry_after: 9 } }] });
    expect((await world.call('POST', bulk, many(2, ann, bot))).status).toBe(429);
    expect(world.store.dump()).toEqual(before);
    expect((await world.call('POST', '/api/events', one(ann))).status).toBe(202);
    world.clock.advance(9000);
    expect((await world.call('POST', bulk, many(2, ann, bot))).status).toBe(202);
    expect((await world.call('POST', '/api/events', one(bot))).status).toBe(202);
    expect(events()).toBe(1006);
  });

  it('is seen by other containers after a few events of theirs', async () => {
    expect((await world.call('POST', bulk, many(mostOfPerson.events, bot))).status).toBe(202);
    const elsewhere = { ...world.ports, store: { ...world.ports.store } };
    const { secret } = await createKey(world.ports, world.account, { name: 'other', scopes: fullAccess });
    const headers = {
      authorization: `Klaviyo-API-Key ${secret}`,
      revision: '2026-07-15',
      'content-type': 'application/json',
    };
    const handle = serve(elsewhere, recordOperations);
    const statuses: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      const body = JSON.stringify(one(bot));
      statuses.push((await handle({ method: 'POST', path: '/api/events', query: '', headers, body })).status);
    }
    expect(statuses).toEqual([...Array<number>(16).fill(202), ...Array<number>(4).fill(429)]);
  });

  it('is taken whole where limits are not kept', async () => {
    await changeAccount(world.ports, world.account, { rateLimits: false });
    world.clock.advance(60_000);
    for (let i = 0; i < 3; i += 1) expect((await world.call('POST', bulk, many(500, bot))).status).toBe(202);
    expect((await world.call('POST', '/api/events', one(bot))).status).toBe(202);
  });
});
