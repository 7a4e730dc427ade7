// The table's time to live: dynoxide leaves expired items alone, and its clock is the machine's.
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { createHeap } from '../../shared/adapters/memory/heap.ts';
import { hour, type Instant, second } from '../../shared/kernel/time.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Source } from '../local/source.ts';
import type { CallDatabase } from './dynamodb.ts';
import type { Resource } from './template.ts';

type Keys = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['Keys']>;

interface Expiring {
  keys: Keys;
  /** The attribute's value, whole seconds. */
  expires: string;
  at: Instant;
}

export interface Expiry {
  source: Source;
  /** Takes note of a record of the stream, and gives it back as the stream tells it: removals of the service are marked. */
  seen: (record: DynamoDBRecord) => DynamoDBRecord;
}

/** The same for the same key, in whatever order its parts come. */
const nameOf = (keys: Keys = {}) => JSON.stringify(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1)));

const properties = z.object({
  TimeToLiveSpecification: z.optional(z.object({ AttributeName: z.string(), Enabled: z.boolean() })),
});

/** Removes expired items once an hour: DynamoDB too takes its time. An item whose time was moved meanwhile stays. */
export function createExpiry({ clock, call, table }: { clock: Clock; call: CallDatabase; table: Resource }): Expiry {
  const { TimeToLiveSpecification: given } = properties.parse(table.properties);
  const attribute = given?.Enabled ? given.AttributeName : undefined;
  const waiting = createHeap<Expiring>((a, b) => a.at < b.at);
  const removing = new Set<string>();
  let running = false;

  const nextRound = ({ at }: Expiring): Instant => Math.ceil(at / hour) * hour;

  async function remove({ keys, expires }: Expiring): Promise<void> {
    const name = nameOf(keys);
    removing.add(name);
    await call('DynamoDB_20120810.DeleteItem', {
      TableName: table.ref,
      Key: keys,
      ConditionExpression: '#expires = :expires',
      ExpressionAttributeNames: { '#expires': attribute },
      ExpressionAttributeValues: { ':expires': { N: expires } },
    }).catch((error: unknown) => {
      removing.delete(name);
      if (!String(error).includes('ConditionalCheckFailed')) throw error;
    });
  }

  async function round(): Promise<void> {
    for (let next = waiting.peek(); next && next.at <= clock.now(); next = waiting.peek()) {
      waiting.pop();
      await remove(next);
    }
  }

  return {
    seen(record) {
      const { Keys: keys, NewImage } = record.dynamodb ?? {};
      const expires = attribute === undefined ? undefined : NewImage?.[attribute]?.N;
      if (keys && expires !== undefined) waiting.push({ keys, expires, at: Number(expires) * second });
      if (record.eventName !== 'REMOVE' || !removing.delete(nameOf(keys))) return record;
      return { ...record, userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } };
    },
    source: {
      next() {
        const first = waiting.peek();
        if (running || !first || nextRound(first) > clock.now()) return undefined;
        running = true;
        return async () => round().finally(() => (running = false));
      },
      dueAt() {
        const first = waiting.peek();
        return first && nextRound(first);
      },
    },
  };
}
