// Campaigns as definitions: their data, how they are read and written, what each status allows.
import { notFound, refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import {
  createDefinition,
  definitionItem,
  removeDefinition,
  smallDefinition,
  writeDefinition,
} from '../../storage/definitions.ts';
import type { DefinitionItem, NameItem } from '../../storage/items.ts';
import { definitionKey, nameKey } from '../../storage/patterns.ts';
import type { Check, Write } from '../../storage/store.ts';
import type { MessageDefinition, SendStrategy, TrackingOptions } from './definition.ts';

/** Every status that the contract has (get_campaigns). */
export const statuses = [
  'Adding Recipients',
  'Cancelled',
  'Cancelled: Account Disabled',
  'Cancelled: Billing Limit',
  'Cancelled: Internal Error',
  'Cancelled: Misconfigured',
  'Cancelled: No Recipients',
  'Cancelled: Smart Sending',
  'Draft',
  'Preparing to schedule',
  'Preparing to send',
  'Queued without Recipients',
  'Scheduled',
  'Sending',
  'Sending Segments',
  'Sent',
  'Unknown',
  'Variations Sent',
] as const;
export type Status = (typeof statuses)[number];

export type Channel = MessageDefinition['channel'];

export interface CampaignMessage {
  id: string;
  definition: MessageDefinition;
  /** The id of the template of its own. */
  template?: string;
  /** The id of an image. */
  image?: string;
  created: string;
  updated: string;
}

/** One sending: from the wish to send to the last outcome. */
export interface Sending {
  /** Names it: what belongs to one that was reverted does nothing. */
  run: string;
  /** When it was asked for, `sortable`. */
  asked: string;
  /** Stretches of the audience that are not looked through yet: the place of a group and a shard of it. */
  pending: string[];
  /** When rows fall due, `sortable`, in order. */
  waves: string[];
  /** Rows by shard: the snapshot, once it is taken. */
  rows?: number[];
  /** How many rows have which variation: ids of messages. */
  variations?: Record<string, number>;
  /** Rows are counted as they move; else (a sending of before there were counts) they are counted when it is asked. */
  counted?: boolean;
  /** A stretch of the snapshot was worked on again when it was taken: rows may have come that are not among `rows`. */
  unsure?: true;
  /** When every row had its outcome. */
  finished?: string;
}

interface Data {
  status: Status;
  audiences: { included: string[]; excluded: string[] };
  smartSending: boolean;
  tracking: TrackingOptions | null;
  strategy: SendStrategy;
  messages: CampaignMessage[];
  sending?: Sending;
}

export interface Campaign extends Data {
  id: string;
  version: number;
  name: string;
  created: string;
  updated: string;
}

/** Of items that several look at: read once. */
const read = new WeakMap<DefinitionItem, Campaign>();

/** The campaign that an item holds. */
export function campaignOf(item: DefinitionItem): Campaign {
  const known = read.get(item);
  if (known) return known;
  const { id, version, name, created, updated, data } = item;
  const campaign = { id, version, name, created, updated, ...(JSON.parse(data) as Data) };
  read.set(item, campaign);
  return campaign;
}

function itemOf(account: AccountId, campaign: Campaign): DefinitionItem {
  const { id, version, name, created, updated, ...data } = campaign;
  const item = definitionItem(account, 'campaign', { id, version, name, created, updated }, data);
  return smallDefinition(item, '/data');
}

export async function findCampaign(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  id: string,
): Promise<Campaign | undefined> {
  const item = await store.get(definitionKey(account, 'campaign', id));
  return item && campaignOf(item);
}

/** The campaign, or a 404 that speaks of `type`. */
export async function readCampaign(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  id: string,
  type = 'campaign',
): Promise<Campaign> {
  const campaign = await findCampaign(ports, account, id);
  if (!campaign) throw notFound(type, id);
  return campaign;
}

/** A message's id leads to its campaign by the items that hold names: no two messages have the same. */
const messageClaim = (account: AccountId, message: string) => nameKey(account, 'campaign', message);

/** The message and its campaign, or a 404. */
export async function readMessage(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  id: string,
): Promise<{ campaign: Campaign; message: CampaignMessage }> {
  const claim = await ports.store.get(messageClaim(account, id));
  const campaign = claim && (await findCampaign(ports, account, claim.holder));
  const message = campaign?.messages.find((one) => one.id === id);
  if (!campaign || !message) throw notFound('campaign-message', id);
  return { campaign, message };
}

type New = Pick<Campaign, 'name' | 'audiences' | 'smartSending' | 'tracking' | 'strategy'> & {
  messages: readonly Pick<CampaignMessage, 'definition' | 'template'>[];
};

/** Makes a campaign; it is a draft. */
export async function createCampaign(ports: Ports, account: AccountId, input: New): Promise<Campaign> {
  const now = sortable(ports.clock.now());
  const campaign: Campaign = {
    ...input,
    id: ports.ids.ulid(),
    version: 1,
    created: now,
    updated: now,
    status: 'Draft',
    messages: input.messages.map((one) => ({ ...one, id: ports.ids.ulid(), created: now, updated: now })),
  };
  const claims = campaign.messages.map((message): Write => {
    const claim: NameItem = { ...messageClaim(account, message.id), kind: 'name', holder: campaign.id };
    return { put: claim, if: { absent: true } };
  });
  await createDefinition(ports.store, itemOf(account, campaign), claims);
  return campaign;
}

/** Puts a campaign in the place of its version before, and `alongside` with it. Throws a conflict. */
export async function replaceCampaign(
  ports: Pick<Ports, 'store' | 'clock'>,
  account: AccountId,
  campaign: Campaign,
  alongside: readonly (Write | Check)[] = [],
): Promise<Campaign> {
  const next = { ...campaign, version: campaign.version + 1, updated: sortable(ports.clock.now()) };
  await writeDefinition(ports.store, itemOf(account, next), alongside);
  return next;
}

/** Changes a draft; a 404 when there is none, a 409 when it is no draft any more. */
export async function changeDraft(
  ports: Ports,
  account: AccountId,
  id: string,
  change: (campaign: Campaign) => Campaign,
): Promise<Campaign> {
  return untilWon(async () => {
    const before = await readCampaign(ports, account, id);
    refuseUnless(before, ['Draft'], 'changed');
    return replaceCampaign(ports, account, change(before));
  });
}

/** A 409 that names the status when it is none of `allowed`. */
export function refuseUnless(campaign: Campaign, allowed: readonly Status[], done: string): void {
  if (allowed.includes(campaign.status)) return;
  const those = allowed.join(', ');
  throw refuse('conflict', `The campaign is ${campaign.status}; it can be ${done} while it is ${those}.`, '/data');
}

/** Statuses in which nothing is sent yet, though it was asked for. */
export const beforeSending: readonly Status[] = ['Preparing to schedule', 'Adding Recipients', 'Scheduled'];

/** Statuses in which rows are made or sent. */
export const atWorkStatuses: readonly Status[] = [...beforeSending, 'Sending'];

/** Removes a campaign; a 404 when there is none, a 409 while it is at work. */
export async function removeCampaign(ports: Ports, account: AccountId, id: string): Promise<void> {
  const campaign = await readCampaign(ports, account, id);
  if (atWorkStatuses.includes(campaign.status)) {
    throw refuse('conflict', `The campaign is ${campaign.status}; cancel it before you remove it.`);
  }
  await removeDefinition(ports.store, account, 'campaign', id, () =>
    campaign.messages.map((message) => ({ remove: messageClaim(account, message.id) })),
  );
}

/** True of one that was cancelled, or had nobody to go to. */
export const isCancelled = ({ status }: Pick<Campaign, 'status'>): boolean => status.startsWith('Cancelled');
