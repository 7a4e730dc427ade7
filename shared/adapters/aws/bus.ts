import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { toQueueText } from '../../kernel/json.ts';
import type { Bus } from '../../ports.ts';
import { chunks, patience } from './client.ts';
import type { Environment } from './environment.ts';

/** What PutEvents takes in one call; its limit of 256 KB counts more than the detail, hence the margin. */
const batch = { count: 10, bytes: 200 * 1024 };

const rounds = 4;

/** EventBridge behind the bus port: source `millrace`, the event's type as detail-type, the account in the detail. */
export function createBus(options: { client: EventBridgeClient; busName: string }): Bus {
  return {
    async publish(events) {
      const entries = events.map((event) => ({
        EventBusName: options.busName,
        Source: 'millrace',
        DetailType: event.type,
        Detail: toQueueText({ account: event.account, ...event.detail }),
      }));
      for (const piece of chunks(entries, batch.count, batch.bytes, (entry) => Buffer.byteLength(entry.Detail))) {
        await putEvents(options.client, piece);
      }
    },
  };
}

/** The bus of the function's environment. */
export function awsBus(environment: Environment): Bus {
  return createBus({ client: new EventBridgeClient(patience), busName: environment('BUS_NAME') });
}

/** The answers come in the order of the entries; those with an error code were not taken and go again. */
async function putEvents(client: EventBridgeClient, entries: readonly PutEventsRequestEntry[]) {
  let left = entries;
  let reason = '';
  for (let round = 0; round < rounds; round += 1) {
    const answer = await client.send(new PutEventsCommand({ Entries: [...left] }));
    if (!answer.FailedEntryCount) return;
    const results = answer.Entries ?? [];
    left = left.filter((_, index) => results[index]?.ErrorCode !== undefined);
    reason = results.find((result) => result.ErrorCode !== undefined)?.ErrorCode ?? '';
  }
  throw new Error(`EventBridge did not take ${left.length} events: ${reason}`);
}
