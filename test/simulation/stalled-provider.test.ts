// The provider takes nothing for three hours while a campaign goes out in portions (I21): everyone is written to once when it
// is there again, soon after, and meanwhile it is not asked over and over.
import { expect, test } from 'vitest';
import type { FunctionCall } from '../../functions/local/fragile.ts';
import type { Fate } from '../../shared/adapters/memory/index.ts';
import { hour, minute, second } from '../../shared/kernel/time.ts';
import { brokenCampaigns } from './campaign-invariants.ts';
import { draftCampaign } from './draft-campaign.ts';
import { brokenIn, givenUpIn, itemsOf } from './invariants.ts';
import * as ask from './requests.ts';
import { simulated } from './system.ts';

const size = 24;

test('a provider that is gone for three hours of a campaign', async () => {
  let stalled = false;
  let attempts = 0;
  const fate = ({ port }: FunctionCall): Fate => {
    if (port !== 'mail') return 'pass';
    attempts += 1;
    return stalled ? 'throttled' : 'pass';
  };
  const system = await simulated({ fate });
  const { world } = system;
  const list = await system.make('POST', '/api/lists', ask.list('Everyone'));
  const emails = Array.from({ length: size }, (_, n) => `p${n}@example.org`);
  await system.make('POST', '/api/profile-subscription-bulk-create-jobs', ask.subscription(emails, list));
  await world.advance(10 * second);
  const datetime = new Date(world.clock.now() + hour).toISOString();
  const strategy = { method: 'throttled', datetime, throttle_percentage: 25 };
  const id = await draftCampaign(system, list, { send_strategy: strategy });
  await system.make('POST', '/api/campaign-send-jobs', { data: { type: 'campaign-send-job', id } });
  // One portion goes out, then three come while nothing is taken.
  await world.advance(hour + minute);
  expect(world.inbox).toHaveLength(size / 4);
  stalled = true;
  attempts = 0;
  await world.advance(3 * hour + 30 * minute);
  expect(world.inbox).toHaveLength(size / 4);
  stalled = false;
  await world.advance(32 * minute);
  expect(world.inbox.map(({ to }) => to).sort()).toEqual([...emails].sort());
  // Every minute it would have been some 2,000, each for itself ever more rarely some 200.
  expect(attempts).toBeLessThanOrEqual(3 * size);
  await world.advance(20 * minute);
  const { data } = await system.call('GET', `/x/campaigns/${id}/progress`);
  expect(data.attributes).toMatchObject({ status: 'Sent', recipients: size, sent: size, failed: 0, unknown: 0 });
  expect([...brokenIn(world), ...brokenCampaigns(itemsOf(world)), ...givenUpIn(world)]).toEqual([]);
});
