import type { PushDevice } from '../../ports.ts';
import { accountOf, pushTokenKey } from '../../storage/patterns.ts';
import type { Check } from '../../storage/store.ts';
import { tokensOf } from '../identity/index.ts';
import type { PushContent } from './content.ts';
import { gatePush } from './gate-push.ts';
import { signLink } from './links.ts';
import { madeOfPlain } from './make.ts';
import { type Prepare, notSent, tagsOf } from './prepare.ts';
import { toldOfPush } from './told.ts';

/** Where the app finds what it sends back when the message is opened: in `$opened_push`, under the same name. */
const openedBy = '_k';

/** At most as many devices as a claim can watch in its transaction: those told of last. */
const mostDevices = 25;

/** A push message to the devices of a person. */
export const preparePush: Prepare<PushContent> = async (ports, about) => {
  const { item, profile, content } = about;
  const account = accountOf(item);
  const tokens = (await tokensOf(ports, account, profile.id)).slice(-mostDevices);
  const decision = gatePush({ ...about, tokens });
  if (!decision.send) return notSent(decision);
  const devices = decision.to;
  const words = await madeOfPlain(ports, about, (render) => wordsOf(content, render));
  if ('skip' in words) return words;
  const opened = signLink(about.owner.secret, 'open', account, { profile: profile.id, message: item.id });
  const data = { ...words.made.data, [openedBy]: opened };
  return {
    outgoing: { channel: 'push', push: { devices, ...words.made, data, tags: tagsOf(item) } },
    kept: { told: toldOfPush(about, words.made) },
    unchanged: tokens
      .filter(({ token }) => isAmong(devices, token))
      .map((token): Check => ({
        check: pushTokenKey(account, profile.id, token.token),
        if: { equals: { recorded: token.recorded } },
      })),
  };
};

const isAmong = (devices: readonly PushDevice[], token: string) => devices.some((device) => device.token === token);

async function wordsOf({ title, body, data }: PushContent, render: (template: string) => Promise<string>) {
  const told: Record<string, string> = {};
  for (const [name, value] of Object.entries(data)) told[name] = await render(value);
  return { title: await render(title), body: await render(body), data: told };
}
