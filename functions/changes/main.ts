import type { Ports } from '../../shared/ports.ts';
import { type LambdaHandler } from '../../shared/lambda/chain.ts';
import { streamHandler } from '../../shared/lambda/stream.ts';
import { followUp } from './follow-up.ts';

/** The change feed: turns what was written into the work and the events that follow from it. */
export function create(ports: Ports): LambdaHandler {
  return streamHandler(ports, (changes) => followUp(ports, changes));
}
