import { queueHandler } from '../../shared/lambda/queue.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import type { Ports } from '../../shared/ports.ts';
import { segmentsWork } from './work.ts';

/** Works off the queue `segments`: memberships follow the facts, and new definitions are built. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'segments', segmentsWork(ports));
}
