// Two profiles become one. One transaction decides it: the source is gone, its identifiers and what is known of them are
// the destination's, and where it was stands the way there. What else lies in its partition follows (absorb.ts).
import { type ApiError, refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { ContactItem, MergedItem, ProfileItem } from '../../storage/items.ts';
import { type ContactKind, mergedKey, profileKey } from '../../storage/patterns.ts';
import type { Check, Write } from '../../storage/store.ts';
import { combined } from './combine.ts';
import { recordsOf } from './consent-records.ts';
import { carrying, contactKinds, readContact } from './contact.ts';
import { livingProfile, wayFrom } from './living.ts';
import { isTooLarge } from './patch.ts';
import { restrictedBy, standingOf, storedStanding } from './standing.ts';
import { touched } from './touched.ts';
import { heldBeside, heldBy, release, take } from './write.ts';

/** Many may be merged into one person at once; each round one of them wins. */
const attempts = 200;

/**
 * Merges the profile `source` into `destination` (ids) and answers the survivor; both being one person already, that
 * person. Refuses with 404 when either is not there, and with 400 when they are one id or too much for one profile.
 */
export async function mergeProfiles(
  ports: Ports,
  account: AccountId,
  { source, destination }: { source: string; destination: string },
): Promise<ProfileItem> {
  const at = '/data/relationships/profiles/data/0/id';
  if (source === destination) throw refuse('invalid', 'A profile cannot be merged into itself.', at);
  return untilWon(async () => {
    const [into, from] = await Promise.all([
      livingProfile(ports, account, destination),
      wayFrom(ports, account, source),
    ]);
    if (!into) throw unknown(destination, '/data/id');
    if (from.profile?.id === into.id) return into;
    // Merged into somebody else: who that is must not follow from a stale id.
    if (!from.profile || from.gone.length > 0) throw unknown(source, at);
    return mergeInto(ports, account, { source: from.profile, destination: into });
  }, attempts);
}

const unknown = (id: string, at: string): ApiError =>
  refuse('not_found', `A profile with id ${id} does not exist.`, at);

/**
 * The deciding transaction, on the profiles as they were read; answers the destination as stored. Throws a conflict when
 * anything of it changed meanwhile, and refuses with 400 what would be too large for one profile.
 */
export async function mergeInto(
  ports: Ports,
  account: AccountId,
  { source, destination }: { source: ProfileItem; destination: ProfileItem },
): Promise<ProfileItem> {
  const both = combined(destination, source);
  if (isTooLarge(both)) throw refuse('invalid', 'Together the profiles would be larger than 300 KB.', '/data/id');
  const now = sortable(ports.clock.now());
  const contacts = await Promise.all(
    contactKinds.map((kind) => contactAfter(ports, account, kind, { source, destination })),
  );
  const carried = contacts.reduce((item, { kind, contact }) => carrying(item, kind, contact), both);
  const absorbing = [...(destination.absorbing ?? []), source.id, ...(source.absorbing ?? [])];
  const next = touched({ ...carried, absorbing }, now);
  const merged: MergedItem = { ...mergedKey(account, source.id), kind: 'merged', into: destination.id, at: now };
  await ports.store.transact([
    { remove: profileKey(account, source.id), if: { equals: { version: source.version } } },
    { put: next, if: { equals: { version: destination.version } } },
    { put: merged, if: { absent: true } },
    ...claimMoves(account, source, destination, next),
    ...contacts.flatMap(({ writes }) => writes),
  ]);
  return next;
}

/** The source's identifiers go to the survivor or are given up; so is the address for which there is no room left. */
function claimMoves(account: AccountId, source: ProfileItem, destination: ProfileItem, next: ProfileItem): Write[] {
  const [given, kept] = [heldBy(source), heldBy(next)];
  const dropped = heldBeside(given, kept);
  return [
    ...heldBeside(given, dropped).map((one) => take(account, one, destination.id, source.id)),
    ...dropped.map((one) => release(account, one, source.id)),
    ...heldBeside(heldBy(destination), kept).map((one) => release(account, one, destination.id)),
  ];
}

/** What is known of the survivor's address or number after the merge, and the writes that make it so. */
interface ContactAfter {
  kind: ContactKind;
  contact?: ContactItem;
  writes: (Write | Check)[];
}

async function contactAfter(
  ports: Ports,
  account: AccountId,
  kind: ContactKind,
  { source, destination }: { source: ProfileItem; destination: ProfileItem },
): Promise<ContactAfter> {
  const [value = source[kind], other] = [destination[kind], destination[kind] && source[kind]];
  if (value === undefined) return { kind, writes: [] };
  const own = await readContact(ports, account, { kind, value });
  if (other === undefined) return { kind, ...(own.item && { contact: own.item }), writes: [unchanged(own)] };
  const beside = await readContact(ports, account, { kind, value: other });
  const primary = restricted(ports, own, beside, source.id);
  // A second number is given up, a second address is not: it must be as restricted when it becomes the primary one.
  const secondary = kind === 'email' ? restricted(ports, beside, own, source.id) : { writes: [unchanged(beside)] };
  return { kind, ...primary, writes: [...primary.writes, ...secondary.writes] };
}

type Known = Awaited<ReturnType<typeof readContact>>;

const unchanged = ({ key, unchanged: condition }: Known): Check => ({ check: key, if: condition });

/** What is known of one contact with the withdrawals and suppressions of the other, and their records. */
function restricted(
  { clock }: Pick<Ports, 'clock'>,
  known: Known,
  other: Known,
  source: string,
): { contact?: ContactItem; writes: (Write | Check)[] } {
  const { key, item, unchanged: condition } = known;
  const before = standingOf(item);
  const after = restrictedBy(before, standingOf(other.item));
  if (after === before) return { ...(item && { contact: item }), writes: [unchanged(known)] };
  const next: ContactItem = { ...key, kind: 'contact', version: (item?.version ?? 0) + 1, ...storedStanding(after) };
  const now = clock.now();
  const records = recordsOf(next, { before, after }, { at: now, how: { method: 'MERGE', detail: source } }, now);
  return { contact: next, writes: [{ put: next, if: condition }, ...records.map((put) => ({ put }))] };
}
