import type { Ports } from '../../shared/ports.ts';
import { type LambdaHandler } from '../../shared/lambda/chain.ts';
import { streamHandler } from '../../shared/lambda/stream.ts';
import { followUp } from './follow-up.ts';
import { createOpenQuarter } from './open-quarters.ts';

/** The change feed: turns what was written into the work and the events that follow from it. */
export function create(ports: Ports): LambdaHandler {
  const open = createOpenQuarter();
  return streamHandler(ports, (changes) => followUp(ports, changes, open));
}
