// What preference links do.
import type { Ports } from '../../ports.ts';
import { type Choice, type Wish, choicesOf, choose } from '../consent/index.ts';
import type { OpenedLink } from './link-owner.ts';
import { unsubscribe } from './unsubscribe.ts';

/** What the reader of the message may choose. */
export const preferencesOf = (ports: Ports, link: OpenedLink<'preferences'>): Promise<Choice[]> =>
  choicesOf(ports, link.account, link);

/** Names what is chosen: `email`, or `list ID`. */
export const nameOfChoice = (one: Choice | Wish): string => (one.what === 'list' ? `list ${one.id}` : one.what);

/**
 * Changes what the reader chose differently, as far as it is theirs to choose; leaving email is told of as by an unsubscribe
 * link. Durable when it resolves. Answers what they may choose then.
 */
export async function choosePreferences(
  ports: Ports,
  link: OpenedLink<'preferences'>,
  wishes: readonly Wish[],
): Promise<Choice[]> {
  const { account, address } = link;
  const offered = new Map((await preferencesOf(ports, link)).map((choice) => [nameOfChoice(choice), choice.on]));
  // What looks left already is left again: the request before may have broken off halfway.
  const asked = wishes.filter((wish) => {
    const is = offered.get(nameOfChoice(wish));
    return is !== undefined && (!wish.on || !is);
  });
  const leaves = asked.some(({ what, on }) => what === 'email' && !on);
  if (leaves) await unsubscribe(ports, link, 'PREFERENCE_PAGE');
  const others = asked.filter(({ what }) => !(leaves && what === 'email'));
  await choose(ports, account, { address, at: ports.clock.now(), wishes: others });
  return preferencesOf(ports, link);
}
