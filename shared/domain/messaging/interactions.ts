// Opens and clicks, as the pages hear of them.
import { derivedId } from '../../kernel/ids.ts';
import { minuteOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { readContact, updateProfile } from '../identity/index.ts';
import { tell } from './engagement.ts';
import type { OpenedLink } from './link-owner.ts';
import type { MessageName } from './message-name.ts';
import { findMessage } from './settle.ts';

/** Who opened or clicked: a person, or software on the way. */
export type By = 'person' | 'machine';

/** One of a kind in a minute: whoever asks a million times is told of once in each. */
const onceIn = (ports: Pick<Ports, 'clock'>, ...what: string[]): string =>
  [minuteOf(ports.clock.now()), ...what].join(' ');

/**
 * Notes that an email was opened. Of who withdrew the consent to that nothing is noted, though the picture is in the
 * email (behaviour 3.1).
 */
export async function noteOpen(ports: Ports, link: OpenedLink<'open'>, by: By): Promise<void> {
  const known = await findMessage(ports, link);
  if (!known) return;
  const { address: value } = known.item;
  const contact = value === undefined ? undefined : await readContact(ports, link.account, { kind: 'email', value });
  if (contact?.item?.consents?.open_tracking?.state === 'UNSUBSCRIBED') return;
  const properties = { machine_open: by === 'machine' };
  const at = ports.clock.now();
  await tell(ports, known.name, { became: 'opened', at, once: onceIn(ports, 'opened', by), properties });
}

/** Notes that a link was followed. Software that follows links is told apart, and says nothing for the person. */
export async function noteClick(ports: Ports, link: MessageName & { url: string }, by: By): Promise<void> {
  const properties = { URL: link.url, 'Bot Click': by === 'machine' };
  const once = onceIn(ports, 'clicked', by, derivedId(22, link.url));
  await tell(ports, link, { became: 'clicked', at: ports.clock.now(), once, properties });
}

/** Notes the click, and writes what following the link says of the person. */
export async function noteProperty(ports: Ports, link: OpenedLink<'property'>, by: By): Promise<void> {
  const { account, property, value } = link;
  const known = by === 'person' ? await findMessage(ports, link) : undefined;
  if (known) {
    const input = { identifiers: {}, attributes: {}, properties: { [property]: value } };
    await updateProfile(ports, account, known.name.profile, input);
  }
  await noteClick(ports, link, by);
}
