import type { Ports } from '../../shared/ports.ts';
import { type LambdaHandler } from '../../shared/lambda/chain.ts';
import { queueHandler } from '../../shared/lambda/queue.ts';
import { flowsWork } from './work.ts';

/** Works off the queue `flows`: people enter flows and move through them. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'flows', flowsWork(ports));
}
