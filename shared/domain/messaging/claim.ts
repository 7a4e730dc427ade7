// Decides on a message and claims it. The claim and what it was decided on are one transaction.
import { shardOf } from '../../kernel/ids.ts';
import { type Instant, instantOf, minute, second, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem, LastSentItem, MessageItem } from '../../storage/items.ts';
import { messageKey, profileKey } from '../../storage/patterns.ts';
import { ConditionFailed, type Write } from '../../storage/store.ts';
import { readAccount } from '../account/index.ts';
import { refusePieces } from '../identity/index.ts';
import { type Due, clearIfLate, defer } from '../timers/index.ts';
import type { Content } from './content.ts';
import { type SkipReason, isPersonal } from './decision.ts';
import { claimLasts } from './hand-over.ts';
import { type Recipient, lastSentOf, lastSentPut } from './last-sent.ts';
import type { MessageName } from './message-name.ts';
import { prepareAlert } from './prepare-alert.ts';
import { prepareEmail } from './prepare-email.ts';
import { preparePush } from './prepare-push.ts';
import { prepareSms } from './prepare-sms.ts';
import { prepareWebhook } from './prepare-webhook.ts';
import type { Circumstances, Kept, Outgoing, Preparations, Prepare } from './prepare.ts';
import { afterRest, mayClaim } from './provider-rests.ts';
import { settle } from './settle.ts';

/** Looks up what the message of an account says; undefined when what would say it is gone. */
export type ContentOf = (message: MessageItem, owner: AccountItem) => Promise<Content | undefined>;

const preparations: Preparations = {
  email: prepareEmail,
  sms: prepareSms,
  push: preparePush,
  webhook: prepareWebhook,
  alert: prepareAlert,
};

/** What a claim holds: the message to hand over, and what it takes to give the claim back. */
export interface Claim {
  /** With the profile that the message was claimed for: its person lives there. */
  name: MessageName;
  outgoing: Outgoing;
  at: Instant;
  /** How long it has been tried: servers of others are left alone for as long. How often it was postponed. */
  waited: number;
  postponed: number;
  /** True for the one that tries a provider that rested. */
  wasTry: boolean;
  /** What was last sent before, and on what; absent when the message does not touch it. */
  before?: Pick<Recipient, 'channel' | 'number'> & { lastSent: LastSentItem | undefined };
}

/** Decides on the world as it is and claims the message; undefined when there is nothing to hand over. */
export async function claim(
  ports: Ports,
  name: MessageName,
  settled: boolean,
  contentOf: ContentOf,
): Promise<Claim | undefined> {
  const { account, profile: person, message } = name;
  const { store } = ports;
  const [item, owner] = await Promise.all([
    store.get(messageKey(account, person, message)),
    readAccount(ports, account),
  ]);
  if (!item && !settled) throw new ConditionFailed();
  if (item?.status !== 'QUEUED') return undefined;
  const { channel } = item;
  const found = store.get(profileKey(account, person));
  const before = async () => {
    if (!isPersonal(channel)) return undefined;
    const number = channel === 'sms' ? (await found)?.phone_number : undefined;
    return lastSentOf(ports, { account, profile: person, channel, number });
  };
  const [content, profile, lastSent] = await Promise.all([contentOf(item, owner), found, before()]);
  if (!profile && !settled) throw new ConditionFailed();
  // What was sent last, and what was withdrawn, may still lie elsewhere.
  refusePieces(profile);
  if (content?.channel !== channel) return skip(ports, name, 'Action Deleted');
  if (!profile) return skip(ports, name, 'Person Deleted');
  if ('withheld' in content) return skip(ports, name, content.withheld);
  const now = ports.clock.now();
  if (owner.mail_rests && content.channel === 'email' && !content.transactional) {
    return wait(ports, name, now + restOf(message), sendingRests);
  }
  const may = mayClaim(account, owner, channel, now);
  if ('until' in may) return wait(ports, name, afterRest(may.until, message), providerRests);
  const about: Circumstances = { owner, item, profile, content, lastSent, now };
  const prepared = await (preparations[content.channel] as Prepare<Content>)(ports, about);
  if ('skip' in prepared) return skip(ports, name, prepared.skip);
  if ('waitUntil' in prepared) return wait(ports, name, prepared.waitUntil);
  const of = isPersonal(channel) && !content.transactional && { channel, number: profile.phone_number };
  const end = await defer(ports, expiryOf(name, now));
  await store.transact([
    ...claiming(name, prepared.kept, now),
    // A change of consent, of suppression, of the address, or the deletion of the person makes the claim fail.
    { check: profileKey(account, profile.id), if: { equals: { version: profile.version } } },
    ...prepared.unchanged,
    ...('holds' in content ? content.holds : []),
    ...(of ? [await lastSentPut(ports, { ...name, ...of }, { ...about, content })] : []),
    end,
    ...may.writes,
  ]);
  await clearIfLate(ports, end);
  const { outgoing } = prepared;
  const waited = channel === 'webhook' ? now - instantOf(item.created) : 0;
  return {
    name,
    outgoing,
    at: now,
    waited,
    postponed: item.postponed ?? 0,
    wasTry: may.writes.length > 0,
    ...(of && { before: { ...of, lastSent } }),
  };
}

async function skip(ports: Ports, name: MessageName, reason: SkipReason): Promise<undefined> {
  await settle(ports, name, { status: 'SKIPPED', reason }, ['QUEUED']);
}

/** Why a message waits while the account's marketing email rests. */
const sendingRests = 'Sending rests';

/** Why a message waits while its provider takes nothing. */
const providerRests = 'Provider rests';

/** How long a message waits for that to end before it asks again: half an hour to an hour, so that not all ask at once. */
const restOf = (message: string): Instant => 30 * minute + shardOf(message, 1800) * second;

/** Quiet hours, or a rest of all sending, hold the message up: it is decided on anew when they end. */
async function wait(
  ports: Ports,
  { account, profile, message }: MessageName,
  until: Instant,
  reason?: string,
): Promise<undefined> {
  const at = sortable(until);
  const due = await defer(ports, {
    account,
    at: until,
    queue: 'messages',
    id: `${message} ${at}`,
    message: { type: 'deliver', account, profile, message },
    renewable: true,
  });
  const held: Write = {
    update: messageKey(account, profile, message),
    set: { due: at, ...(reason !== undefined && { reason }) },
    if: { equals: { status: 'QUEUED' } },
  };
  await ports.store.transact([held, due]);
}

const claiming = ({ account, profile, message }: MessageName, kept: Kept, now: Instant): Write[] => [
  {
    update: messageKey(account, profile, message),
    set: { status: 'CLAIMED', claimed: sortable(now), ...kept },
    // Why it waited before.
    remove: ['reason'],
    if: { equals: { status: 'QUEUED' } },
  },
];

/** The timer that ends a claim made at `at`. */
export const expiryOf = ({ account, profile, message }: MessageName, at: Instant): Due<'messages'> => ({
  account,
  at: at + claimLasts,
  queue: 'messages',
  id: message,
  message: { type: 'expire', account, profile, message },
  renewable: true,
});
