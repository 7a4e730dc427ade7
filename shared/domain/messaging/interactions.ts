// Opens and clicks, as the pages and apps tell of them.
import { accountId, derivedId } from '../../kernel/ids.ts';
import { type Instant, instantOf, minuteOf } from '../../kernel/time.ts';
import type { Interaction, PushOpened } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import { readContact, updateProfile } from '../identity/index.ts';
import { tell } from './engagement.ts';
import { readLink } from './link-owner.ts';
import type { MessageName } from './message-name.ts';
import { findMessage } from './settle.ts';

/** Who opened or clicked, a person or software on the way, and when. */
interface Act {
  by: 'person' | 'machine';
  at: Instant;
}

/** One of a kind in a minute: whoever asks a million times is told of once in each. */
const onceIn = (at: Instant, ...what: string[]): string => [minuteOf(at), ...what].join(' ');

/**
 * Notes that an email was opened. Of who withdrew the consent to that nothing is noted, though the picture is in the
 * email (behaviour 3.1).
 */
export async function noteOpen(ports: Ports, link: MessageName, { by, at }: Act): Promise<void> {
  const known = await findMessage(ports, link);
  if (!known) return;
  const { address: value } = known.item;
  const contact = value === undefined ? undefined : await readContact(ports, link.account, { kind: 'email', value });
  if (contact?.item?.consents?.open_tracking?.state === 'UNSUBSCRIBED') return;
  const properties = { machine_open: by === 'machine' };
  await tell(ports, known.name, { became: 'opened', at, once: onceIn(at, 'opened', by), properties });
}

/** Notes that a link was followed. Software that follows links is told apart, and says nothing for the person. */
export async function noteClick(ports: Ports, link: MessageName & { url: string }, { by, at }: Act): Promise<void> {
  const properties = { URL: link.url, 'Bot Click': by === 'machine' };
  const once = onceIn(at, 'clicked', by, derivedId(22, link.url));
  await tell(ports, link, { became: 'clicked', at, once, properties });
}

/** What following a link says of the person. */
async function noteProperty(ports: Ports, link: MessageName, [name, value]: readonly [string, string]): Promise<void> {
  const known = await findMessage(ports, link);
  if (!known) return;
  const input = { identifiers: {}, attributes: {}, properties: { [name]: value } };
  await updateProfile(ports, link.account, known.name.profile, input);
}

/** Notes an open or a click, with what it says of the person. Twice is once. */
export async function noteInteraction(ports: Ports, { act, by, ...said }: Interaction): Promise<void> {
  const { profile, message } = said;
  const name = { account: accountId(said.account), profile, message };
  const at = instantOf(said.at);
  if (act === 'opened') return noteOpen(ports, name, { by, at });
  if (said.says && by === 'person') await noteProperty(ports, name, said.says);
  await noteClick(ports, { ...name, url: said.url ?? '' }, { by, at });
}

/** Notes that a push message was opened, as the app's event says by the token that the message brought. */
export async function notePushOpened(ports: Ports, { account, token, at }: PushOpened): Promise<void> {
  const link = await readLink(ports, 'open', token);
  const known = link?.account === account ? await findMessage(ports, link) : undefined;
  if (known?.item.channel !== 'push') return;
  await tell(ports, known.name, { became: 'opened', at: instantOf(at) });
}
