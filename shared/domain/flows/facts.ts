import type { AccountId } from '../../kernel/ids.ts';
import { isZone } from '../../kernel/zone.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem } from '../../storage/items.ts';
import { readAccount } from '../account/index.ts';
import { conditionsOf, evaluate, gather } from '../segments/index.ts';
import type { Definition } from './definition.ts';
import { needsZone } from './delay.ts';
import { type Filter, asSegment } from './filter.ts';
import { actionOf } from './graph.ts';
import { type Facts, filtersAt } from './step.ts';

type Who = Pick<EnrolmentItem, 'profile' | 'entered'>;

/** What the filters look at, of the person at this moment; undefined when the person is gone. */
export async function gatherFacts(
  ports: Ports,
  account: AccountId,
  { profile, entered }: Who,
  filters: readonly Filter[],
  options: { zone?: boolean } = {},
): Promise<Facts | undefined> {
  const now = ports.clock.now();
  const conditions = filters.flatMap((filter) => conditionsOf(asSegment(filter, entered)));
  const snapshot = await gather(ports, account, profile, conditions, now);
  if (!snapshot) return undefined;
  const zone = options.zone === true ? await zoneOf(ports, account, snapshot.person.location.timezone) : 'UTC';
  return { now, zone, passes: (filter) => evaluate(asSegment(filter, entered), snapshot, now).member };
}

/** What the step at this action looks at; undefined when the person is gone. A plain delay looks at nothing. */
export async function factsAt(
  ports: Ports,
  account: AccountId,
  definition: Definition,
  who: Who,
  step: string,
): Promise<Facts | undefined> {
  const action = actionOf(definition, step);
  const zone = action?.type === 'time-delay' && needsZone(action.data);
  if (action?.type === 'time-delay' && !zone) return { now: ports.clock.now(), zone: 'UTC', passes: () => true };
  return gatherFacts(ports, account, who, filtersAt(definition, step), { zone });
}

/** The person's time zone; the account's where the person has none that is known. */
async function zoneOf(ports: Ports, account: AccountId, own: string | number | undefined): Promise<string> {
  if (typeof own === 'string' && isZone(own)) return own;
  return (await readAccount(ports, account)).timezone;
}
