// A crash before or after any call to the store, and the same work again: the end is the same as without it.
import { expect, it } from 'vitest';
import { confirmOptIn } from '../../../shared/domain/consent/index.ts';
import { grantEmail } from '../../support/grant-email.ts';
import { createList } from '../../../shared/domain/consent/lists.ts';
import { isOnList } from '../../../shared/domain/consent/membership.ts';
import { awaitConfirmation, standingOfEmail } from '../../../shared/domain/consent/opt-in.ts';
import type { SubscriptionJob } from '../../../shared/domain/consent/rows.ts';
import { subscribeRow } from '../../../shared/domain/consent/subscribe.ts';
import { unsubscribeRow } from '../../../shared/domain/consent/unsubscribe.ts';
import { addToList } from '../../../shared/domain/consent/index.ts';
import { type Device, findProfile, registerPushToken, upsertProfile } from '../../../shared/domain/identity/index.ts';
import { sortable } from '../../../shared/kernel/time.ts';
import type { Ports } from '../../../shared/ports.ts';
import type { Store } from '../../../shared/storage/store.ts';
import { known, setting } from '../setting.ts';

class Crash extends Error {}

/** The ports of a process that dies at one call to the store: before it, or when it has happened. */
function dying(ports: Ports, at: number, when: 'before' | 'after') {
  let calls = 0;
  const { store } = ports;
  const through = async <T>(call: () => Promise<T>): Promise<T> => {
    calls += 1;
    const dies = calls === at;
    if (dies && when === 'before') throw new Crash();
    const answer = await call();
    if (dies) throw new Crash();
    return answer;
  };
  const watched: Store = {
    get: (...args) => through(() => store.get(...args)),
    getMany: (...args) => through(() => store.getMany(...args)),
    query: (...args) => through(() => store.query(...args)),
    write: (...args) => through(() => store.write(...args)),
    writeMany: (...args) => through(() => store.writeMany(...args)),
    transact: (...args) => through(() => store.transact(...args)),
  };
  return { ports: { ...ports, store: watched }, calls: () => calls };
}

const email = 'ana@example.org';
const how = { method: 'API' };
const device: Device = {
  token: 'phone',
  platform: 'ios',
  vendor: 'apns',
  enablement_status: 'AUTHORIZED',
  background: 'AVAILABLE',
};
type World = Awaited<ReturnType<typeof world>>;

async function world() {
  const made = await setting();
  const { ports, account } = made;
  const { id: list } = await createList(ports, account, { name: 'News', optIn: 'single_opt_in' });
  const at = ports.clock.now();
  const job = (more: Partial<SubscriptionJob> = {}): SubscriptionJob => ({ list, rows: [], ...more });
  const person = { email, words: [{ kind: 'email' as const }] };
  const subscribed = async () => {
    const { profile } = await upsertProfile(ports, account, known({ email }));
    await grantEmail(ports, account, { address: email, at: at - 1000, how });
    await addToList(ports, account, list, [profile.id], { at: at - 1000 });
  };
  return { ...made, list, at, job, person, subscribed };
}

/** What can be seen of the person in the end. */
async function seen({ ports, account, list, store }: World) {
  const profile = await findProfile(ports, account, { email });
  const { consents, suppressions, listSuppressions } = await standingOfEmail(ports, account, email);
  const kinds = store.dump().map(({ kind }) => kind);
  return {
    profiles: kinds.filter((kind) => kind === 'profile').length,
    events: kinds.filter((kind) => kind === 'event').length,
    records: kinds.filter((kind) => kind === 'consent-record').length,
    tokens: kinds.filter((kind) => kind === 'push-token').length,
    member: profile !== undefined && (await isOnList(ports, account, list, profile.id)),
    state: consents.email?.state,
    suppressions,
    listSuppressions,
    copy: [profile?.consents?.email?.state, profile?.email_suppressions, profile?.email_list_suppressions],
  };
}

const works: Record<
  string,
  { before?: (world: World) => Promise<unknown>; work: (ports: Ports, world: World) => Promise<unknown> }
> = {
  'a subscription': {
    work: (ports, { account, job, person, at }) => subscribeRow(ports, account, { job: job(), person, at }),
  },
  'a subscription with a device': {
    work: (ports, { account, job, person, at }) =>
      subscribeRow(ports, account, {
        job: job(),
        person: { ...person, words: [...person.words, { kind: 'push' }], devices: [device] },
        at,
      }),
  },
  'an unsubscription with a device': {
    before: async ({ ports, account, subscribed, at }) => {
      await subscribed();
      await registerPushToken(ports, account, device, { profile: known({ email }), rule: 'leave', at });
    },
    work: (ports, { account, job, person, at }) =>
      unsubscribeRow(ports, account, {
        job: job(),
        person: { ...person, words: [...person.words, { kind: 'push' }], devices: [device] },
        at,
      }),
  },
  'a subscription that waits': {
    work: (ports, { account, job, person, at }) =>
      subscribeRow(ports, account, { job: job({ confirm: true }), person, at }),
  },
  'a confirmation': {
    before: ({ ports, account, list, person, at }) =>
      awaitConfirmation(ports, account, {
        address: email,
        list,
        told: at,
        person,
        words: person.words,
        customSource: null,
        byVisitor: false,
      }),
    work: (ports, { account, list, at }) =>
      confirmOptIn(ports, account, { address: email, list, requested: sortable(at) }),
  },
  'an unsubscription': {
    before: ({ subscribed }) => subscribed(),
    work: (ports, { account, job, person, at }) => unsubscribeRow(ports, account, { job: job(), person, at }),
  },
  'an unsubscription from one list': {
    before: ({ subscribed }) => subscribed(),
    work: (ports, { account, job, person, at }) =>
      unsubscribeRow(ports, account, { job: job({ listAlone: true }), person, at }),
  },
};

it.each(Object.entries(works))('%s survives a crash at every call', async (_, { before, work }) => {
  const run = async (at: number, when: 'before' | 'after') => {
    const made = await world();
    await before?.(made);
    const first = dying(made.ports, at, when);
    await work(first.ports, made).catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
    await work(made.ports, made);
    return { end: await seen(made), calls: first.calls() };
  };
  const undisturbed = await run(0, 'before');
  expect(undisturbed.calls).toBeGreaterThan(3);
  for (let at = 1; at <= undisturbed.calls; at += 1) {
    for (const when of ['before', 'after'] as const) {
      expect((await run(at, when)).end, `${when} call ${at}`).toEqual(undisturbed.end);
    }
  }
});

it('a device that was told of, or a no that came, after a job was accepted stays as it is', async () => {
  const made = await world();
  const { ports, account, job, person, at, clock } = made;
  const row = { job: job(), person: { ...person, words: [{ kind: 'push' as const }], devices: [device] }, at };
  clock.advance(1000);
  await registerPushToken(ports, account, device, { profile: known({ email: 'ben@example.org' }), rule: 'leave' });
  await subscribeRow(ports, account, row);
  const tokens = () => made.store.dump().filter(({ kind }) => kind === 'push-token');
  const ben = await findProfile(ports, account, { email: 'ben@example.org' });
  expect(tokens()).toMatchObject([{ profile: ben?.id }]);
  await unsubscribeRow(ports, account, { ...row, person: { ...row.person, email: 'ben@example.org' } });
  expect(tokens()).toMatchObject([{ profile: ben?.id }]);
  await unsubscribeRow(ports, account, { ...row, at: at + 2000 });
  const other = { ...device, token: 'other' };
  await subscribeRow(ports, account, { ...row, person: { ...row.person, devices: [other] } });
  expect(tokens()).toHaveLength(1);
});
