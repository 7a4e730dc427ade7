import { toQueueText } from '../../kernel/json.ts';
import { type Instant, second } from '../../kernel/time.ts';
import type { QueueName } from '../../messages.ts';
import type { Clock, Ids, Queue } from '../../ports.ts';
import { createHeap } from './heap.ts';

/** A message as it lies in a queue. */
export interface Held {
  id: string;
  body: string;
  sentAt: Instant;
  /** How often it was handed out. */
  receives: number;
  firstReceivedAt?: Instant;
}

/** A message as it is handed out: gone for good once `remove` gets the receipt, back when its time is over. */
export interface Received extends Held {
  receipt: string;
  firstReceivedAt: Instant;
}

export interface QueueRules {
  /** For how long a message that was handed out stays hidden. */
  visibilitySeconds: number;
  /** Tries before a message goes to the dead-letter queue. */
  maxReceives: number;
}

/** The messages of a queue by what they wait for. */
export interface QueueCounts {
  /** Can be handed out now. */
  waiting: number;
  /** Sent with a delay that is not over. */
  delayed: number;
  /** Handed out: being worked on, or failed and hidden until the next try. */
  inFlight: number;
}

export interface MemoryQueue extends Queue {
  /** Hands out up to `max` (at most 10) messages that are visible now, oldest first. */
  receive(queue: QueueName, max: number): Received[];
  /** Deletes messages that were worked off. A receipt that is too old deletes nothing. */
  remove(queue: QueueName, receipts: readonly string[]): void;
  /** When the next message is visible; now, or earlier, when one is. */
  dueAt(queue: QueueName): Instant | undefined;
  /** Messages in the queue: visible, delayed or handed out. */
  size(queue: QueueName): number;
  counts(queue: QueueName): QueueCounts;
  deadLetters(queue: QueueName): readonly Held[];
  /** Puts the dead letters back, with new ids, as SQS does; tells how many there were. */
  redrive(queue: QueueName): number;
  /** Throws away the dead letters whose body is unwanted; tells how many. */
  discard(queue: QueueName, isUnwanted: (body: string) => boolean): number;
}

const maxDelaySeconds = 900;
const maxBytes = 1024 * 1024;

/** Why a queue does not take a message, as SQS would say; undefined when it does. */
export function refusal(body: string, delaySeconds: number): string | undefined {
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > maxDelaySeconds)
    return `The delay of a message is 0 to ${maxDelaySeconds} whole seconds, not ${delaySeconds}.`;
  // A UTF-16 unit takes at most 3 bytes: short bodies need no counting.
  if (body.length * 3 > maxBytes && Buffer.byteLength(body) > maxBytes) return 'A message has at most 1 MiB.';
  return undefined;
}

/** One queue, without its dead letters. */
export interface SingleQueue {
  /** Takes in a message. */
  accept(body: string, delaySeconds: number): { id: string };
  receive(max: number): Received[];
  remove(receipt: string): void;
  dueAt(): Instant | undefined;
  size(): number;
  counts(): QueueCounts;
}

/**
 * One queue with the semantics of an SQS standard queue. `bury` gets what was handed out too often. The body and the
 * delay of a message are the caller's to check (`refusal`).
 */
export function createSingleQueue(options: {
  rules: QueueRules;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
  bury: (message: Held) => void;
}): SingleQueue {
  const { rules, clock, ids, bury } = options;
  interface Delayed extends Held {
    visibleAt: Instant;
    order: number;
  }
  type InFlight = Received & { visibleAt: Instant };
  const delayed = createHeap<Delayed>(
    (a, b) => a.visibleAt < b.visibleAt || (a.visibleAt === b.visibleAt && a.order < b.order),
  );
  // Handed-out messages in the order of their time-out: it is the same for all, and a Map keeps the order of insertion.
  const inFlight = new Map<string, InFlight>();
  let visible: Held[] = [];
  let taken = 0;
  let order = 0;

  function bringBack(now: Instant): void {
    for (let next = delayed.peek(); next && next.visibleAt <= now; next = delayed.peek()) {
      delayed.pop();
      visible.push(next);
    }
    for (const [receipt, message] of inFlight) {
      if (message.visibleAt > now) break;
      inFlight.delete(receipt);
      if (message.receives >= rules.maxReceives) bury(message);
      else visible.push(message);
    }
  }

  function handOut(message: Held, now: Instant): Received {
    const { id, body, sentAt, firstReceivedAt = now } = message;
    const receives = message.receives + 1;
    const received = { id, body, sentAt, receives, firstReceivedAt, receipt: `${id}.${receives}` };
    inFlight.set(received.receipt, { ...received, visibleAt: now + rules.visibilitySeconds * second });
    return received;
  }

  return {
    accept(body, delaySeconds) {
      const now = clock.now();
      const message = { id: ids.uuid(), body, sentAt: now, receives: 0 };
      if (delaySeconds === 0) visible.push(message);
      else delayed.push({ ...message, visibleAt: now + delaySeconds * second, order: (order += 1) });
      return { id: message.id };
    },
    receive(max) {
      const now = clock.now();
      bringBack(now);
      const end = Math.min(visible.length, taken + Math.min(max, 10));
      const received = visible.slice(taken, end).map((message) => handOut(message, now));
      taken = end;
      // Forget what was handed out in strides, so that a long queue is not copied for every batch.
      if (taken === visible.length || taken > 1000) [visible, taken] = [visible.slice(taken), 0];
      return received;
    },
    remove: (receipt) => void inFlight.delete(receipt),
    dueAt() {
      if (taken < visible.length) return clock.now();
      const [oldest] = inFlight.values();
      const times = [delayed.peek()?.visibleAt, oldest?.visibleAt].filter((at) => at !== undefined);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
    size: () => visible.length - taken + delayed.size + inFlight.size,
    counts: () => ({ waiting: visible.length - taken, delayed: delayed.size, inFlight: inFlight.size }),
  };
}

/** The queues of `rules`, with the semantics of SQS standard queues, on a clock. `onSend` hears of every new message. */
export function createQueue(options: {
  clock: Clock;
  ids: Ids;
  rules: Readonly<Record<QueueName, QueueRules>>;
  onSend?: () => void;
}): MemoryQueue {
  const { clock, ids, rules, onSend } = options;
  const held = new Map(
    Object.entries(rules).map(([name, rule]) => {
      const dead: Held[] = [];
      const bury = (message: Held) => void dead.push(message);
      return [name, { dead, ...createSingleQueue({ rules: rule, clock, ids, bury }) }];
    }),
  );
  function named(queue: QueueName) {
    const found = held.get(queue);
    if (!found) throw new Error(`There is no queue ${queue}.`);
    return found;
  }
  return {
    async send(queue, messages) {
      const refusals = messages.flatMap(({ body, delaySeconds = 0 }) => {
        const text = toQueueText(body);
        const reason = refusal(text, delaySeconds);
        if (reason === undefined) named(queue).accept(text, delaySeconds);
        return reason ?? [];
      });
      onSend?.();
      if (refusals[0] !== undefined) throw new RangeError(refusals[0]);
    },
    receive: (queue, max) => named(queue).receive(max),
    remove: (queue, receipts) => receipts.forEach((receipt) => named(queue).remove(receipt)),
    dueAt: (queue) => named(queue).dueAt(),
    size: (queue) => named(queue).size(),
    counts: (queue) => named(queue).counts(),
    deadLetters: (queue) => named(queue).dead,
    redrive(queue) {
      const letters = named(queue).dead.splice(0);
      for (const letter of letters) named(queue).accept(letter.body, 0);
      if (letters.length > 0) onSend?.();
      return letters.length;
    },
    discard(queue, isUnwanted) {
      const { dead } = named(queue);
      const wanted = dead.filter(({ body }) => !isUnwanted(body));
      return dead.splice(0, dead.length, ...wanted).length - wanted.length;
    },
  };
}
