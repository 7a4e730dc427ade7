// Looks up what the templates of a message ask for.
import { inParallel } from '../../kernel/parallel.ts';
import { instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { accountOf } from '../../storage/patterns.ts';
import { shownItem } from '../catalog/index.ts';
import { allocateCode } from '../coupons/index.ts';
import type { Lookup } from '../templates/index.ts';
import { feedNamed } from '../webfeeds/index.ts';
import type { SkipReason } from './decision.ts';
import type { Circumstances } from './prepare.ts';

type LookupOf<Kind extends Lookup['kind']> = Extract<Lookup, { kind: Kind }>;
type Answer = { found: unknown } | { skip: SkipReason };
type Asking<Kind extends Lookup['kind']> = (
  ports: Ports,
  about: Circumstances,
  lookup: LookupOf<Kind>,
) => Promise<Answer>;

/** An item of the catalog. One that is not there holds the whole message back (behaviour 8.2). */
const askCatalog: Asking<'catalog'> = async (ports, { item }, { id, onlyPublished }) => {
  const found = await shownItem(ports, accountOf(item), id);
  return !found || (onlyPublished && !found.published) ? { skip: 'Catalog Item Unavailable' } : { found };
};

/** A code of a coupon: the same one however often the message is tried. */
const askCoupon: Asking<'coupon'> = async (ports, { item, profile }, { coupon }) => {
  const recipient = { coupon, profile: profile.id, message: item.id, asked: instantOf(item.created) };
  const allocation = await allocateCode(ports, accountOf(item), recipient);
  return 'skipped' in allocation ? { skip: allocation.skipped } : { found: allocation.code };
};

/** What a web feed holds. */
const askFeed: Asking<'feed'> = async (ports, { item }, { feed }) => {
  const found = await feedNamed(ports, accountOf(item), feed);
  return found === undefined ? { skip: 'Error Retrieving External Data' } : { found };
};

const asking: { readonly [Kind in Lookup['kind']]: Asking<Kind> } = {
  catalog: askCatalog,
  coupon: askCoupon,
  feed: askFeed,
};

/**
 * Puts what the lookups find into `found`; answers why the message is not sent when one finds nothing. Codes are only
 * taken when nothing else is missing: a message that is held back takes none.
 */
export async function lookUp(
  ports: Ports,
  about: Circumstances,
  asked: ReadonlyMap<string, Lookup>,
  found: Map<string, unknown>,
): Promise<SkipReason | undefined> {
  const all = [...asked];
  const harmless = all.filter(([, { kind }]) => kind !== 'coupon');
  const skips: SkipReason[] = [];
  await inParallel(harmless.length > 0 ? harmless : all, 8, async ([name, lookup]) => {
    const ask = asking[lookup.kind] as Asking<Lookup['kind']>;
    const answer = await ask(ports, about, lookup);
    if ('skip' in answer) skips.push(answer.skip);
    else found.set(name, answer.found);
  });
  return skips[0];
}
