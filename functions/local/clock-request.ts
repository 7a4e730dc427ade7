// The virtual clock over HTTP, of the local system and of the rehearsal.
import { type Instant, iso } from '../../shared/kernel/time.ts';
import { type Answer, json } from './answers.ts';
import { spanHint, spanOf } from './span.ts';

/** What can be turned forward, with everything that falls due on the way. */
export interface Turnable {
  now: () => Instant;
  advance: (ms: number) => Promise<void>;
}

/** The time, as it is told. */
export const tellTime = (clock: Turnable): Answer => json(200, { now: iso(clock.now()) });

/** `{"advance": "30d"}`: everything that falls due on the way happens, in order, before the answer; 400 for another span. */
export async function turnClock(clock: Turnable, body: string): Promise<Answer> {
  const span = spanOf(advanceIn(body));
  if (span === undefined) return json(400, { error: `Send {"advance": "90m"}. ${spanHint}` });
  await clock.advance(span);
  return tellTime(clock);
}

function advanceIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { advance?: unknown }).advance;
  } catch {
    return undefined;
  }
}
