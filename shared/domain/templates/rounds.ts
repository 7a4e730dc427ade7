// Renders as often as it takes until nothing is asked for that was not looked up: renderings themselves are pure.
import type { Found, Lookup } from './language/lookups.ts';

/** Lookups may depend on what earlier ones found, so many times. */
const mostRounds = 5;

/** What one rendering is given, and where it notes what it lacks. */
export interface Given {
  found: Found;
  asked: Map<string, Lookup>;
}

/** Looks up what is asked for and puts it into `found`; answers a reason to stop, if there is one. */
export type LookUp<Reason> = (
  asked: ReadonlyMap<string, Lookup>,
  found: Map<string, unknown>,
) => Promise<Reason | undefined>;

/** What `make` made when it lacked nothing, or why that was not to be; undefined when it asked without end. */
export async function inRounds<T, Reason>(
  make: (given: Given) => Promise<T>,
  lookUp: LookUp<Reason>,
): Promise<{ made: T } | { stopped: Reason } | undefined> {
  const found = new Map<string, unknown>();
  for (let round = 0; round < mostRounds; round += 1) {
    const asked = new Map<string, Lookup>();
    const made = await make({ found, asked });
    if (asked.size === 0) return { made };
    const stopped = await lookUp(asked, found);
    if (stopped !== undefined) return { stopped };
  }
  return undefined;
}
