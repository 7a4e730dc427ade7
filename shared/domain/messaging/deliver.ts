// Sending is: decide, claim, hand over, note the outcome. The claim and what it was decided on are one transaction; behind
// it stands exactly one call to the provider. A lost answer is never answered by sending again.
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { Email, Ports } from '../../ports.ts';
import type { AccountItem, LastSentItem, MessageItem, ProfileItem } from '../../storage/items.ts';
import { accountOf, lastSentKey, messageKey, profileKey } from '../../storage/patterns.ts';
import { type Check, ConditionFailed, type Put, type Write, isConflict } from '../../storage/store.ts';
import { readAccount } from '../account/index.ts';
import { aboutPerson, readContact, refusePieces } from '../identity/index.ts';
import { TemplateError, findTemplate } from '../templates/index.ts';
import { defer } from '../timers/index.ts';
import { type EmailParts, buildEmail } from './build-email.ts';
import type { EmailContent } from './content.ts';
import { type SkipReason, gate, smartSendingHours } from './gate.ts';
import { answerTo, claimLasts, pauseOf } from './hand-over.ts';
import { type MessageName, findMessage, settle } from './settle.ts';

/** Looks up what the message of an account says; undefined when what would say it is gone. */
export type ContentOf = (message: MessageItem, owner: AccountItem) => Promise<EmailContent | undefined>;

/**
 * Delivers a queued message, or skips it with the reason. Does nothing when the message is not queued any more: at most
 * one call ever reaches the provider, however often the same delivery comes.
 */
export async function deliver(ports: Ports, name: MessageName, contentOf: ContentOf): Promise<void> {
  const claimed = await aboutPerson(ports, name.account, name.profile, (profile, settled) =>
    claim(ports, { ...name, profile }, settled, contentOf),
  );
  if (claimed) await handOver(ports, claimed);
}

/** What a claim holds: the email to hand over, and what it takes to give the claim back. */
interface Claim {
  /** With the profile that the message was claimed for: its person lives there. */
  name: MessageName;
  email: Email;
  at: Instant;
  /** What was last sent before; absent when the message does not touch it. */
  before?: { lastSent: LastSentItem | undefined };
}

/** Decides on the world as it is and claims the message; undefined when there is nothing to hand over. */
async function claim(
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
  const [content, profile, lastSent] = await Promise.all([
    contentOf(item, owner),
    store.get(profileKey(account, person)),
    store.get(lastSentKey(account, person, 'email')),
  ]);
  if (!profile && !settled) throw new ConditionFailed();
  // What was sent last, and what was withdrawn, may still lie elsewhere.
  refusePieces(profile);
  if (!content) return skip(ports, name, 'Action Deleted');
  if (!profile) return skip(ports, name, 'Person Deleted');
  const { email: known } = profile;
  const addressed =
    known === undefined ? undefined : await readContact(ports, account, { kind: 'email', value: known });
  const now = ports.clock.now();
  const decision = gate({ profile, contact: addressed?.item, lastSent, content, now });
  if (!decision.send) return skip(ports, name, decision.reason);
  const { address } = decision;
  const email = await rendered(ports, { owner, item, profile, content, address });
  if (!email) return skip(ports, name, 'Unable to Send Email');
  await store.transact([
    ...claiming(name, address, now),
    ...asDecided(name, profile, addressed),
    ...(content.transactional ? [] : [lastSentPut(name, lastSent, content, now)]),
    await expiry(ports, name, now),
  ]);
  return { name, email, at: now, ...(!content.transactional && { before: { lastSent } }) };
}

async function skip(ports: Ports, name: MessageName, reason: SkipReason): Promise<undefined> {
  await settle(ports, name, { status: 'SKIPPED', reason }, ['QUEUED']);
}

/** The email, or undefined when its template is gone or cannot be rendered. */
async function rendered(ports: Ports, parts: Omit<EmailParts, 'template'>): Promise<Email | undefined> {
  const account = accountOf(parts.item);
  const template = await findTemplate(ports, account, parts.content.templateId);
  if (!template) return undefined;
  try {
    return await buildEmail(ports, { ...parts, template });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { line, column } = error;
    ports.log.error('template cannot be rendered', { account, template: template.id, line, column });
    return undefined;
  }
}

const claiming = ({ account, profile, message }: MessageName, address: string, now: Instant): Write[] => [
  {
    update: messageKey(account, profile, message),
    set: { status: 'CLAIMED', claimed: sortable(now), address },
    if: { equals: { status: 'QUEUED' } },
  },
];

/** What is known of the address; undefined without one. */
type Addressed = Awaited<ReturnType<typeof readContact>> | undefined;

/** A change of consent, of suppression, of the address, or the deletion of the person makes the claim fail. */
const asDecided = ({ account }: MessageName, profile: ProfileItem, addressed: Addressed): Check[] => [
  { check: profileKey(account, profile.id), if: { equals: { version: profile.version } } },
  ...(addressed ? [{ check: addressed.key, if: addressed.unchanged }] : []),
];

/** Keeps the time and the window now in force; of two messages that look at the same last one, one decides again. */
function lastSentPut(
  { account, profile }: MessageName,
  before: LastSentItem | undefined,
  { smartSending }: EmailContent,
  now: Instant,
): Put {
  const item: LastSentItem = {
    ...lastSentKey(account, profile, 'email'),
    kind: 'last-sent',
    at: sortable(now),
    window_hours: smartSendingHours,
  };
  if (!smartSending) return { put: item };
  return { put: item, if: before ? { equals: { at: before.at } } : { absent: true } };
}

const expiry = (ports: Ports, { account, profile, message }: MessageName, now: Instant): Promise<Put> =>
  defer(ports, {
    account,
    at: now + claimLasts,
    queue: 'messages',
    id: message,
    message: { type: 'expire', account, profile, message },
  });

async function handOver(ports: Ports, claimed: Claim): Promise<void> {
  const { name } = claimed;
  const outcome = await answerTo(ports, claimed.email);
  if (outcome === 'postponed') return giveBack(ports, claimed);
  if (outcome) await settle(ports, name, outcome, ['CLAIMED', 'UNKNOWN']);
  // Else the claim stays; the provider's own report or the timer settles it. Only ids: errors may quote addresses.
  else ports.log.error('outcome of a message unknown', { ...name });
}

/** The provider surely took nothing: the message is queued again and decided on anew when its timer falls due. */
async function giveBack(ports: Ports, claimed: Claim): Promise<void> {
  const { account, profile, message } = claimed.name;
  ports.log.info('message postponed by the provider', { ...claimed.name });
  await aboutPerson(ports, account, profile, async (home, settled) => {
    const name = { ...claimed.name, profile: home };
    const item = await ports.store.get(messageKey(account, home, message));
    if (!item && !settled) throw new ConditionFailed();
    if (item?.status === 'CLAIMED' && item.claimed === sortable(claimed.at)) await giveBackAt(ports, name, claimed);
  });
}

async function giveBackAt(ports: Ports, name: MessageName, { at, before }: Claim): Promise<void> {
  const { account, profile, message } = name;
  if (before) await restoreLastSent(ports, name, at, before.lastSent);
  const due = await defer(ports, {
    account,
    at: ports.clock.now() + pauseOf(message),
    queue: 'messages',
    id: `${message} again`,
    message: { type: 'deliver', account, profile, message },
  });
  const again: Write = {
    update: messageKey(account, profile, message),
    set: { status: 'QUEUED' },
    remove: ['claimed', 'address'],
    if: { equals: { status: 'CLAIMED', claimed: sortable(at) } },
  };
  await ports.store.transact([again, due]);
}

/** Smart sending must not count what was not sent; if another message was claimed meanwhile, that one counts. */
async function restoreLastSent(
  ports: Ports,
  { account, profile }: MessageName,
  at: Instant,
  before: LastSentItem | undefined,
): Promise<void> {
  const unchanged = { equals: { at: sortable(at) } };
  const key = lastSentKey(account, profile, 'email');
  try {
    await ports.store.write(before ? { put: { ...before, ...key }, if: unchanged } : { remove: key, if: unchanged });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/**
 * Settles a claim that had no outcome for 15 minutes as unknown. A report of the provider may still say more. A younger
 * claim has a timer of its own: the one before it was given back.
 */
export async function expire(ports: Ports, name: MessageName): Promise<void> {
  const { item } = (await findMessage(ports, name)) ?? {};
  if (item?.claimed === undefined || instantOf(item.claimed) + claimLasts > ports.clock.now()) return;
  await settle(ports, name, { status: 'UNKNOWN' }, ['CLAIMED']);
}
