// Who must have gone through the flow, and who must not.
import type { World } from '../../functions/local/world.ts';
import { hour, minute } from '../../shared/kernel/time.ts';
import { itemsOf } from './invariants.ts';
import type { Happening, Person } from './oracle.ts';

/** What is known of an event: it must have let its person in, may have, or must not. */
export interface Expectation {
  person: Person;
  event: Happening;
  word: 'must' | 'may' | 'not';
}

/** An event that was told too late starts nothing. Near the limit either is right: a request may have been sent again. */
function lateness({ at, accepted }: Happening, delay: number): 'late' | 'close' | 'in time' {
  const over = accepted - at - Math.max(4 * hour, delay);
  if (Math.abs(over) < 2 * minute) return 'close';
  return over > 0 ? 'late' : 'in time';
}

/** Where enrolments differ from what must be. `delay` is the one that the flow begins with, milliseconds. */
export function enrolled(
  world: World,
  expectations: readonly Expectation[],
  idOf: (person: Person) => string | undefined,
  delay: number,
): string[] {
  const items = itemsOf(world);
  const events = new Map(
    items.flatMap((item) =>
      item.kind === 'event' ? [[`${item.profile} ${item.sk}`, `${item.profile} ${item.unique_id}`] as const] : [],
    ),
  );
  const enrolments = items.flatMap((item) => (item.kind === 'enrolment' ? item : []));
  const times = Map.groupBy(enrolments, ({ profile, event }) => events.get(`${profile} ${event ?? ''}`) ?? '?');
  const broken: string[] = [];
  for (const { person, event, word } of expectations) {
    if (event.metric !== 'Order') continue;
    const found = times.get(`${idOf(person) ?? '?'} ${event.unique_id}`)?.length ?? 0;
    const late = lateness(event, delay);
    const expected = late === 'late' ? 'not' : late === 'close' && word === 'must' ? 'may' : word;
    if (found > 1 || (found === 1 && expected === 'not') || (found === 0 && expected === 'must'))
      broken.push(
        `event ${event.unique_id} of ${JSON.stringify(person.identifiers)} enrolled ${found} times: ${expected}`,
      );
  }
  for (const { id, status, reason } of enrolments)
    if (status !== 'finished') broken.push(`enrolment ${id} is ${status} (${reason ?? ''})`);
  return broken;
}
