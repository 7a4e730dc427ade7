// The end of a campaign: told by its counts, whatever its size; rows are looked at where a count may not be all.
import { expect, it } from 'vitest';
import { memoryPorts } from '../../../shared/adapters/memory/index.ts';
import { createCampaign, readCampaign, replaceCampaign } from '../../../shared/domain/campaigns/campaign.ts';
import { countMoves, settle } from '../../../shared/domain/campaigns/counts.ts';
import { workOnCampaign } from '../../../shared/domain/campaigns/work.ts';
import type { SendStrategy } from '../../../shared/domain/campaigns/definition.ts';
import { finish, tally } from '../../../shared/domain/campaigns/outcomes.ts';
import { takeSnapshot } from '../../../shared/domain/campaigns/snapshot.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { hour, minute, sortable } from '../../../shared/kernel/time.ts';
import type { Message } from '../../../shared/messages.ts';
import type { MessageItem, RecipientItem } from '../../../shared/storage/items.ts';
import { profileKey, recipientKey } from '../../../shared/storage/patterns.ts';

const account = accountId('SHOP01');
const size = 40;

async function sending(change: object = {}, strategy: SendStrategy = { method: 'immediate' }) {
  let queries = 0;
  const world = memoryPorts();
  const { store } = world.ports;
  const ports: typeof world.ports = {
    ...world.ports,
    store: {
      ...store,
      query: (asked) => {
        queries += 1;
        return store.query(asked);
      },
    },
  };
  const made = await createCampaign(ports, account, {
    name: 'Sale',
    audiences: { included: ['L'], excluded: [] },
    smartSending: true,
    tracking: null,
    strategy,
    messages: [{ definition: { channel: 'email' } }],
  });
  const run = 'RUN001';
  const of = { campaign: made.id, run };
  const waves = [sortable(ports.clock.now())];
  const begun = { run, asked: waves[0]!, pending: [], waves, rows: [size], counted: true, ...change };
  await replaceCampaign(ports, account, { ...made, status: 'Sending', sending: begun });
  const rows = Array.from({ length: size }, (_, n): RecipientItem => {
    const id = `recipient-${n}`;
    return {
      ...recipientKey(account, of, id),
      kind: 'recipient',
      id,
      profile: `p${n}`,
      status: 'queued',
      due: waves[0]!,
    };
  });
  const queued = (row: RecipientItem) => countMoves(account, of, [{ row, from: 'waiting', to: 'queued' }]);
  for (const row of rows) await store.transact([{ put: row }, ...queued(row)]);
  return {
    ...world,
    rows,
    /** A row that nobody knows of. */
    waiting: (id: string, more: Partial<RecipientItem> = {}): RecipientItem => {
      const [row] = rows;
      return { ...row!, ...recipientKey(account, of, id), id, status: 'waiting', ...more };
    },
    run,
    campaign: made.id,
    end: (some: readonly RecipientItem[]) =>
      Promise.all(some.map((row) => store.transact(settle(account, of, [{ row, outcome: { status: 'sent' } }])))),
    looks: async () => {
      queries = 0;
      await finish(ports, account, { type: 'finish', account, ...of, wave: 0 });
      return { queries, status: (await readCampaign(ports, account, made.id)).status };
    },
    /** Works off what was sent to the queue of campaigns. */
    works: async () => {
      for (const { body } of world.queue.receive('campaigns', 100))
        await workOnCampaign(ports, account, JSON.parse(body) as Message<'campaigns'>);
    },
    again: () => takeSnapshot(ports, account, { type: 'snapshot', account, ...of, shard: 0, group: 0 }),
  };
}

it('is told by the counts, and no row is read', async () => {
  const { rows, end, looks } = await sending();
  await end(rows.slice(1));
  expect(await looks()).toEqual({ queries: 1, status: 'Sending' });
  await end(rows.slice(0, 1));
  expect(await looks()).toEqual({ queries: 1, status: 'Sent' });
});

it('is looked for among the rows where a stretch of the snapshot came again', async () => {
  const { rows, end, looks, again, waiting, ports, clock } = await sending();
  await end(rows);
  await again();
  const stray = waiting('stray');
  await ports.store.write({ put: stray });
  expect((await looks()).status).toBe('Sending');
  const ended: RecipientItem = { ...stray, status: 'sent' };
  await ports.store.write({ put: ended });
  clock.advance(minute);
  expect((await looks()).status).toBe('Sent');
});

it('is looked for among the rows, after a while, where moves were not counted', async () => {
  const { rows, end, looks, ports, clock } = await sending();
  await end(rows.slice(1));
  const uncounted: RecipientItem = { ...rows[0]!, status: 'sent' };
  await ports.store.write({ put: uncounted });
  expect((await looks()).status).toBe('Sending');
  clock.advance(hour);
  expect((await looks()).status).toBe('Sent');
});

it.each<SendStrategy>([
  { method: 'immediate' },
  { method: 'throttled', datetime: '2026-01-01T00:00:00Z', throttle_percentage: 50 },
])('waits for a row that came behind the last wave, which is released then: $method', async (strategy) => {
  const { rows, waiting, end, looks, again, works, campaign, run, ports, store, clock } = await sending({}, strategy);
  await end(rows);
  await again();
  const profile = profileKey(account, 'late');
  await store.write({ put: { ...profile, kind: 'profile' } });
  const late = waiting('late', { profile: 'late', due: sortable(clock.now() + 1000) });
  await ports.store.write({ put: late });
  clock.advance(minute);
  expect((await looks()).status).toBe('Sending');
  await works();
  expect(await ports.store.get(recipientKey(account, { campaign, run }, 'late'))).toMatchObject({ status: 'queued' });
  const messages = store.dump().filter(({ kind }) => kind === 'message') as unknown as MessageItem[];
  expect(messages.map(({ recipient, status }) => [recipient, status])).toEqual([['late', 'QUEUED']]);
});

it.each(['Sending', 'Sent'])(
  'removes a row that comes behind the end, and tells it to nobody: seen as %s',
  async (seen) => {
    const { rows, waiting, end, looks, again, works, campaign, run, ports, store, clock } = await sending();
    await end(rows);
    const late = waiting('late');
    // Whoever made it began while the campaign was being sent, or only now.
    if (seen === 'Sending') await again();
    clock.advance(minute);
    expect((await looks()).status).toBe('Sent');
    await store.write({ put: late });
    await again();
    await works();
    expect(await store.get(recipientKey(account, { campaign, run }, 'late'))).toBeUndefined();
    const { sending: sent } = await readCampaign(ports, account, campaign);
    expect(await tally(ports, account, campaign, sent!)).toMatchObject({
      all: { sent: size, waiting: 0, cancelled: 0 },
    });
    expect(store.dump().filter(({ kind }) => kind === 'message')).toEqual([]);
  },
);

it('looks again where a row came between its look at the rows and its last word', async () => {
  const { rows, waiting, end, again, campaign, run, ports, store, clock } = await sending();
  await end(rows);
  await again();
  clock.advance(minute);
  const late = waiting('late');
  let isLate = false;
  const transact: typeof store.transact = async (writes) => {
    if (!isLate) {
      isLate = true;
      await store.write({ put: late });
      await again();
    }
    return store.transact(writes);
  };
  const turn = { type: 'finish' as const, account, campaign, run, wave: 0 };
  await finish({ ...ports, store: { ...ports.store, transact } }, account, turn);
  expect((await readCampaign(ports, account, campaign)).status).toBe('Sending');
});
