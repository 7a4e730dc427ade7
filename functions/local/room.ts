// Callers who send faster than the system follows are slowed down: what follows from a fact is never far behind its answer,
// and what is accepted and not followed up, which lies in memory here, stays little.
import { setTimeout as pause } from 'node:timers/promises';

/** Changes and messages, of some kilobytes each: what is worked off in half a second. */
const mostBacklog = 2_000;
/** Bytes of the requests that are under way: two jobs of a thousand events, which are worked off together. */
const mostUnderWay = 3_000_000;
/** So many are let in at once, so often: what they bring is worked off together, which takes less than one by one. */
const together = 16;
const step = 5;
/** Milliseconds that a caller is held up at most: what waits for something else than its turn must not stop the system. */
const longest = 10_000;

interface Caller {
  bytes: number;
  until: number;
  enter: () => void;
}

/** Makes a call, whose request has so many bytes, as soon as there is room for it. */
export type Room = <T>(bytes: number, call: () => Promise<T>) => Promise<T>;

/**
 * Lets callers in while little enough is left to be followed up, and under way with what they bring; one that brings more than
 * that alone. In the order in which they came; after ten seconds at most.
 */
export function createRoom(backlog: () => number): Room {
  let underWay = 0;
  const callers: Caller[] = [];

  const fits = (bytes: number) => backlog() <= mostBacklog && (underWay === 0 || underWay + bytes <= mostUnderWay);

  function letIn(): void {
    for (let entered = 0; entered < together; entered += 1) {
      const [next] = callers;
      if (!next || !(fits(next.bytes) || next.until < performance.now())) return;
      callers.shift();
      underWay += next.bytes;
      next.enter();
    }
  }

  async function attend(): Promise<void> {
    while (callers.length > 0) {
      await pause(step);
      letIn();
    }
  }

  function waitFor(bytes: number): Promise<void> {
    return new Promise((enter) => {
      callers.push({ bytes, until: performance.now() + longest, enter });
      if (callers.length === 1) void attend();
    });
  }

  return async (bytes, call) => {
    if (callers.length === 0 && fits(bytes)) underWay += bytes;
    else await waitFor(bytes);
    try {
      return await call();
    } finally {
      underWay -= bytes;
    }
  };
}
