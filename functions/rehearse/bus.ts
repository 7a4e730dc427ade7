// EventBridge: takes events and keeps the latest; nobody in the stack listens.
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { createBus } from '../../shared/adapters/memory/bus.ts';
import type { MemoryBus } from '../../shared/adapters/memory/bus.ts';
import type { DomainEvent } from '../../shared/domain-events.ts';
import { arnOf } from './names.ts';
import type { Deployed } from './template.ts';
import { bodyOf, json, type Service, unknownOperation } from './wire.ts';

const entries = z.object({
  Entries: z
    .array(z.object({ EventBusName: z.string(), Source: z.string(), DetailType: z.string(), Detail: z.string() }))
    .check(z.maxLength(10)),
});

const arnIn = (name: string) => (name.startsWith('arn:') ? name : arnOf('events', `event-bus/${name}`));

/** The buses of the template. */
export function createEvents(deployed: Deployed): { service: Service; published: MemoryBus['published'] } {
  const kept = createBus();
  const known = new Set(deployed.ofType('AWS::Events::EventBus').map(({ arn }) => arn));
  return {
    published: kept.published,
    service: {
      acts: (request) => {
        const { Entries } = entries.parse(bodyOf(request));
        const resources = new Set(Entries.map(({ EventBusName }) => arnIn(EventBusName)));
        return [...resources].map((resource) => ({ action: `events:${request.operation}`, resource }));
      },
      async answer(request) {
        if (request.operation !== 'PutEvents') throw unknownOperation('EventBridge', request.operation);
        const { Entries } = entries.parse(bodyOf(request));
        // As in EventBridge, an event for a bus that is not there is taken and lost.
        const heard = Entries.filter(({ EventBusName }) => known.has(arnIn(EventBusName)));
        await kept.publish(heard.map(({ DetailType, Detail }) => eventOf(DetailType, Detail)));
        return json({ FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: randomUUID() })) });
      },
    },
  };
}

function eventOf(type: string, text: string): DomainEvent {
  const { account = '', ...detail } = JSON.parse(text) as Record<string, unknown> & { account?: string };
  return { type: type as DomainEvent['type'], account, detail };
}
