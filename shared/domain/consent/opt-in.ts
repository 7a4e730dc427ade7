// Double opt-in: what was asked for waits beside the address until someone with access to its mailbox confirms it.
// Before that click there is no profile, no consent and no membership.
import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import { type Instant, day, hour, instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { OptInItem, SuppressionReason } from '../../storage/items.ts';
import { anyList, optInKey } from '../../storage/patterns.ts';
import { type Key, isConflict } from '../../storage/store.ts';
import { countsWithin } from '../account/index.ts';
import {
  Forgotten,
  type ConsentMethod,
  type IdentifierRule,
  type ProfileInput,
  type Standing,
  contactKeyOf,
  identifiersSet,
  isForgotten,
  readContact,
  readForgotten,
  standingOf,
  upsertProfile,
} from '../identity/index.ts';
import { caps } from './caps.ts';
import { addToList } from './membership.ts';
import { type RowWord, type SubscriptionRow, namesIn } from './rows.ts';
import { grant } from './words.ts';

/** How long a confirmation link works. */
export const confirmableFor = 72 * hour;
/** Between two confirmation messages to one address for one list. */
const pause = day;

/** What becomes of an address when it is confirmed. */
export interface AskedOptIn {
  address: string;
  person: SubscriptionRow;
  /** Of its words those that wait: consents of the address. */
  words: RowWord[];
  customSource: string | null;
  byVisitor: boolean;
}

/** What a waiting opt-in asks for. */
export const askedOf = ({ asked }: OptInItem): AskedOptIn => JSON.parse(asked) as AskedOptIn;

/** Where an opt-in of an address waits; `list` undefined: one that names no list. */
async function keyOf(ports: Ports, account: AccountId, address: string, list: string | undefined) {
  const contact = await contactKeyOf(ports, account, { kind: 'email', value: address });
  return optInKey(contact, list ?? anyList);
}

/** When an opt-in was asked for: what forgets its person goes by this. */
export const toldOf = ({ told, requested }: OptInItem): Instant => instantOf(told ?? requested);

/** Everyone whom what is asked for concerns. */
const concerned = ({ address, person }: Pick<AskedOptIn, 'address' | 'person'>) => ({
  ...namesIn(person),
  email: address,
});

/**
 * Lets an opt-in that was asked for at `told` wait for its confirmation; the change feed sends the message. Nothing happens within
 * 24 hours of the one before. Refuses with `throttled` when the account has sent as many as it may today; throws `Forgotten` when
 * the person was forgotten since, also while this was under way (seed 1181 of 500 operations).
 */
export async function awaitConfirmation(
  ports: Ports,
  account: AccountId,
  { list, told, ...asked }: AskedOptIn & { list: string | undefined; told: Instant },
): Promise<void> {
  const key = await keyOf(ports, account, asked.address, list);
  await untilWon(async () => {
    const before = await ports.store.get(key);
    const now = ports.clock.now();
    const forgotten = await readForgotten(ports, account, identifiersSet(concerned(asked)));
    const { at = -Infinity } = forgotten;
    if (at >= told) throw new Forgotten();
    // One of before the person was forgotten is on its way out.
    if (before && now < instantOf(before.requested) + pause && toldOf(before) > at) return;
    await refuseTooMany(ports, account);
    const item: OptInItem = {
      ...key,
      kind: 'opt-in',
      ...(list !== undefined && { list }),
      requested: sortable(now),
      told: sortable(told),
      asked: JSON.stringify(asked),
      status: 'QUEUED',
      expires: expiryAt(now + confirmableFor),
    };
    const unchanged = before ? { equals: { requested: before.requested } } : { absent: true as const };
    await ports.store.transact([{ put: item, if: unchanged }, ...forgotten.unchanged]);
  });
}

async function refuseTooMany(ports: Ports, account: AccountId): Promise<void> {
  if (await countsWithin(ports, account, 'confirmations', caps.confirmations)) return;
  ports.log.error('no more confirmations today', { account, most: caps.confirmations.most });
  throw refuse('throttled', `An account sends at most ${caps.confirmations.most} confirmations a day.`);
}

/** What a confirmation link stands for. */
export interface Confirmation {
  address: string;
  /** A list's id, or empty. */
  list: string;
  /** When its message was asked for, `sortable`. */
  requested: string;
}

/** True while the link works and what it would confirm waits, or was confirmed. */
export async function isConfirmable(ports: Ports, account: AccountId, link: Confirmation): Promise<boolean> {
  return (await waitingFor(ports, account, link)) !== undefined;
}

async function waitingFor(ports: Ports, account: AccountId, { address, list, requested }: Confirmation) {
  if (ports.clock.now() >= instantOf(requested) + confirmableFor) return undefined;
  const key = await keyOf(ports, account, address, list === '' ? undefined : list);
  return ports.store.get(key);
}

/**
 * Confirms an opt-in: makes the profile, grants, joins the list. False when the link is too old or stands for nothing any
 * more. Twice is once; what a crash left undone is done by the next click.
 */
export async function confirmOptIn(ports: Ports, account: AccountId, link: Confirmation): Promise<boolean> {
  const item = await untilWon(async () => {
    const found = await waitingFor(ports, account, link);
    if (!found || found.confirmed !== undefined) return found;
    const confirmed = sortable(ports.clock.now());
    const { pk, sk, requested } = found;
    await ports.store.write({
      update: { pk, sk },
      set: { confirmed },
      if: { equals: { requested, confirmed: undefined } },
    });
    return { ...found, confirmed };
  });
  if (item?.confirmed === undefined) return false;
  if (item.done) return true;
  if (!(await optIn(ports, account, item, instantOf(item.confirmed)))) return false;
  await markDone(ports, item);
  return true;
}

async function optIn(ports: Ports, account: AccountId, item: OptInItem, at: Instant): Promise<boolean> {
  const asked = askedOf(item);
  const { address, person, words, customSource, byVisitor } = asked;
  const { list } = item;
  const told = toldOf(item);
  if (await isForgotten(ports, account, concerned(asked), told)) return false;
  // Complaints and bounces since: what a visitor asked for does not lift them.
  if (byVisitor && isBarred(await standingOfEmail(ports, account, address))) return false;
  const profile = await madeOf(ports, account, inputOf(person), { rule: byVisitor ? 'keep' : 'leave', told });
  if (profile === undefined) return false;
  const how: ConsentMethod = {
    method: 'API',
    detail: 'Double opt-in confirmation',
    customDetail: customSource,
    doubleOptin: true,
  };
  for (const { kind } of words) {
    await grant(ports, account, { kind, of: address, at, how, told, ...(list !== undefined && { list }) });
  }
  if (list !== undefined) await addToList(ports, account, list, [profile.id], { at });
  return true;
}

/** The profile of who confirmed; undefined when they were forgotten since they asked. */
async function madeOf(
  ports: Ports,
  account: AccountId,
  input: ProfileInput,
  { rule, told }: { rule: IdentifierRule; told: Instant },
) {
  try {
    return (await upsertProfile(ports, account, input, rule, told - 1)).profile;
  } catch (error) {
    if (!(error instanceof Forgotten)) throw error;
    return undefined;
  }
}

/** What a row says of a profile. */
export function inputOf(person: Omit<SubscriptionRow, 'words'>) {
  const { id, told } = person;
  return {
    attributes: {},
    ...told,
    ...(id !== undefined && { id }),
    identifiers: { ...told?.identifiers, ...namesIn(person) },
  };
}

async function markDone(ports: Ports, { pk, sk, confirmed }: OptInItem): Promise<void> {
  const key: Key = { pk, sk };
  try {
    await ports.store.write({ update: key, set: { done: true }, if: { equals: { confirmed } } });
  } catch (error) {
    // Its time is over, or it was asked for anew: nobody looks at this one any more.
    if (!isConflict(error)) throw error;
  }
}

/** What is known of an email address now. */
export async function standingOfEmail(ports: Ports, account: AccountId, address: string): Promise<Standing> {
  return standingOf((await readContact(ports, account, { kind: 'email', value: address })).item);
}

const barring: ReadonlySet<SuppressionReason> = new Set(['HARD_BOUNCE', 'INVALID_EMAIL', 'SPAM_COMPLAINT']);

/** True for addresses that nobody may bring back with a public key: they bounced, or their owner complained. */
export const isBarred = ({ suppressions }: Standing): boolean => suppressions.some(({ reason }) => barring.has(reason));
