import { type AccountId, accountId } from '../../shared/kernel/ids.ts';
import { type Delivery, eachByItself } from '../../shared/lambda/queue.ts';
import type { Message } from '../../shared/messages.ts';
import type { EnrolmentItem } from '../../shared/storage/items.ts';
import type { Ports } from '../../shared/ports.ts';
import { noteTouches } from '../../shared/domain/catalog/index.ts';
import {
  type Flow,
  advance,
  backPopulate,
  cachedFlows,
  enrol,
  enrolByDate,
  enrolJoined,
  lookAtAudience,
  lookAtDates,
  lookAtStock,
  noteOrder,
  planDates,
  review,
  takeChange,
  takeStock,
  tellOn,
} from '../../shared/domain/flows/index.ts';

/** The worker of the queue `flows`: enrols and advances; answers the ids of the messages that must come again. */
export function flowsWork(ports: Ports): (deliveries: readonly Delivery<'flows'>[]) => Promise<string[]> {
  const flows = cachedFlows(ports.store);
  return async (deliveries) => {
    const accounts = [...new Set(deliveries.map(({ body }) => body.account))].map(accountId);
    // One check of the stamp for an account and a batch.
    const held = new Map(
      await Promise.all(accounts.map(async (account) => [account, await flows.all(account)] as const)),
    );
    const how = { abreast: deliveries.length, shown: ['type', 'account'] } as const;
    return eachByItself(ports, deliveries, how, (body) => {
      const account = accountId(body.account);
      return workOff(ports, account, held.get(account) ?? [], body);
    });
  };
}

async function workOff(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  message: Message<'flows'>,
): Promise<void> {
  for (const enrolment of await take(ports, account, flows, message)) {
    const { id, profile, step, visit, due } = enrolment;
    // Saves the way through the change feed, which takes the same step if this one is not reached.
    if (step !== undefined && due === undefined)
      await advance(ports, account, flows, { profile, enrolment: id, step, visit });
  }
}

/** The work of one message; answers the enrolments that it made. */
async function take(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  message: Message<'flows'>,
): Promise<EnrolmentItem[]> {
  if (message.type === 'event') {
    await noteOrder(ports, account, flows, message);
    return enrol(ports, account, flows, message);
  }
  if (message.type === 'joined') return enrolJoined(ports, account, flows, message);
  if (message.type === 'date') return enrolByDate(ports, account, flows, message);
  if (message.type === 'dates') await lookAtDates(ports, account, flows, message);
  else if (message.type === 'touch') await noteTouches(ports, account, message);
  else if (message.type === 'variant') await variantChanged(ports, account, flows, message);
  else if (message.type === 'audience') await lookAtAudience(ports, account, flows, message);
  else if (message.type === 'waits') await lookAtStock(ports, account, flows, message);
  else if (message.type === 'restock') await tellOn(ports, account, flows, message);
  else if ('job' in message) await jobs[message.type](ports, account, flows, message);
  else if (message.type === 'plan-dates') await planDates(ports, account, flows, message);
  else await advance(ports, account, flows, message);
  return [];
}

/** The jobs about flows, a stretch at a time. */
const jobs = { 'back-populate': backPopulate, review } as const;

/** What follows from it for who waits, and for who had to do with it. */
async function variantChanged(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  message: Extract<Message<'flows'>, { type: 'variant' }>,
): Promise<void> {
  await takeStock(ports, account, flows, message);
  await takeChange(ports, account, flows, message);
}
