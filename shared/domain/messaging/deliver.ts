// Sending is: decide, claim, hand over, note the outcome. Behind a claim stands exactly one call to the provider. A lost
// answer is never answered by sending again.
import { instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { messageKey } from '../../storage/patterns.ts';
import { ConditionFailed, type Write } from '../../storage/store.ts';
import { aboutPerson, removePushToken } from '../identity/index.ts';
import { defer, setTimer, undefer } from '../timers/index.ts';
import { type Claim, type ContentOf, claim, expiryOf } from './claim.ts';
import { answerTo, claimLasts, pauseOf } from './hand-over.ts';
import { restoreLastSent } from './last-sent.ts';
import type { MessageName } from './message-name.ts';
import { noteAnswer } from './provider-rests.ts';
import { findMessage, settle } from './settle.ts';

/**
 * Delivers a queued message, or skips it with the reason. Does nothing when the message is not queued any more: at most
 * one call ever reaches the provider, however often the same delivery comes.
 */
export async function deliver(ports: Ports, name: MessageName, contentOf: ContentOf): Promise<void> {
  const claimed = await aboutPerson(ports, name.account, name.profile, (profile, settled) =>
    claim(ports, { ...name, profile }, settled, contentOf),
  );
  if (claimed) await handOver(ports, claimed);
}

async function handOver(ports: Ports, claimed: Claim): Promise<void> {
  const { name } = claimed;
  const answer = await answerTo(ports, claimed.outgoing);
  if (answer === 'postponed') await giveBack(ports, claimed);
  // The claim stays; the provider's own report or the timer settles it. Only ids: errors may quote addresses.
  else if (!answer) ports.log.error('outcome of a message unknown', { ...name });
  else {
    await settle(ports, name, answer.outcome, ['CLAIMED', 'UNKNOWN']);
    // Its timer has nothing to find, also when a report came first: it costs as much to take it back as to send it on, and
    // one that was written behind the sweeps would stay (seed 413 of 500 operations).
    await undefer(ports, expiryOf(name, claimed.at));
  }
  const { wasTry, outgoing } = claimed;
  await noteAnswer(ports, { account: name.account, channel: outgoing.channel, wasTry }, answer);
  // One that this does not get to is found dead again by the next message.
  if (typeof answer === 'object') for (const token of answer.gone) await removePushToken(ports, name.account, token);
}

/** The provider surely took nothing: the message is queued again and decided on anew when its timer falls due. */
async function giveBack(ports: Ports, claimed: Claim): Promise<void> {
  const { account, profile, message } = claimed.name;
  ports.log.info('message postponed by the provider', { ...claimed.name });
  await aboutPerson(ports, account, profile, async (home, settled) => {
    const name = { ...claimed.name, profile: home };
    const item = await ports.store.get(messageKey(account, home, message));
    if (!item && !settled) throw new ConditionFailed();
    if (item?.status === 'CLAIMED' && item.claimed === sortable(claimed.at)) await giveBackAt(ports, name, claimed);
  });
}

async function giveBackAt(ports: Ports, name: MessageName, { at, before, waited, postponed }: Claim): Promise<void> {
  const { account, profile, message } = name;
  if (before) await restoreLastSent(ports, { ...name, ...before }, at, before.lastSent);
  const due = await defer(ports, {
    account,
    // Servers of others get more and more time: as much as has gone by.
    at: ports.clock.now() + Math.max(pauseOf(message, postponed), waited),
    queue: 'messages',
    id: `${message} again`,
    message: { type: 'deliver', account, profile, message },
  });
  const again: Write = {
    update: messageKey(account, profile, message),
    set: { status: 'QUEUED', postponed: postponed + 1 },
    remove: ['claimed', 'address', 'segments', 'told'],
    if: { equals: { status: 'CLAIMED', claimed: sortable(at) } },
  };
  await ports.store.transact([again, due]);
}

/**
 * Settles a claim that had no outcome for 15 minutes as unknown. A report of the provider may still say more. One that
 * is younger has its timer set again, which is the one that it has, unless this was it and the clock of this host is behind
 * that of the host that claimed (seed 100).
 */
export async function expire(ports: Ports, name: MessageName): Promise<void> {
  const { item } = (await findMessage(ports, name)) ?? {};
  if (item?.status !== 'CLAIMED' || item.claimed === undefined) return;
  const at = instantOf(item.claimed);
  if (at + claimLasts > ports.clock.now()) return setTimer(ports, expiryOf(name, at));
  await settle(ports, name, { status: 'UNKNOWN' }, ['CLAIMED']);
}
