// Turns about campaigns: they are sent to whoever is on a list by then, and some are cancelled on the way. What has to hold
// of them is read off the table (`campaign-invariants.ts`).
import { hour } from '../../shared/kernel/time.ts';
import { draftCampaign } from './draft-campaign.ts';
import { itemsOf } from './invariants.ts';
import type { Dice } from './streams.ts';
import { refuse, type Run } from './workload.ts';

/** So many at most: each is walked until everyone has an outcome. */
const mostCampaigns = 3;

/** The provider takes nothing that goes to this one of the people. */
export const refusedByProvider = 'p7@example.org';

const campaignsIn = ({ world }: Run) => itemsOf(world).flatMap((item) => (item.kind === 'campaign' ? item.id : []));

/** A campaign to a list, at once (with smart sending: two variations of it) or in two portions; the list may go while it is made. */
export async function sendCampaign(run: Run, d: Dice): Promise<void> {
  const list = d.oneOf([...run.oracle.lists]);
  const smart = d.chance(0.5);
  const throttled = d.chance(0.3);
  if (list === undefined || campaignsIn(run).length >= mostCampaigns) return;
  run.world.mail.fail(refusedByProvider, 'refuse');
  const datetime = new Date(run.world.clock.now() + hour).toISOString();
  const strategy = throttled ? { method: 'throttled', datetime, throttle_percentage: 50 } : { method: 'immediate' };
  const variations = smart && !throttled ? 2 : 1;
  const settings = { send_strategy: strategy, send_options: { use_smart_sending: smart } };
  const id = await draftCampaign(run, list, { ...settings, variations });
  const { status } = await run.call('POST', '/api/campaign-send-jobs', { data: { type: 'campaign-send-job', id } });
  // Sent again it is no draft any more.
  if (status !== 202 && status !== 409) refuse(`sending a campaign answered ${status}`);
}

/** Cancels one of them, whatever it is at. */
export async function cancelCampaign(run: Run, d: Dice): Promise<void> {
  const id = d.oneOf(campaignsIn(run));
  if (id === undefined) return;
  const data = { type: 'campaign-send-job', id, attributes: { action: 'cancel' } };
  const { status } = await run.call('PATCH', `/api/campaign-send-jobs/${id}`, { data });
  if (status !== 204 && status !== 409 && status !== 404) refuse(`cancelling a campaign answered ${status}`);
}
