// Asking that a campaign be sent, taking that back, and how far it is.
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, day, hour, instantOf, minute, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { CancelledItem, JobItem } from '../../storage/items.ts';
import { cancelPlaces, cancelledKey } from '../../storage/patterns.ts';
import type { Put } from '../../storage/store.ts';
import { partsOfAudience, refuseUnknownAudiences } from './audience.ts';
import {
  type Campaign,
  type Sending,
  atWorkStatuses,
  beforeSending,
  isCancelled,
  readCampaign,
  refuseUnless,
  replaceCampaign,
} from './campaign.ts';
import { type Tally, noRows, rowsIn } from './counts.ts';
import { tally } from './outcomes.ts';

/** How long ago a campaign may have been due when it is asked to be sent. */
const grace = 5 * minute;

/**
 * Begins the sending of a draft: its audience is fixed now (behaviour 6). A 409 when it is no draft, a 400 when it lacks
 * a template or an audience or was due in the past.
 */
export async function startSending(ports: Ports, account: AccountId, id: string): Promise<Campaign> {
  return untilWon(async () => {
    const campaign = await readCampaign(ports, account, id);
    refuseUnless(campaign, ['Draft'], 'sent');
    await refuseUnready(ports, account, campaign);
    const asked = sortable(ports.clock.now());
    const pending = partsOfAudience(campaign.audiences);
    const sending: Sending = { run: ports.ids.short(), asked, pending, waves: [], counted: true };
    const soon = campaign.strategy.method === 'immediate';
    const status = soon ? 'Adding Recipients' : 'Preparing to schedule';
    return replaceCampaign(ports, account, { ...campaign, status, sending });
  });
}

async function refuseUnready(ports: Ports, account: AccountId, campaign: Campaign): Promise<void> {
  const bare = campaign.messages.find(
    ({ definition, template }) => definition.channel === 'email' && template === undefined,
  );
  if (bare)
    throw refuse('invalid', `The message ${bare.id} of the campaign has no template; assign one first.`, '/data/id');
  if (campaign.audiences.included.length === 0)
    throw refuse('invalid', 'The campaign includes no list or segment.', '/data/id');
  await refuseUnknownAudiences(ports, account, campaign.audiences, '/data/id');
  if (lastMoment(campaign) + grace < ports.clock.now())
    throw refuse('invalid', 'The time at which the campaign is to be sent has passed; change it first.', '/data/id');
}

/** The last instant at which it makes sense to begin: local times are passed when they are in all the world. */
function lastMoment({ strategy }: Campaign): Instant {
  if (strategy.method === 'immediate') return Infinity;
  if (strategy.method === 'smart_send_time') return instantOf(`${strategy.date}T00:00:00Z`) + day + 12 * hour;
  const at = instantOf(strategy.datetime);
  return strategy.method === 'static' && strategy.options?.is_local === true ? at + 12 * hour : at;
}

/** Cancels for good: no claim happens after this. A 409 when the campaign is not at work. */
export async function cancelSending(ports: Ports, account: AccountId, id: string): Promise<void> {
  await untilWon(async () => {
    const { campaign, sending } = await atWork(ports, account, id);
    refuseUnless(campaign, atWorkStatuses, 'cancelled');
    const at = sortable(ports.clock.now());
    const of = { campaign: id, run: sending.run };
    const places = Array.from({ length: cancelPlaces }, (_, place): Put => {
      const put: CancelledItem = { ...cancelledKey(account, of, place), kind: 'cancelled', at };
      return { put };
    });
    await replaceCampaign(ports, account, { ...campaign, status: 'Cancelled' }, places);
  }, 50);
}

/** Makes a campaign that is not being sent yet a draft again. A 409 when it is being sent. */
export async function revertSending(ports: Ports, account: AccountId, id: string): Promise<void> {
  await untilWon(async () => {
    const { campaign } = await atWork(ports, account, id);
    refuseUnless(campaign, beforeSending, 'reverted');
    const draft: Campaign = { ...campaign, status: 'Draft' };
    delete draft.sending;
    await replaceCampaign(ports, account, draft);
  }, 50);
}

/** A campaign that was asked to be sent; a 404 otherwise. */
export async function atWork(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  id: string,
): Promise<{ campaign: Campaign; sending: Sending }> {
  const campaign = await readCampaign(ports, account, id, 'campaign-send-job');
  if (!campaign.sending) throw refuse('not_found', `A campaign-send-job with id ${id} does not exist.`);
  return { campaign, sending: campaign.sending };
}

/** The status of the job that sends the campaign. */
export function jobStatusOf(campaign: Pick<Campaign, 'status'>): JobItem['status'] {
  const { status } = campaign;
  if (isCancelled(campaign)) return 'cancelled';
  if (status === 'Sent') return 'complete';
  return status === 'Scheduled' || status === 'Preparing to schedule' ? 'queued' : 'processing';
}

export interface Progress extends Tally {
  status: Campaign['status'];
  /** Rows in all: of the snapshot, as far as it is taken. */
  recipients: number;
  /** The same of each variation, by the ids of messages. */
  variations: Record<string, Tally>;
  /** When the last wave comes; null before the snapshot is taken. */
  last_wave_at: string | null;
  /** When the last message should be out; null when that cannot be told. */
  estimated_end_at: string | null;
}

/** Messages a second that an estimate reckons with: what the worker's concurrency gets through at a provider. */
const usualRate = 100;

/** How far a campaign is: its rows by status, and when it should be through. */
export async function progressOf(ports: Ports, account: AccountId, id: string): Promise<Progress> {
  const campaign = await readCampaign(ports, account, id);
  const { sending, status } = campaign;
  const { all: counts, variations } = sending
    ? await tally(ports, account, id, sending)
    : { all: noRows(), variations: {} };
  const recipients = rowsIn(counts);
  const last = sending?.waves.at(-1);
  const open = counts.waiting + counts.queued;
  const begin = Math.max(ports.clock.now(), last === undefined ? 0 : instantOf(last));
  const isOver = jobStatusOf(campaign) === 'cancelled' || last === undefined;
  const end = sending?.finished ?? (isOver ? null : sortable(begin + (open / usualRate) * 1000));
  return { status, recipients, ...counts, variations, last_wave_at: last ?? null, estimated_end_at: end };
}
