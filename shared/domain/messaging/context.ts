// What templates of a message can name.
import type { Ports } from '../../ports.ts';
import type { AccountItem, MessageItem, ProfileItem } from '../../storage/items.ts';
import { accountOf, eventAt } from '../../storage/patterns.ts';
import { readEventBody } from '../events/index.ts';
import { personOf } from '../identity/index.ts';

/** The names `person`, `event`, `organization`, `first_name`, `last_name`, `email`. */
export async function contextOf(
  ports: Ports,
  owner: Pick<AccountItem, 'name'>,
  item: MessageItem,
  profile: ProfileItem,
): Promise<Readonly<Record<string, unknown>>> {
  const { properties, ...person } = personOf(profile);
  const { first_name, last_name, email } = person;
  return {
    first_name,
    last_name,
    email,
    // The standard attributes win over properties of the same name.
    person: { ...properties, ...person },
    event: await eventOf(ports, item),
    organization: { name: owner.name },
  };
}

async function eventOf(ports: Ports, item: MessageItem): Promise<Readonly<Record<string, unknown>>> {
  if (item.event === undefined) return {};
  const event = await ports.store.get(eventAt(accountOf(item), item.profile, item.event));
  return event ? readEventBody(ports, event) : {};
}
