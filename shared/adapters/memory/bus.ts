import type { DomainEvent } from '../../domain-events.ts';
import type { Bus } from '../../ports.ts';

export interface MemoryBus extends Bus {
  /** The latest events, oldest first. */
  readonly published: readonly DomainEvent[];
  /** Calls `listener` with every event from now on; the returned function ends it. */
  subscribe(listener: (event: DomainEvent) => void): () => void;
}

/** A bus that keeps its latest `keep` events. */
export function createBus({ keep = 1000 }: { keep?: number } = {}): MemoryBus {
  const published: DomainEvent[] = [];
  const listeners = new Set<(event: DomainEvent) => void>();
  return {
    published,
    async publish(events) {
      for (const event of events) {
        published.push(event);
        for (const listener of listeners) listener(event);
      }
      // Cut in strides: shifting on every event would copy the list each time.
      if (published.length > 2 * keep) published.splice(0, published.length - keep);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
