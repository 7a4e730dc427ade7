// Who must have gone through the flow, and who must not.
import type { World } from '../../functions/local/world.ts';
import { hour, minute } from '../../shared/kernel/time.ts';
import { itemsOf } from './invariants.ts';
import { type Happening, type Person, living } from './oracle.ts';

/** What is known of an event: it must have let its person in, may have, or must not. */
export interface Expectation {
  person: Person;
  event: Happening;
  word: 'must' | 'may' | 'not';
}

/** Milliseconds. */
export interface Clocks {
  /** What the flow begins with. */
  delay: number;
  /** How far the clocks of containers may be off. */
  skew: number;
}

/** An event that was told too late starts nothing. Near the limit either is right: a request may have been sent again. */
function lateness({ at, accepted }: Happening, { delay, skew }: Clocks): 'late' | 'close' | 'in time' {
  const over = accepted - at - Math.max(4 * hour, delay);
  if (Math.abs(over) < 2 * minute + skew) return 'close';
  return over > 0 ? 'late' : 'in time';
}

/** Where enrolments differ from what must be. */
export function enrolled(
  world: World,
  expectations: readonly Expectation[],
  idOf: (person: Person) => string | undefined,
  clocks: Clocks,
): string[] {
  const items = itemsOf(world);
  const events = new Map(
    items.flatMap((item) =>
      item.kind === 'event' ? [[`${item.profile} ${item.sk}`, `${item.profile} ${item.unique_id}`] as const] : [],
    ),
  );
  const enrolments = items.flatMap((item) => (item.kind === 'enrolment' ? item : []));
  const times = Map.groupBy(enrolments, ({ profile, event }): string => events.get(`${profile} ${event ?? ''}`) ?? '?');
  const broken: string[] = [];
  // Of somebody forgotten nothing is left to be looked at.
  const orders = expectations.filter(({ event, person }) => event.metric === 'Order' && !living(person).gone);
  // Two people who turned out to be one may have told the same event, each before that was known: either may enrol.
  const keyOf = ({ person, event }: Expectation): string => `${idOf(person) ?? '?'} ${event.unique_id}`;
  const same = Map.groupBy(orders, keyOf);
  for (const one of orders) {
    const { person, event, word } = one;
    const key = keyOf(one);
    const most = same.get(key)?.length ?? 1;
    const found = times.get(key)?.length ?? 0;
    const late = lateness(event, clocks);
    const near = late === 'close' && word === 'must' ? 'may' : word;
    const expected = most > 1 ? 'may' : late === 'late' ? 'not' : near;
    if (found > most || (found === 1 && expected === 'not') || (found === 0 && expected === 'must'))
      broken.push(
        `I7 event ${event.unique_id} of ${JSON.stringify(person.identifiers)} enrolled ${found} times: ${expected}`,
      );
  }
  for (const { id, status, reason } of enrolments)
    if (status !== 'finished') broken.push(`I7 enrolment ${id} is ${status} (${reason ?? ''})`);
  return broken;
}
