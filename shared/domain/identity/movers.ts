// How each kind of item of a person moves to another one, and which of two stays when both people have it.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, day, hour, instantOf } from '../../kernel/time.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { LastSentItem, MemberItem, WasMemberItem } from '../../storage/items.ts';
import {
  type PersonItem,
  couponCodeKey,
  enrolmentIndex,
  eventIndex,
  holderIndex,
  keyAt,
  memberIndex,
  partsOf,
  pushTokenIndex,
  pushTokenKey,
  repeatedIndex,
  touchIndex,
  waitingIndex,
  wasMemberKey,
} from '../../storage/patterns.ts';
import type { Value, Write } from '../../storage/store.ts';
import { pushTokenClaim } from './push-token.ts';

/** Where items move to. */
export interface Moving {
  account: AccountId;
  /** The id of the profile that lives. */
  home: string;
}

interface Mover<I> {
  /** The item as it lies in the other partition. */
  moved: (item: I, way: Moving) => I;
  /** The attributes that tell one state of the item from another. */
  version: (item: I) => Readonly<Record<string, Value | undefined>>;
  /** What points at the item from elsewhere, and moves in the same transaction. */
  along?: (item: I, way: Moving) => readonly Write[];
  /** True when the item that comes is kept instead of the one that is there. */
  wins: (item: I, there: I) => boolean;
}

/** The item that has this kind, or can have it. */
type Of<K extends PersonItem['kind'], I extends PersonItem = PersonItem> = I extends PersonItem
  ? K extends I['kind']
    ? I
    : never
  : never;

const never = () => false;

/** `ends`: derived, found anew for the survivor. `stays`: what the way there is read off. */
const movers: { [K in PersonItem['kind']]: Mover<Of<K>> | 'ends' | 'stays' } = {
  profile: 'stays',
  merged: 'stays',
  erased: 'stays',
  state: 'ends',
  totals: 'ends',
  pieces: 'ends',
  'segment-member': 'ends',
  suppressed: 'ends',

  'was-member': {
    moved: (item, { account, home }) => ({ ...item, ...keyAt(account, home, item) }),
    version: ({ joined }) => ({ joined }),
    wins: never,
  },
  event: {
    moved: (item, { account, home }) => {
      const [, metric = '', hash = ''] = partsOf(item.sk);
      const { profile, origin = profile } = item;
      const index = eventIndex(account, home, metric, hash, item.at);
      return { ...item, ...keyAt(account, home, item), ...index, profile: home, origin };
    },
    version: ({ recorded, origin }) => ({ recorded, origin }),
    // The first that was taken in counts (behaviour 2.1), as if it had been one person all along.
    wins: (item, there) => item.recorded < there.recorded,
  },
  repeated: {
    moved: (item, { account, home }) => {
      const [, metric = '', hash = ''] = partsOf(item.sk);
      const index = repeatedIndex(account, home, metric, hash, item.at);
      return { ...item, ...keyAt(account, home, item), ...index, profile: home };
    },
    version: ({ n, last }) => ({ n, last }),
    wins: (item, there) => item.last > there.last,
  },
  'list-member': {
    moved: (item, { account, home }) => ({
      ...item,
      ...keyAt(account, home, item),
      ...memberIndex(account, item.group, home, item.joined),
      profile: home,
      // A membership that moves starts no flow (behaviour 1.5).
      built: true,
    }),
    version: ({ joined }) => ({ joined }),
    wins: (item, there) => item.joined < there.joined,
  },
  enrolment: {
    moved: (item, { account, home }) => ({
      ...item,
      ...keyAt(account, home, item),
      ...enrolmentIndex(account, item.flow, home, item.entered, item.id),
      ...(item.waits !== undefined && waitingIndex(account, item.waits, home, item.entered, item.id)),
      profile: home,
    }),
    version: ({ version }) => ({ version }),
    wins: never,
  },
  entry: {
    moved: (item, { account, home }) => ({ ...item, ...keyAt(account, home, item) }),
    version: ({ entered }) => ({ entered }),
    wins: (item, there) => item.entered > there.entered,
  },
  message: {
    moved: (item, { account, home }) => {
      const { profile, origin = profile } = item;
      return { ...item, ...keyAt(account, home, item), profile: home, origin };
    },
    version: ({ status, claimed, reason }) => ({ status, claimed, reason }),
    wins: never,
  },
  told: {
    moved: (item, { account, home }) => ({ ...item, ...keyAt(account, home, item) }),
    version: ({ restock }) => ({ restock }),
    wins: (item, there) => item.restock > there.restock,
  },
  touch: {
    moved: (item, { account, home }) => ({
      ...item,
      ...keyAt(account, home, item),
      ...(item.gpk !== undefined && touchIndex(account, item.item, item.how, home, item.at)),
    }),
    version: ({ at }) => ({ at }),
    wins: (item, there) => item.at > there.at,
  },
  reached: {
    moved: (item, { account, home }) => ({ ...item, ...keyAt(account, home, item) }),
    version: ({ message }) => ({ message }),
    wins: never,
  },
  'last-sent': {
    moved: (item, { account, home }) => ({ ...item, ...keyAt(account, home, item) }),
    version: ({ at }) => ({ at }),
    wins: (item, there) => endOfWindow(item) > endOfWindow(there),
  },
  'push-token': {
    moved: (item, { account, home }) => ({
      ...item,
      ...pushTokenKey(account, home, item.token),
      ...pushTokenIndex(account, home, item.token, item.created),
      profile: home,
    }),
    along: (item, { account, home }) => [pushTokenClaim(account, home, item.token, item.profile)],
    version: ({ recorded }) => ({ recorded }),
    wins: (item, there) => item.recorded > there.recorded,
  },
  'coupon-grant': {
    moved: (item, { account, home }) => ({ ...item, ...keyAt(account, home, item) }),
    along: ({ id, at }, { account, home }) => [
      {
        update: couponCodeKey(account, id),
        set: { profile: home, ...holderIndex(account, home, id, at) },
        if: { present: true },
      },
    ],
    version: ({ id }) => ({ id }),
    wins: never,
  },
  'consent-record': {
    moved: (item, { account, home }) => ({ ...item, ...keyAt(account, home, item) }),
    version: ({ recorded }) => ({ recorded }),
    wins: never,
  },
};

const endOfWindow = ({ at, window_hours: hours }: LastSentItem) => instantOf(at) + hours * hour;

/** So long it is remembered who was in a segment, where nobody looks at who takes the place. */
const remembered = day;

/** What stays of a membership in a segment, which is derived and found anew, at the survivor. */
export const remembering = (
  { group: segment, profile: source, joined }: MemberItem,
  { account, home }: Moving,
  now: Instant,
): WasMemberItem => ({
  ...wasMemberKey(account, home, segment, source),
  kind: 'was-member',
  source,
  segment,
  joined,
  expires: expiryAt(now + remembered),
});

/** How an item moves; it never changes its kind, so the mover of its kind takes it. */
export function moverOf(item: PersonItem): Mover<PersonItem> | 'ends' | 'stays' {
  return movers[item.kind] as Mover<PersonItem> | 'ends' | 'stays';
}
