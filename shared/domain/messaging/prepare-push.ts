import type { Ports, PushDevice } from '../../ports.ts';
import { accountOf, pushTokenKey } from '../../storage/patterns.ts';
import type { Check } from '../../storage/store.ts';
import { tokensOf } from '../identity/index.ts';
import type { PushContent } from './content.ts';
import { gatePush } from './gate-push.ts';
import { type Circumstances, type Prepare, notSent, plainRenderer, tagsOf, unlessBroken } from './prepare.ts';
import { toldOfPush } from './told.ts';

/** At most as many devices as a claim can watch in its transaction: those told of last. */
const mostDevices = 25;

/** A push message to the devices of a person. */
export const preparePush: Prepare<PushContent> = async (ports, about) => {
  const { item, profile } = about;
  const account = accountOf(item);
  const tokens = (await tokensOf(ports, account, profile.id)).slice(-mostDevices);
  const decision = gatePush({ ...about, tokens });
  if (!decision.send) return notSent(decision);
  const devices = decision.to;
  const words = await unlessBroken(ports, { account, message: item.id }, () => wordsOf(ports, about));
  if (!words) return { skip: 'Unable to Send' };
  return {
    outgoing: { channel: 'push', push: { devices, ...words, tags: tagsOf(item) } },
    kept: { told: toldOfPush(about, words) },
    unchanged: tokens
      .filter(({ token }) => isAmong(devices, token))
      .map((token): Check => ({
        check: pushTokenKey(account, profile.id, token.token),
        if: { equals: { recorded: token.recorded } },
      })),
  };
};

const isAmong = (devices: readonly PushDevice[], token: string) => devices.some((device) => device.token === token);

async function wordsOf(ports: Ports, about: Circumstances<PushContent>) {
  const { content } = about;
  const render = await plainRenderer(ports, about);
  const data = Object.fromEntries(Object.entries(content.data).map(([name, value]) => [name, render(value)]));
  return { title: render(content.title), body: render(content.body), data };
}
