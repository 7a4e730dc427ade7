// Confirmation messages of double opt-in: decided, claimed, handed over and settled as every message is, but kept with the
// opt-in that waits, for there is no person yet whose message it could be.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { Email, Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { ContactItem, OptInItem } from '../../storage/items.ts';
import { contactKey, optInKey } from '../../storage/patterns.ts';
import type { Key } from '../../storage/store.ts';
import { readAccount } from '../account/index.ts';
import { askedOf, confirmableFor, toldOf } from '../consent/index.ts';
import { readForgotten } from '../identity/index.ts';
import { type Due, defer, setTimer } from '../timers/index.ts';
import { isAddress } from './address.ts';
import { confirmationEmail } from './confirmation-email.ts';
import type { SkipReason } from './decision.ts';
import { answerTo, claimLasts, pauseOf } from './hand-over.ts';
import { afterRest, mayClaim, noteAnswer } from './provider-rests.ts';
import type { Outcome } from './settle.ts';

/** What names a confirmation message: the keyed hash of its address, and its list. */
export interface ConfirmationName {
  account: AccountId;
  contact: string;
  message: string;
}

const keysOf = ({ account, contact, message }: ConfirmationName) => {
  const address = contactKey(account, 'email', contact);
  return { address, optIn: optInKey(address, message) };
};

/** Sends a queued confirmation message, or skips it with the reason. At most one call reaches the provider. */
export async function deliverConfirmation(ports: Ports, name: ConfirmationName): Promise<void> {
  const claimed = await untilWon(() => claim(ports, name));
  if (!claimed) return;
  const answer = await answerTo(ports, { channel: 'email', email: claimed.email });
  if (answer === 'postponed') await giveBack(ports, name, claimed.at);
  else if (answer) await settleConfirmation(ports, name, answer.outcome, ['CLAIMED', 'UNKNOWN']);
  else ports.log.error('outcome of a confirmation message unknown', { ...name });
  await noteAnswer(ports, { account: name.account, channel: 'email', wasTry: claimed.wasTry }, answer);
}

/** Decides on the world as it is and claims the message; undefined when there is nothing to hand over. */
async function claim(
  ports: Ports,
  name: ConfirmationName,
): Promise<{ email: Email; at: Instant; wasTry: boolean } | undefined> {
  const { account } = name;
  const { address: contactAt, optIn: key } = keysOf(name);
  const [item, contact, owner] = await Promise.all([
    ports.store.get(key),
    ports.store.get(contactAt),
    readAccount(ports, account),
  ]);
  const now = ports.clock.now();
  if (item?.status !== 'QUEUED' || now >= instantOf(item.requested) + confirmableFor) return undefined;
  const { address } = askedOf(item);
  const reason = reasonAgainst(address, owner.sender_email, contact);
  if (reason) {
    await settleConfirmation(ports, name, { status: 'SKIPPED', reason }, ['QUEUED']);
    return undefined;
  }
  const { requested, list = '' } = item;
  // Whoever is forgotten is not written to any more; what waits is on its way out.
  const forgotten = await readForgotten(ports, account, [{ kind: 'email', value: address }]);
  if (forgotten.at !== undefined && forgotten.at >= toldOf(item)) return undefined;
  const may = mayClaim(account, owner, 'email', now);
  if ('until' in may) {
    await ports.store.write(await timer(ports, name, 'confirm', afterRest(may.until, name.contact)));
    return undefined;
  }
  await ports.store.transact([
    {
      update: key,
      set: { status: 'CLAIMED', claimed: sortable(now) },
      if: { equals: { status: 'QUEUED', requested } },
    },
    { check: contactAt, if: contact ? { equals: { version: contact.version } } : { absent: true } },
    ...forgotten.unchanged,
    await timer(ports, name, 'expire-confirmation', now + claimLasts),
    ...may.writes,
  ]);
  const email = confirmationEmail(ports.settings, { owner, address, list, requested, ...name });
  return { email, at: now, wasTry: may.writes.length > 0 };
}

/** Nothing goes to an address that bounced. Who unsubscribed is asked: a confirmation is the way back. */
function reasonAgainst(address: string, sender: string, contact: ContactItem | undefined): SkipReason | undefined {
  if (!isAddress(address)) return 'Email Syntax Error';
  if (!isAddress(sender)) return 'Invalid From Email';
  const bounced = contact?.suppressions.some(({ reason }) => reason === 'HARD_BOUNCE' || reason === 'INVALID_EMAIL');
  return bounced ? 'Person Suppressed' : undefined;
}

type Timed = 'confirm' | 'expire-confirmation';

const timerOf = (name: ConfirmationName, type: Timed, at: Instant): Due<'messages'> => ({
  account: name.account,
  at,
  queue: 'messages',
  id: `${type} ${name.contact} ${name.message}`,
  message: { type, ...name },
  renewable: true,
});

const timer = (ports: Ports, name: ConfirmationName, type: Timed, at: Instant) => defer(ports, timerOf(name, type, at));

/** The provider surely took nothing: the message is queued again and goes out when its timer falls due. */
async function giveBack(ports: Ports, name: ConfirmationName, at: Instant): Promise<void> {
  const { optIn: update } = keysOf(name);
  await ports.store.transact([
    {
      update,
      set: { status: 'QUEUED' },
      remove: ['claimed'],
      if: { equals: { status: 'CLAIMED', claimed: sortable(at) } },
    },
    await timer(ports, name, 'confirm', ports.clock.now() + pauseOf(name.contact)),
  ]);
}

/** Writes the outcome if the message stands at one of `from`. Twice is once. */
export async function settleConfirmation(
  ports: Pick<Ports, 'store' | 'clock'>,
  name: ConfirmationName,
  outcome: Outcome,
  from: readonly OptInItem['status'][],
): Promise<void> {
  const { optIn: key } = keysOf(name);
  await untilWon(async () => {
    const item = await ports.store.get(key);
    if (!item || !from.includes(item.status)) return;
    await ports.store.write({
      update: key,
      set: { ...outcome, finished: sortable(ports.clock.now()) },
      if: { equals: { status: item.status, requested: item.requested } },
    });
  });
}

/** Settles a claim that had no outcome for 15 minutes as unknown: it is not sent again. */
export async function expireConfirmation(ports: Ports, name: ConfirmationName): Promise<void> {
  const item = await findConfirmation(ports, name);
  if (item?.status !== 'CLAIMED' || item.claimed === undefined) return;
  const until = instantOf(item.claimed) + claimLasts;
  // Of a younger claim, or this host's clock is behind: see `expire`.
  if (until > ports.clock.now()) return setTimer(ports, timerOf(name, 'expire-confirmation', until));
  await settleConfirmation(ports, name, { status: 'UNKNOWN' }, ['CLAIMED']);
}

/** The opt-in that a confirmation message belongs to, while it waits. */
export async function findConfirmation(ports: Ports, name: ConfirmationName): Promise<OptInItem | undefined> {
  const key: Key<OptInItem> = keysOf(name).optIn;
  return ports.store.get(key);
}
