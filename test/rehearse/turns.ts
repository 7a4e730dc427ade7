// Parts of journeys, each of which asks for something and knows by what it is seen to have come about: what is played on the
// rehearsal while a grant is taken away.
import { day, hour, minute } from '../../shared/kernel/time.ts';
import { one } from './calls.ts';
import type { FunctionName, Grant } from '../../shared/topology.ts';
import type { Taken } from './stage.ts';
import * as ask from './turn-bodies.ts';
import { eventsLeft, isIn, mailsTo, profileOf, type Things } from './turn-things.ts';

export interface Turn {
  /** The grants without which it does not come about. */
  needs: Partial<Record<FunctionName, readonly Grant[]>>;
  /** Another address than that of the shop. */
  email?: (name: string) => string;
  /** What has to be there; nothing is missing for it. */
  prepare?: (things: Things) => Promise<unknown>;
  /** Throws when it is refused. To ask for the same again does no harm. */
  does: (things: Things) => Promise<unknown>;
  /** Whether it has come about. */
  holds: (things: Things) => Promise<boolean>;
  /** How long it may take, milliseconds; default a minute. */
  lasts?: number;
  /** Grants that are missing while it is played: what it is about happens only then. */
  without?: readonly Taken[];
}

const order = ({ call, email, name }: Things, rest: object = {}) =>
  call('POST', '/api/events', ask.event(email, ask.metricName, { OrderId: name, Kind: 'usual', ...rest }, name));

const wasMailed = async (things: Things) => (await mailsTo(things)).length === 1;

/** Somebody who ordered and was written to. */
const mailed = async (things: Things) => {
  await order(things);
  await things.stage.rehearsal.advance(15 * minute);
};

/** Somebody whose emails have a feed in them. */
const curious = async ({ call, email, kept }: Things) => {
  const attributes = { email, properties: { curious: true } };
  kept.profile = one(await call('POST', '/api/profile-import', { data: { type: 'profile', attributes } })).id;
};

const linkIn = async (things: Things, pattern: RegExp) => {
  const [mail] = await mailsTo(things);
  const link = pattern.exec(`${mail?.headers['List-Unsubscribe'] ?? ''} ${mail?.html ?? ''}`)?.[1];
  if (link === undefined) throw new Error(`Not so: an email with a link ${pattern.source}.`);
  return link;
};

const opened = async (link: string, init: RequestInit = {}) => {
  const { status } = await fetch(link, { redirect: 'manual', ...init });
  if (status >= 500) throw new Error(`${link}: ${status}`);
  return status;
};

const subscribed = async (things: Things, more: { phone_number?: string } = {}) => {
  const { call, list, email } = things;
  await call('POST', '/api/profile-subscription-bulk-create-jobs', ask.subscription(list, { email, ...more }));
  await things.stage.rehearsal.advance(minute);
};

/** When it is that hour, in UTC, next. */
export const next = (utcHour: number) => (now: number) =>
  Math.ceil((now - utcHour * hour) / day) * day + utcHour * hour;

/** A day of which much is left. */
const morningAfter = next(1);

/** In New York, where no quiet hours are then. */
const noonAfter = next(17);

/** In New York, where quiet hours end five or four hours later. */
const nightAfter = next(8);

/** A campaign to whoever is on a list of its own, an hour from now or when it is told. */
function campaign(
  channel: ask.Channel,
  needs: Turn['needs'],
  arrived: (things: Things) => Promise<number>,
  when?: (now: number) => number,
): Turn {
  return {
    needs,
    async prepare(things) {
      const { call, name, email, kept } = things;
      const list = { data: { type: 'list', attributes: { name, opt_in_process: 'single_opt_in' } } };
      kept.list = one(await call('POST', '/api/lists', list)).id;
      if (channel === 'mobile_push') await call('POST', '/api/push-tokens', ask.token(email));
      const phone = { phone_number: `+1617555${name.replace(/\D/g, '').padStart(4, '1')}` };
      await subscribed({ ...things, list: kept.list }, channel === 'sms' ? phone : {});
    },
    async does({ call, get, template, stage, kept }) {
      const now = stage.rehearsal.now();
      const at = when?.(now) ?? now + hour;
      const id = one(
        await call('POST', '/api/campaigns', ask.campaign(channel, kept.list ?? '', new Date(at).toISOString())),
      ).id;
      const [message] = await get(`/api/campaigns/${id}/campaign-messages`);
      if (channel === 'email')
        await call('POST', '/api/campaign-message-assign-template', ask.assigned(message?.id ?? '', template));
      await call('POST', '/api/campaign-send-jobs', { data: { type: 'campaign-send-job', id } });
      kept.campaign = id;
    },
    holds: async (things) => {
      const { call, kept } = things;
      const { status } = one(await call('GET', `/api/campaigns/${kept.campaign}`)).attributes;
      return status === 'Sent' && (await arrived(things)) === 1;
    },
    lasts: when ? 32 * hour : 3 * hour,
  };
}

const textsOf = async ({ stage, name }: Things) => {
  const digits = name.replace(/\D/g, '').padStart(4, '1');
  return (await stage.rehearsal.inbox.texts()).filter(({ to }) => to.endsWith(digits)).length;
};

export const turns: Readonly<Record<string, Turn>> = {
  order: {
    needs: {
      events: ['table:read', 'table:write'],
      changes: ['queue:segments', 'queue:flows', 'queue:messages', 'queue:tallies', 'bus:publish'],
      segments: ['table:read', 'table:write', 'schedule:create'],
      flows: ['table:read', 'table:write', 'schedule:create'],
      messages: ['table:read', 'table:write', 'schedule:create', 'mail:send'],
      tallies: ['table:read', 'table:write', 'schedule:create', 'files:write'],
      wake: ['table:read', 'table:write', 'queue:flows', 'queue:tallies'],
    },
    does: order,
    holds: async (things) => (await isIn(things)) && (await wasMailed(things)),
    lasts: 15 * minute,
  },
  'an order on a day that was counted before': {
    needs: { tallies: ['files:read', 'files:remove'] },
    async prepare(things) {
      const { advance, now } = things.stage.rehearsal;
      await advance(morningAfter(now()) - now());
      const name = `${things.name}-first`;
      await order({ ...things, name, email: `${name}@shop.example` });
      await advance(hour);
    },
    does: order,
    holds: async (things) => (await isIn(things)) && (await wasMailed(things)),
    lasts: 15 * minute,
  },
  'an order as large as they come': {
    needs: { events: ['files:write'], segments: ['files:read'], flows: ['files:read'], messages: ['files:read'] },
    does: (things) => order(things, { notes: ask.notes }),
    holds: async (things) => (await isIn(things)) && (await wasMailed(things)),
    lasts: 15 * minute,
  },
  'an order that the browser tells of': {
    needs: { client: ['table:read', 'table:write', 'files:write'] },
    does: ({ call, email, name }) => {
      const body = ask.event(email, ask.metricName, { OrderId: name, Kind: 'usual', notes: ask.notes }, name);
      return call('POST', '/client/events?company_id=Bean01', body);
    },
    holds: async (things) => (await isIn(things)) && (await wasMailed(things)),
    lasts: 15 * minute,
  },
  'a template as large as they come': {
    needs: { api: ['table:read', 'table:write', 'files:read', 'files:write', 'files:remove'] },
    async does({ call, kept }) {
      const path = '/api/templates';
      kept.id = one(await call('POST', path, ask.template(`<!-- ${'x'.repeat(230_000)} -->`))).id;
      await call('GET', `${path}/${kept.id}`);
      await call('DELETE', `${path}/${kept.id}`);
      kept.gone = 'yes';
    },
    holds: async ({ kept }) => Promise.resolve(kept.gone === 'yes'),
  },
  'a segment of who is there already': {
    needs: { segments: ['queue:segments'] },
    prepare: (things) => order(things),
    async does(things) {
      const { call, name, metric, kept } = things;
      kept.segment = one(await call('POST', '/api/segments', ask.segment(name, ask.orderedLately(metric)))).id;
    },
    holds: (things) => isIn(things, things.kept.segment),
  },
  'a job whose body lies in a file': {
    needs: { changes: ['queue:jobs'], jobs: ['table:read', 'table:write', 'files:read', 'files:remove'] },
    does: ({ call, email }) => call('POST', '/api/profile-bulk-import-jobs', ask.imported(email)),
    holds: async (things) => (await profileOf(things)) !== undefined,
  },
  'a review whose body lies in a file': {
    needs: { flows: ['files:remove'] },
    async does({ call, get, flow, kept }) {
      const actions = await get(`/api/flows/${flow}/flow-actions`);
      const mail = actions.find(({ attributes }) => JSON.stringify(attributes).includes('send-email'));
      kept.job = one(await call('POST', `/x/flow-actions/${mail?.id}/review`, ask.reviewed)).id;
    },
    holds: async ({ call, kept }) => {
      const { status } = one(await call('GET', `/x/flow-message-reviews/${kept.job}`)).attributes;
      return status === 'complete';
    },
  },
  'a campaign by email': campaign(
    'email',
    {
      changes: ['queue:campaigns'],
      campaigns: ['table:read', 'table:write', 'queue:campaigns', 'schedule:create'],
      wake: ['queue:campaigns'],
    },
    async (things) => (await mailsTo(things)).length,
  ),
  'a campaign by text message': campaign('sms', { messages: ['sms:send'] }, textsOf, noonAfter),
  'a campaign by text message in the night': campaign('sms', { wake: ['queue:messages'] }, textsOf, nightAfter),
  'a campaign by push': campaign('mobile_push', { messages: ['push:send'] }, async ({ stage, email }) => {
    const all = await stage.rehearsal.inbox.pushes();
    return all.filter(({ devices }) => devices.some((one) => one.includes(email))).length;
  }),
  'a bounce': {
    needs: { feedback: ['table:read', 'table:write'] },
    email: (name) => `bounce+${name}@simulator.amazonses.com`,
    prepare: (things) => subscribed(things),
    does: order,
    holds: async (things) => JSON.stringify(await profileOf(things)).includes('HARD_BOUNCE'),
    lasts: 15 * minute,
  },
  'a link to unsubscribe': {
    needs: { pages: ['table:read', 'table:write'] },
    prepare: mailed,
    does: async (things) => {
      const link = await linkIn(things, /<(http[^>]+)>/);
      await opened(link);
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      await opened(link, { method: 'POST', headers, body: 'List-Unsubscribe=One-Click' });
    },
    holds: async (things) => JSON.stringify(await profileOf(things)).includes('UNSUBSCRIBED'),
  },
  'an email with a feed that nobody answers': {
    needs: { messages: ['files:write'] },
    prepare: curious,
    does: order,
    holds: async ({ stage, kept }) => {
      const held = stage.rehearsal.inbox.held().filter(({ profile }) => profile === kept.profile);
      return Promise.resolve(held.length === 1);
    },
    lasts: 15 * minute,
  },
  'an email in the browser, with a feed': {
    needs: { pages: ['files:read', 'files:write'] },
    prepare: async (things) => {
      await mailed(things);
      await curious(things);
    },
    does: async (things) => {
      const link = await linkIn(things, /href="([^"]+\/p\/view\/[^"]+)"/);
      things.kept.status = String(await opened(link));
    },
    // What nobody answers is not there.
    holds: ({ kept }) => Promise.resolve(kept.status === '410'),
  },
  'a click that cannot be written down at once': {
    needs: { pages: ['queue:feedback'] },
    without: [['pages', 'table:write']],
    prepare: mailed,
    does: async (things) => {
      const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
      await opened(await linkIn(things, /href="([^"]+\/p\/c[^"]+)"/), { headers });
    },
    holds: async ({ get, stage, email }) => {
      await stage.rehearsal.advance(0);
      const profile = encodeURIComponent(`equals(profile_id,"${await idOf({ get, email })}")`);
      const events = await get(`/api/events?include=metric&filter=${profile}`);
      return events.length >= 3;
    },
  },
  'a push message that was opened': {
    needs: { changes: ['queue:feedback'] },
    does: ({ call, email, name }) =>
      call('POST', '/api/events', ask.event(email, '$opened_push', { _k: 'of no message' }, name)),
    holds: () => Promise.resolve(true),
  },
  'a price that falls': {
    needs: { flows: ['queue:flows'] },
    prepare: async (things) => {
      const { call, name, email, stage } = things;
      const item = one(await call('POST', '/api/catalog-items', ask.item(`i${name}`))).id;
      await call('POST', '/api/catalog-variants', ask.variant(name, item));
      await subscribed(things);
      await call('POST', '/api/events', ask.event(email, 'Viewed Product', { ProductID: `i${name}`, Price: 50 }, name));
      await stage.rehearsal.advance(minute);
    },
    does: ({ call, name }) => call('PATCH', `/api/catalog-variants/${ask.variantId(name)}`, ask.price(name, 30)),
    holds: wasMailed,
  },
  'a feed of the catalog': {
    needs: { jobs: ['schedule:create'], wake: ['queue:jobs'] },
    does: async ({ call, name, kept }) => {
      kept.feed = one(await call('POST', '/x/catalog-feeds', ask.catalogFeed(name))).id;
    },
    holds: async ({ get, kept }) => (await get(`/x/catalog-feeds/${kept.feed}/runs`)).length >= 2,
    lasts: 90 * minute,
  },
  'somebody who is forgotten by halves': {
    needs: { segments: ['files:remove'], wake: ['queue:segments'] },
    // Then whoever looks at the person next does what is left.
    without: [['jobs', 'files:remove']],
    prepare: async (things) => {
      await order(things, { notes: ask.notes });
      await things.stage.rehearsal.advance(15 * minute);
      things.kept.profile = await idOf(things);
    },
    does: ({ call, kept }) => call('POST', '/api/data-privacy-deletion-jobs', ask.forgotten(kept.profile ?? '')),
    holds: async (things) => (await eventsLeft(things, things.kept.profile ?? '')) === 0,
    lasts: 6 * hour,
  },
};

async function idOf(things: Pick<Things, 'get' | 'email'>): Promise<string> {
  const id = (await profileOf(things as Things))?.id;
  if (id === undefined) throw new Error(`Not so: ${things.email} is known.`);
  return id;
}
