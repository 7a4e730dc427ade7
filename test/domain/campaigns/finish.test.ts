// The end of a campaign: told by its counts, whatever its size; rows are looked at where a count may not be all.
import { expect, it } from 'vitest';
import { memoryPorts } from '../../../shared/adapters/memory/index.ts';
import { createCampaign, readCampaign, replaceCampaign } from '../../../shared/domain/campaigns/campaign.ts';
import { countMoves, settle } from '../../../shared/domain/campaigns/counts.ts';
import { finish } from '../../../shared/domain/campaigns/outcomes.ts';
import { takeSnapshot } from '../../../shared/domain/campaigns/snapshot.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { hour, minute, sortable } from '../../../shared/kernel/time.ts';
import type { RecipientItem } from '../../../shared/storage/items.ts';
import { recipientKey } from '../../../shared/storage/patterns.ts';

const account = accountId('SHOP01');
const size = 40;

async function sending(change: object = {}) {
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
    strategy: { method: 'immediate' },
    messages: [],
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
    run,
    campaign: made.id,
    end: (some: readonly RecipientItem[]) =>
      Promise.all(some.map((row) => store.transact(settle(account, of, [{ row, outcome: { status: 'sent' } }])))),
    looks: async () => {
      queries = 0;
      await finish(ports, account, { type: 'finish', account, ...of, wave: 0 });
      return { queries, status: (await readCampaign(ports, account, made.id)).status };
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
  const { rows, end, looks, again, campaign, run, ports, clock } = await sending();
  await end(rows);
  await again();
  const stray = {
    ...rows[0]!,
    ...recipientKey(account, { campaign, run }, 'stray'),
    id: 'stray',
    status: 'waiting' as const,
  };
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
