// The partitions that hold what is known of a person, walked page by page: however much there is, a page costs as much as
// it holds.
import type { AccountId } from '../../kernel/ids.ts';
import type { ResourcePage, Resource } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { pagesOf } from '../../storage/pages.ts';
import {
  type ContactPartItem,
  type PersonItem,
  allOfContact,
  contactHashOf,
  everythingOf,
  quotedIn,
} from '../../storage/patterns.ts';
import type { QuotedItem } from '../../storage/items.ts';
import type { Key, Query } from '../../storage/store.ts';
import { type Contact, contactKeyOf, emailsOf, quotedPlaces } from '../identity/index.ts';

type HeldItem = PersonItem | ContactPartItem | QuotedItem;

/**
 * A partition of the person; `contact` when it is that of an address or number, `before` when it notes what quotes the
 * person: the places that are walked before, where the same may stand. Parts are walked in the order of names.
 */
interface Part {
  name: string;
  query: Query<HeldItem>;
  contact?: Contact;
  before?: readonly Pick<Key, 'pk'>[];
}

/** An item that was found, and where. */
export interface Found {
  item: HeldItem;
  position: string;
  contact?: Contact;
  before?: Part['before'];
}

/** The last item that was shown: its part and its sort key. */
type Position = readonly [part: string, sk: string];

/** Bytes of a page, unless one record alone is larger: an answer of Lambda holds 6 MB, a record a body of 5 MB. */
const largestPage = 4 * 1024 * 1024;

/**
 * A page of what `show` makes of the items of a person; it answers undefined for those that say nothing of their own.
 * Whatever is there all the while comes; while a merge is moving things, one may come twice, with the same id.
 */
export async function walk(
  ports: Ports,
  account: AccountId,
  profile: ProfileItem,
  { size, position }: { size: number; position?: string },
  show: (found: Found) => Promise<Resource | undefined>,
): Promise<ResourcePage> {
  const parts = await partsOf(ports, account, profile);
  const resources: Resource[] = [];
  let bytes = 0;
  let last = position;
  for await (const found of itemsFrom(ports, parts, position, size)) {
    const resource = await show(found);
    if (resource !== undefined) {
      bytes += Buffer.byteLength(JSON.stringify(resource));
      const isFull = resources.length === size || (resources.length > 0 && bytes > largestPage);
      if (isFull && last !== undefined) return { resources, next: last };
      resources.push(resource);
    }
    last = found.position;
  }
  return { resources };
}

/** The items of all parts behind the position, read as many at a time as a page has room for. */
async function* itemsFrom(
  { store }: Pick<Ports, 'store'>,
  parts: readonly Part[],
  position: string | undefined,
  size: number,
): AsyncGenerator<Found> {
  const [start, shown] = position === undefined ? [''] : (JSON.parse(position) as Position);
  for (const { name, query, contact, before } of parts) {
    if (name < start) continue;
    const from = name === start && shown !== undefined ? { from: shown } : {};
    for await (const { items } of pagesOf(store, { ...query, ...from, limit: size + 1 })) {
      for (const item of items) {
        if (item.sk === from.from) continue;
        const at = JSON.stringify([name, item.sk] satisfies Position);
        yield { item, position: at, ...(contact && { contact }), ...(before && { before }) };
      }
    }
  }
}

/**
 * What merges have not moved here yet comes first: what moves meanwhile is met again further on. Then the person's own,
 * then their addresses and their number, then what quotes them.
 */
async function partsOf(ports: Ports, account: AccountId, profile: ProfileItem): Promise<Part[]> {
  const contacts: Contact[] = [
    ...emailsOf(profile).map((value) => ({ kind: 'email', value }) as const),
    ...(profile.phone_number === undefined ? [] : [{ kind: 'phone_number', value: profile.phone_number } as const]),
  ];
  const ofContacts = contacts.map(async (contact): Promise<Part> => {
    const key = await contactKeyOf(ports, account, contact);
    return { name: `c ${contactHashOf(key)}`, query: allOfContact(key), contact };
  });
  const places = (await quotedPlaces(ports, account, profile)).sort((a, b) => (a.pk < b.pk ? -1 : 1));
  const quotes = places.map((place, i): Part => {
    return { name: `q ${place.pk}`, query: quotedIn(place), before: places.slice(0, i) };
  });
  const { id, absorbing = [] } = profile;
  const parts: Part[] = [
    ...absorbing.map((source) => ({ name: `a ${source}`, query: everythingOf(account, source) })),
    { name: 'b', query: everythingOf(account, id) },
    ...(await Promise.all(ofContacts)),
    ...quotes,
  ];
  return parts.sort((a, b) => (a.name < b.name ? -1 : 1));
}
