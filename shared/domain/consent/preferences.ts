// What someone who reads the mail of an address may choose by themselves: the channels on which they are known, and the
// lists that they are on or were.
import type { AccountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem, ConsentKind, ProfileItem } from '../../storage/items.ts';
import { definitionKey } from '../../storage/patterns.ts';
import {
  type Standing,
  acceptsEmail,
  acceptsSms,
  findProfile,
  isSubscribed,
  readContact,
  standingOf,
} from '../identity/index.ts';
import { suppressOnList } from './email.ts';
import { addToList, leaveList, listIdsOf } from './membership.ts';
import { standingOfEmail } from './opt-in.ts';
import { grant, withdraw } from './words.ts';

/** One thing to choose. */
export type Choice = { on: boolean } & (
  { what: 'email' | 'sms' | 'push' } | { what: 'list'; id: string; name: string }
);

/** A choice as it is to be. */
export type Wish = { on: boolean } & ({ what: 'email' | 'sms' | 'push' } | { what: 'list'; id: string });

/** More lists are not shown: nobody reads them. */
const mostLists = 100;

const how = { method: 'PREFERENCE_PAGE' } as const;

/**
 * What can be chosen with a link that was sent to `address`. Nobody has to have subscribed to email: it is on unless it was
 * withdrawn or suppressed. Text messages are offered where there is a number, and to those who are out only where the
 * account asks no age; push where the person once decided on it.
 */
export async function choicesOf(
  ports: Ports,
  account: AccountId,
  { address, owner }: { address: string; owner: Pick<AccountItem, 'sms_minimum_age'> },
): Promise<Choice[]> {
  const [standing, profile] = await Promise.all([
    standingOfEmail(ports, account, address),
    findProfile(ports, account, { email: address }),
  ]);
  const sms = profile?.phone_number === undefined ? undefined : await takesTexts(ports, account, profile.phone_number);
  const push = profile?.consents?.push;
  return [
    { what: 'email', on: acceptsEmail(standing) },
    ...(sms === true || (sms === false && owner.sms_minimum_age === undefined)
      ? [{ what: 'sms', on: sms } as const]
      : []),
    ...(push ? [{ what: 'push', on: isSubscribed(push) } as const] : []),
    ...(await listsOf(ports, account, standing, profile)),
  ];
}

async function takesTexts(ports: Ports, account: AccountId, value: string): Promise<boolean> {
  const { item } = await readContact(ports, account, { kind: 'phone_number', value });
  return acceptsSms(standingOf(item).consents);
}

/** The lists that the person is on, and those that the address subscribed to or left. */
async function listsOf(
  ports: Ports,
  account: AccountId,
  { listGrants, listSuppressions }: Standing,
  profile: ProfileItem | undefined,
): Promise<Choice[]> {
  const joined = profile ? await listIdsOf(ports, account, profile.id) : [];
  const left = new Set(listSuppressions.map(({ list }) => list));
  const ids = [...new Set([...joined, ...(profile ? Object.keys(listGrants) : []), ...left])].slice(0, mostLists);
  const items = await ports.store.getMany(ids.map((id) => definitionKey(account, 'list', id)));
  const lists = items.filter((item) => item !== undefined);
  return lists
    .map(({ id, name }) => ({ what: 'list', id, name, on: joined.includes(id) && !left.has(id) }) as const)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Carries wishes out as of `at`, withdrawals first: of what may be chosen, and no more than that. Done again it changes
 * nothing. Of email a withdrawal is for all of it; a list that is joined is a grant of email to that list.
 */
export async function choose(
  ports: Ports,
  account: AccountId,
  { address, at, wishes }: { address: string; at: Instant; wishes: readonly Wish[] },
): Promise<void> {
  const profile = await findProfile(ports, account, { email: address });
  const of = { email: address, sms: profile?.phone_number, push: profile?.id };
  for (const wish of wishes.toSorted((a, b) => Number(a.on) - Number(b.on))) {
    if (wish.what === 'list') {
      const list = { address, at, list: wish.id };
      await (wish.on ? join(ports, account, list, profile) : leave(ports, account, list, profile));
    } else await say(ports, account, { kind: wish.what, of: of[wish.what], at, on: wish.on });
  }
}

async function say(
  ports: Ports,
  account: AccountId,
  { kind, of, at, on }: { kind: ConsentKind; of: string | undefined; at: Instant; on: boolean },
): Promise<void> {
  if (of === undefined) return;
  await (on ? grant : withdraw)(ports, account, { kind, of, at, how });
}

interface OfList {
  address: string;
  at: Instant;
  list: string;
}

async function join(ports: Ports, account: AccountId, { address, at, list }: OfList, profile?: ProfileItem) {
  await grant(ports, account, { kind: 'email', of: address, at, how, list });
  if (profile) await addToList(ports, account, list, [profile.id], { at });
}

async function leave(ports: Ports, account: AccountId, { address, at, list }: OfList, profile?: ProfileItem) {
  await suppressOnList(ports, account, { address, list, at, how });
  if (profile) await leaveList(ports, account, list, { profile: profile.id, at });
}
