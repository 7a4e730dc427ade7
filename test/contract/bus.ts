import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../shared/domain-events.ts';
import type { Bus } from '../../shared/ports.ts';

/** A bus port with a way to see what it took. */
export interface BusUnderTest {
  bus: Bus;
  published: () => Promise<DomainEvent[]>;
}

const event = (n: number): DomainEvent => ({ type: 'profile.created', account: 'a1', detail: { n } });

/** What every bus adapter must do. `make` gives an empty one. */
export function describeBus(name: string, make: () => Promise<BusUnderTest>): void {
  describe(`the bus port on ${name}`, () => {
    it('takes more events than a batch holds', async () => {
      const { bus, published } = await make();
      const events = Array.from({ length: 25 }, (_, n) => event(n));
      await bus.publish(events);
      const order = (a: DomainEvent, b: DomainEvent) => Number(a.detail.n) - Number(b.detail.n);
      expect((await published()).sort(order)).toEqual(events);
    });

    it('takes nothing without complaint', async () => {
      const { bus, published } = await make();
      await bus.publish([]);
      expect(await published()).toEqual([]);
    });
  });
}
