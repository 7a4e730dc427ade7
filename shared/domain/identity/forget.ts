// Forgetting a person. One transaction decides: the profile and its claims are gone, and of its address and number only
// suppressions stay, under a keyed hash. The change feed then has everything else removed (erase.ts).
import { type AccountId, keyedId } from '../../kernel/ids.ts';
import { type Instant, day, instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { ContactItem, ErasedItem, ForgottenItem } from '../../storage/items.ts';
import { type IdentifierKind, erasedKey, forgottenKey, identifierKey, profileKey } from '../../storage/patterns.ts';
import { type Check, type Condition, ConditionFailed, type Put, type Remove } from '../../storage/store.ts';
import { secretOf } from '../account/index.ts';
import { gathered } from './absorb.ts';
import { contactKeyOf, readContact } from './contact.ts';
import { type Identifiers, identifiersSet } from './input.ts';
import { wayFrom } from './living.ts';
import { type Held, heldBy } from './write.ts';

/** What a person is named by: an identifier, or the id of the profile. */
export interface Name {
  kind: IdentifierKind | 'id';
  value: string;
}

/** Longer than anything that was told before can lie in a queue or among the dead letters. */
const remembered = 60 * day;

/**
 * Forgets the profile; true when there was one. From then on nobody finds it, nothing is sent to it, and what was told
 * before does not bring it back (`isForgotten`). Asking again changes nothing (behaviour 1.7).
 */
export async function forget(ports: Ports, account: AccountId, id: string): Promise<boolean> {
  return untilWon(async () => {
    const profile = await ports.store.get(profileKey(account, id));
    if (profile === undefined) return false;
    if (profile.absorbing !== undefined) {
      // What a merge left elsewhere is the person's too.
      await gathered(ports, account, id);
      throw new ConditionFailed();
    }
    const identifiers = heldBy(profile);
    await ports.store.transact([
      { remove: profileKey(account, id), if: { equals: { version: profile.version } } },
      ...identifiers.map(({ kind, value }) => ({
        remove: identifierKey(account, kind, value),
        if: { equals: { profile: id } },
      })),
      ...(await tracesOf(ports, account, id, identifiers)),
    ]);
    return true;
  });
}

/**
 * Forgets somebody of whom there is no profile: what waits for their address or number, or was told before, brings nobody
 * in. Throws a conflict when a profile holds it.
 */
export async function forgetNamed(ports: Ports, account: AccountId, held: Held): Promise<void> {
  await ports.store.transact([
    { check: identifierKey(account, held.kind, held.value), if: { absent: true } },
    ...(await tracesOf(ports, account, ports.ids.ulid(), [held])),
  ]);
}

/** What has to stay in the place of a person: suppressions, and that they were forgotten; what erases the rest follows from it. */
async function tracesOf(
  ports: Ports,
  account: AccountId,
  id: string,
  identifiers: readonly Held[],
): Promise<(Put | Remove)[]> {
  const now = ports.clock.now();
  const [contacts, keys] = await Promise.all([
    contactsOf(ports, account, identifiers),
    forgottenKeys(ports, account, [{ kind: 'id', value: id }, ...identifiers]),
  ]);
  const [at, expires] = [sortable(now), expiryAt(now + remembered)];
  const erased: ErasedItem = {
    ...erasedKey(account, id),
    kind: 'erased',
    profile: id,
    at,
    contacts: contacts.map(({ key }) => key.pk),
    quotes: keys.map(({ pk }) => pk),
    expires,
  };
  return [
    ...contacts.flatMap(({ item, unchanged }) => (item ? [onlySuppressions(item, unchanged)] : [])),
    ...keys.map((key): Put => {
      const mark: ForgottenItem = { ...key, kind: 'forgotten', at, expires };
      return { put: mark };
    }),
    { put: erased },
  ];
}

/** True when the holder of one of these identifiers was forgotten at or after `told`, milliseconds. */
export async function isForgotten(
  ports: Ports,
  account: AccountId,
  identifiers: Identifiers,
  told: number,
): Promise<boolean> {
  const at = await forgottenAt(ports, account, identifiersSet(identifiers));
  return at !== undefined && at >= told;
}

/** When holders of identifiers were forgotten. */
export interface Forgetting {
  /** In the order of the identifiers; undefined: nobody was, as far as is remembered. */
  times: (Instant | undefined)[];
  /** The latest of them. */
  at: Instant | undefined;
  /** That nobody was since: for the transaction of a write that rests on it. */
  unchanged: Check[];
}

/** When the holders of these identifiers were forgotten last. */
export async function readForgotten(ports: Ports, account: AccountId, names: readonly Name[]): Promise<Forgetting> {
  if (names.length === 0) return { times: [], at: undefined, unchanged: [] };
  const keys = await forgottenKeys(ports, account, names);
  const marks = await ports.store.getMany(keys);
  const times = marks.map((mark) => mark && instantOf(mark.at));
  const known = times.filter((time) => time !== undefined);
  const checks = new Map(
    keys.map((check, i): [string, Check] => {
      const mark = marks[i];
      return [check.pk, { check, if: mark ? { equals: { at: mark.at } } : { absent: true } }];
    }),
  );
  return { times, at: known.length === 0 ? undefined : Math.max(...known), unchanged: [...checks.values()] };
}

/** When a holder of one of these identifiers was forgotten last; undefined: nobody was, as far as is remembered. */
export async function forgottenAt(
  ports: Ports,
  account: AccountId,
  identifiers: readonly Name[],
): Promise<Instant | undefined> {
  return (await readForgotten(ports, account, identifiers)).at;
}

/** True of an address that somebody had who was forgotten, whose profile `id` was, and nobody else's: for sixty days. */
export async function wasAddressOf(ports: Ports, account: AccountId, id: string, address: string): Promise<boolean> {
  const { profile, end } = await wayFrom(ports, account, id);
  if (profile) return false;
  const erased = await ports.store.get(erasedKey(account, end));
  if (!erased) return false;
  const { pk } = await contactKeyOf(ports, account, { kind: 'email', value: address });
  return erased.contacts.includes(pk);
}

async function contactsOf(ports: Ports, account: AccountId, identifiers: readonly Held[]) {
  return Promise.all(
    identifiers.flatMap(({ kind, value }) =>
      kind === 'email' || kind === 'phone_number' ? [readContact(ports, account, { kind, value })] : [],
    ),
  );
}

/** Where it stands that the holders of identifiers were forgotten. */
export async function forgottenKeys(ports: Ports, account: AccountId, identifiers: readonly Name[]) {
  const secret = await secretOf(ports, account);
  return identifiers.map(({ kind, value }) =>
    forgottenKey(account, kind, keyedId(secret, 22, 'forgotten', kind, value)),
  );
}

function onlySuppressions({ pk, sk, version, suppressions }: ContactItem, unchanged: Condition): Put | Remove {
  if (suppressions.length === 0) return { remove: { pk, sk }, if: unchanged };
  const item: ContactItem = { pk, sk, kind: 'contact', version: version + 1, suppressions };
  return { put: item, if: unchanged };
}
