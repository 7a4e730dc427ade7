// Messages of manual actions, which wait until somebody has looked at them: let go, or cancelled, by a job.
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem, MessageItem } from '../../storage/items.ts';
import { everyShard, joinedUntil, messageAt, messageKey, messagesInReview } from '../../storage/patterns.ts';
import { ConditionFailed, type Update } from '../../storage/store.ts';
import { aboutPerson } from '../identity/index.ts';
import { type Stretch, inputOf, workOnJob } from '../jobs/index.ts';
import { type SkipReason, needsReview } from '../messaging/index.ts';
import { cursorAfter, placeAt } from './stretch.ts';

/** What such a job works on. */
export interface Review {
  decision: 'send' | 'cancel';
  /** What sends, of the action: experiments have more than one. */
  sends: readonly string[];
  /** These alone; absent: all that waited when the job was accepted. */
  messages?: readonly { id: string; profile: string }[];
}

/** True of a message that waits for somebody to look at it. */
export const isInReview = ({ status, reason }: MessageItem): boolean => status === 'SKIPPED' && reason === needsReview;

const stretchLength = 100;

/** Works on one stretch. Done again it changes nothing: what has been decided on does not wait any more. */
export function review(
  ports: Ports,
  account: AccountId,
  _flows: unknown,
  { job: id, cursor }: Pick<Extract<Message<'flows'>, { job: string }>, 'job' | 'cursor'>,
): Promise<void> {
  const turn = { id, type: 'review' as const, ...(cursor !== undefined && { cursor }) };
  return workOnJob(ports, account, turn, async (job) => {
    const asked = (await inputOf(ports, job)) as Review;
    return asked.messages
      ? decideAll(ports, account, job, asked, asked.messages)
      : decideStretch(ports, account, job, asked);
  });
}

/** The partitions are the shards of what sends first, then those of what sends second, and so on. */
async function decideStretch(ports: Ports, account: AccountId, job: JobItem, asked: Review): Promise<Stretch> {
  const place = placeAt(job.cursor);
  const send = asked.sends[Math.floor(place.partition / everyShard.length)];
  if (send === undefined) return { completed: 0, failed: 0 };
  const { after } = place;
  const query = messagesInReview(account, send, place.partition % everyShard.length);
  const limits = { to: joinedUntil(job.created), limit: stretchLength, ...(after !== undefined && { after }) };
  const page = await ports.store.query({ ...query, ...limits });
  const items = await ports.store.getMany(page.items.map(messageAt));
  const waiting = items.filter((item) => item !== undefined).filter(isInReview);
  const stretch = await decideAll(ports, account, job, asked, waiting);
  return { ...stretch, ...cursorAfter(place, page.next, asked.sends.length * everyShard.length) };
}

async function decideAll(
  ports: Ports,
  account: AccountId,
  job: JobItem,
  asked: Review,
  names: readonly { id: string; profile: string }[],
): Promise<Stretch> {
  let done = 0;
  for (const name of names) if (await decide(ports, account, asked, name)) done += 1;
  const total = job.completed + job.skipped + names.length;
  return { total, completed: done, failed: 0, skipped: names.length - done };
}

/** Lets one message go, or cancels it; false when it does not wait, or is of another action. */
function decide(
  ports: Ports,
  account: AccountId,
  { decision, sends }: Review,
  { id, profile }: { id: string; profile: string },
): Promise<boolean> {
  return aboutPerson(ports, account, profile, async (home, settled) => {
    const item = await ports.store.get(messageKey(account, home, id));
    if (!item && !settled) throw new ConditionFailed();
    if (!item || !isInReview(item) || !sends.includes(item.action ?? '')) return false;
    await ports.store.write(decided(item, decision, sortable(ports.clock.now())));
    return true;
  });
}

const cancelled: SkipReason = 'Email Cancelled';

function decided({ pk, sk, channel }: MessageItem, decision: Review['decision'], now: string): Update {
  const waits = { equals: { status: 'SKIPPED', reason: needsReview } };
  if (decision === 'send') {
    const set = { status: 'QUEUED', released: now };
    return { update: { pk, sk }, set, remove: ['reason', 'finished', 'gpk', 'gsk'], if: waits };
  }
  const reason = channel === 'email' ? cancelled : 'Cancelled';
  return { update: { pk, sk }, set: { reason, finished: now }, remove: ['gpk', 'gsk'], if: waits };
}
