// A campaign to many: functions are killed at writes by a seed, the provider stalls for a while and refuses one recipient
// for good (I6, I10, I13, I21). CAMPAIGN=10000 makes it as large as the real thing, CAMPAIGN_SEED chooses the kills.
import { expect, test } from 'vitest';
import type { FunctionCall } from '../../functions/local/fragile.ts';
import type { Fate } from '../../shared/adapters/memory/index.ts';
import { minute, second } from '../../shared/kernel/time.ts';
import { queues } from '../../shared/topology.ts';
import { brokenCampaigns } from './campaign-invariants.ts';
import { brokenIn, givenUpIn, itemsOf } from './invariants.ts';
import * as ask from './requests.ts';
import { type Simulated, simulated } from './system.ts';

const size = Number(process.env['CAMPAIGN'] ?? 40);
const seed = Number(process.env['CAMPAIGN_SEED'] ?? 1);
/** One write in so many ends its invocation, with the ten messages that it works on; half of them before it happens. */
const oneIn = size > 1000 ? 100 : 12;

const emailOf = (n: number) => `p${n}@example.org`;
const refused = emailOf(7);

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function numbers(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function draftTo(system: Simulated): Promise<string> {
  const list = await system.make('POST', '/api/lists', ask.list('Everyone'));
  for (let from = 0; from < size; from += 1000) {
    const emails = Array.from({ length: Math.min(1000, size - from) }, (_, at) => emailOf(from + at));
    await system.make('POST', '/api/profile-subscription-bulk-create-jobs', ask.subscription(emails, list));
    await system.world.advance(5 * second);
  }
  const definition = { channel: 'email', content: { subject: 'Spring' } };
  const messages = { data: [{ type: 'campaign-message', attributes: { definition } }] };
  const attributes = { name: 'Spring', audiences: { included: [list] }, 'campaign-messages': messages };
  const id = await system.make('POST', '/api/campaigns', { data: { type: 'campaign', attributes } });
  const [message] = await system.walk(`/api/campaigns/${id}/campaign-messages`);
  const template = await system.make('POST', '/api/templates', ask.template('<p>Spring. {% unsubscribe %}</p>'));
  const relationships = { template: { data: { type: 'template', id: template } } };
  await system.make('POST', '/api/campaign-message-assign-template', {
    data: { type: 'campaign-message', id: message?.id, relationships },
  });
  await system.world.advance(5 * second);
  return id;
}

test(`a campaign to ${size} whose workers are killed and whose provider stalls`, { timeout: 1_800_000 }, async () => {
  const dice = numbers(seed);
  let armed = false;
  let stalled = false;
  let kills = 0;
  const fate = ({ function: name, port, method }: FunctionCall): Fate => {
    if (!armed || name === 'api') return 'pass';
    if (port === 'mail') return stalled ? 'throttled' : 'pass';
    if (!/^(write|writeMany|transact|send|once)$/.test(method) || dice() * oneIn >= 1) return 'pass';
    kills += 1;
    return dice() < 0.5 ? 'crash-before' : 'crash-after';
  };
  const system = await simulated({ fate });
  const { world } = system;
  const id = await draftTo(system);
  world.mail.fail(refused, 'refuse');
  armed = true;
  stalled = true;
  await system.make('POST', '/api/campaign-send-jobs', { data: { type: 'campaign-send-job', id } });
  await world.advance(10 * second);
  stalled = false;
  // What was postponed comes again within this.
  await world.advance(40 * minute);
  armed = false;
  // What was killed too often is put back, as an operator does it.
  for (const queue of Object.keys(queues) as (keyof typeof queues)[]) world.redrive(queue);
  await world.advance(90 * minute);

  expect(kills).toBeGreaterThan(0);
  expect([...brokenIn(world), ...brokenCampaigns(itemsOf(world)), ...givenUpIn(world)]).toEqual([]);
  const { data } = await system.call('GET', `/x/campaigns/${id}/progress`);
  const { status, recipients, sent, failed, unknown, skipped } = data.attributes;
  expect({ status, recipients, skipped }).toEqual({ status: 'Sent', recipients: size, skipped: 0 });
  expect(Number(sent) + Number(failed) + Number(unknown)).toBe(size);
  expect(Number(failed)).toBeGreaterThanOrEqual(1);
  console.log(
    `${size} recipients, ${kills} kills: ${String(sent)} sent, ${String(failed)} failed, ${String(unknown)} unknown`,
  );
});
