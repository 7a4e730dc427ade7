// Callers who send faster than the system follows are slowed down: what is accepted and not followed up lies in memory here.
import { setTimeout as pause } from 'node:timers/promises';
import type { World } from './world.ts';

/** Changes and messages, of some kilobytes each. */
const mostBacklog = 10_000;
const step = 5;
/** Milliseconds that a caller is held up at most: what waits for something else than its turn must not stop the system. */
const longest = 10_000;

/** Resolves when little enough is left to be followed up, or after ten seconds. */
export async function roomIn(world: Pick<World, 'backlog'>): Promise<void> {
  for (let waited = 0; waited < longest && world.backlog() > mostBacklog; waited += step) await pause(step);
}
