import type { Due, MemorySchedule } from '../../shared/adapters/memory/index.ts';
import { minute } from '../../shared/kernel/time.ts';
import type { Clock } from '../../shared/ports.ts';
import type { GivenUp, Invoke, Source } from './source.ts';

/** Lambda tries an asynchronous invocation again after these waits, then gives it up. */
const waits = [minute, 2 * minute];

/** Invokes a function for every schedule that falls due. */
export function wakeSource(options: {
  clock: Clock;
  name: string;
  schedule: MemorySchedule;
  invoke: Invoke;
  givenUp: GivenUp[];
}): Source {
  const { clock, name, schedule, invoke, givenUp } = options;
  const again: (Due & { tries: number })[] = [];

  function takeAgain() {
    const index = again.findIndex((due) => due.at <= clock.now());
    return index < 0 ? undefined : again.splice(index, 1)[0];
  }

  async function work(due: Due, tries: number): Promise<void> {
    try {
      await invoke(due.payload);
    } catch {
      const wait = waits[tries];
      if (wait === undefined) givenUp.push({ function: name, at: clock.now(), work: due.payload });
      else again.push({ ...due, at: clock.now() + wait, tries: tries + 1 });
    }
  }

  return {
    next() {
      const retried = takeAgain();
      if (retried) return async () => work(retried, retried.tries);
      const due = schedule.take();
      return due && (async () => work(due, 0));
    },
    dueAt() {
      const times = again.map((due) => due.at);
      const first = schedule.dueAt();
      if (first !== undefined) times.push(first);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
  };
}
