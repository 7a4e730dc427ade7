import { type Instant, minute } from '../../kernel/time.ts';
import type { WakeUp } from '../../messages.ts';
import type { Clock, Schedule } from '../../ports.ts';
import { createHeap } from './heap.ts';

/** A schedule that fell due. */
export interface Due {
  name: string;
  at: Instant;
  payload: WakeUp;
}

export interface MemorySchedule extends Schedule {
  /** Fires every `minutes` minutes, at whole multiples of that time, until the process ends. */
  every(name: string, minutes: number, payload: WakeUp): void;
  /** Takes out the earliest schedule that is due now; a one-off is gone with it. */
  take(): Due | undefined;
  /** When the earliest schedule is due. */
  dueAt(): Instant | undefined;
  /** The one-offs that have not run, earliest first. */
  pending(): Due[];
}

interface Entry extends Due {
  period?: number;
  order: number;
}

/** Schedules on a clock; equal instants fire in the order of their making. `onChange` hears of every new one. */
export function createSchedule(options: { clock: Clock; onChange?: () => void }): MemorySchedule {
  const { clock, onChange } = options;
  const heap = createHeap<Entry>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  const oneOffs = new Map<string, Due>();
  let order = 0;

  function push(due: Due, period?: number): void {
    heap.push({ ...due, order: (order += 1), ...(period !== undefined && { period }) });
    onChange?.();
  }

  return {
    async once({ name, at, payload }) {
      if (oneOffs.has(name)) return;
      oneOffs.set(name, { name, at, payload });
      push({ name, at, payload });
    },
    every(name, minutes, payload) {
      const period = minutes * minute;
      push({ name, at: (Math.floor(clock.now() / period) + 1) * period, payload }, period);
    },
    take() {
      const due = heap.peek();
      if (!due || due.at > clock.now()) return undefined;
      heap.pop();
      const { name, at, payload, period } = due;
      if (period === undefined) oneOffs.delete(name);
      else push({ name, at: at + period, payload }, period);
      return { name, at, payload };
    },
    dueAt: () => heap.peek()?.at,
    pending: () => [...oneOffs.values()].sort((a, b) => a.at - b.at),
  };
}
