import { describe, expect, it } from 'vitest';
import { day, type Instant, minute } from '../../shared/kernel/time.ts';
import type { WakeUp } from '../../shared/messages.ts';
import type { Schedule } from '../../shared/ports.ts';

/** A schedule port with a way to see what it made. */
export interface ScheduleUnderTest {
  schedule: Schedule;
  now: Instant;
  /** Every schedule that has not run. */
  pending: () => Promise<{ name: string; at: Instant; payload: WakeUp }[]>;
}

const payload = (name: string): WakeUp => ({ account: 'a1', minute: name });

/** What every schedule adapter must do. `make` gives an empty one. */
export function describeSchedule(name: string, make: () => Promise<ScheduleUnderTest>): void {
  describe(`the schedule port on ${name}`, () => {
    it('keeps the time and the payload', async () => {
      const { schedule, now, pending } = await make();
      const at = Math.ceil(now / minute) * minute + day;
      await schedule.once({ name: 'due-a1-20260101T0005', at, payload: payload('x') });
      expect(await pending()).toEqual([{ name: 'due-a1-20260101T0005', at, payload: payload('x') }]);
    });

    it('makes one schedule of the same name twice, and does not mind', async () => {
      const { schedule, now, pending } = await make();
      const at = Math.ceil(now / minute) * minute + day;
      await Promise.all([1, 2, 3].map(() => schedule.once({ name: 'same', at, payload: payload('x') })));
      await schedule.once({ name: 'same', at, payload: payload('x') });
      expect(await pending()).toHaveLength(1);
    });

    it('takes a time that has passed', async () => {
      const { schedule, now } = await make();
      await expect(schedule.once({ name: 'past', at: now - day, payload: payload('x') })).resolves.toBeUndefined();
    });
  });
}
