// Callers who send faster than the system follows are slowed down: what follows from a fact is never far behind its answer,
// and what is accepted and not followed up, which lies in memory here, stays little.
import { setTimeout as pause } from 'node:timers/promises';

/** Changes and messages, of some kilobytes each: what is worked off in half a second. */
const mostBacklog = 2_000;
/** So many are let in at once, so often: what they bring is worked off together, which takes less than one by one. */
const together = 16;
const step = 5;
/** Milliseconds that a caller is held up at most: what waits for something else than its turn must not stop the system. */
const longest = 10_000;

interface Caller {
  until: number;
  enter: () => void;
}

/**
 * Makes what callers wait for before they are let in: that little enough is left to be followed up. In the order in which
 * they came; for ten seconds at most.
 */
export function createRoom(backlog: () => number): () => Promise<void> {
  const isFull = () => backlog() > mostBacklog;
  let callers: Caller[] = [];

  async function attend(): Promise<void> {
    while (callers.length > 0) {
      await pause(step);
      const now = performance.now();
      const entering = isFull() ? callers.filter(({ until }) => until < now) : callers.slice(0, together);
      callers = callers.slice(entering.length);
      for (const { enter } of entering) enter();
    }
  }

  return () => {
    if (callers.length === 0 && !isFull()) return Promise.resolve();
    return new Promise((enter) => {
      callers.push({ until: performance.now() + longest, enter });
      if (callers.length === 1) void attend();
    });
  };
}
