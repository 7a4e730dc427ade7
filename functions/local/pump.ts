import { setImmediate as turn } from 'node:timers/promises';
import type { LocalClock } from '../../shared/adapters/memory/index.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import type { Source } from './source.ts';

export interface Pump {
  /** Runs everything that can run now, and what follows from it, until nothing is left. */
  settle(): Promise<void>;
  /** Turns the clock forward by `ms`, stopping at every instant at which something falls due to settle it. */
  advance(ms: number): Promise<void>;
  /** Works in the background from now on: as soon as `poke` tells of work, and when something falls due. */
  run(): void;
  /** Ends that; resolves when the work under way is done. */
  stop(): Promise<void>;
  /** Tells that there may be work. */
  poke(): void;
}

/** Invocations after which the event loop gets its turn. */
const stride = 8;
/** Invocations after which the background work lets others (an advance of the clock) go first. */
const round = 500;
const longestTimer = 2 ** 31 - 1;

/** Drives sources in a fixed order, in turns, at most `parallel` invocations at a time. */
export function createPump(options: {
  sources: readonly Source[];
  clock: LocalClock;
  parallel: number;
  /** Called when nothing is left to run at the moment. */
  onIdle?: () => void;
}): Pump {
  const { sources, clock, parallel, onIdle } = options;
  let cursor = 0;
  let background = false;
  let poked = false;
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  let stir = (): void => undefined;

  function next(): (() => Promise<void>) | undefined {
    for (let i = 0; i < sources.length; i += 1) {
      const at = (cursor + i) % sources.length;
      const work = sources[at]?.next();
      if (!work) continue;
      cursor = (at + 1) % sources.length;
      return work;
    }
    return undefined;
  }

  function dueAt(): Instant | undefined {
    let earliest: Instant | undefined;
    for (const source of sources) {
      const at = source.dueAt();
      if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
    }
    return earliest;
  }

  /** Resolves at the next poke. */
  const poking = () => new Promise<void>((done) => (stir = done));

  async function drain(limit = Infinity): Promise<void> {
    const running = new Set<Promise<void>>();
    let idle = false;
    for (let count = 0; count < limit || running.size > 0;) {
      const work = running.size < parallel && count < limit ? next() : undefined;
      if (work) {
        idle = false;
        count += 1;
        const invocation = work().finally(() => running.delete(invocation));
        running.add(invocation);
        if (count % stride === 0) await turn();
      } else if (running.size > 0) {
        // Work that comes in meanwhile need not wait for what is under way, where there is room for both.
        const more = running.size < parallel && count < limit ? [poking()] : [];
        await Promise.race([...running, ...more]);
      } else if (idle) {
        onIdle?.();
        return;
      } else {
        // Whoever did not wait for its own promises gets a turn before we call it quiet.
        idle = true;
        await turn();
      }
    }
  }

  /** One at a time: a background round, a settling, an advance. */
  function exclusive(work: () => Promise<void>): Promise<void> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function step(ms: number): Promise<void> {
    const target = clock.now() + ms;
    await drain();
    for (let due = dueAt(); due !== undefined && due <= target; due = dueAt()) {
      clock.advance(Math.max(0, due - clock.now()));
      await drain();
    }
    clock.advance(Math.max(0, target - clock.now()));
  }

  async function workOff(): Promise<void> {
    if (!background) return;
    clearTimeout(timer);
    await drain(round);
    const due = dueAt();
    if (due === undefined) return;
    timer = setTimeout(poke, Math.min(Math.max(0, due - clock.now()), longestTimer));
    // It may have been stopped meanwhile: then the timer must not keep the process alive.
    timer.unref();
  }

  function poke(): void {
    stir();
    if (!background || poked) return;
    poked = true;
    setImmediate(() => {
      poked = false;
      void exclusive(workOff);
    });
  }

  return {
    settle: () => exclusive(() => drain()),
    async advance(ms) {
      await exclusive(() => step(ms));
      // The timer was set for a clock that has moved since.
      poke();
    },
    run() {
      background = true;
      poke();
    },
    async stop() {
      background = false;
      clearTimeout(timer);
      await last;
    },
    poke,
  };
}
