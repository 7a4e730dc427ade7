import type { Ports } from '../../shared/ports.ts';
import { type LambdaHandler } from '../../shared/lambda/chain.ts';
import { wakeHandler } from '../../shared/lambda/schedule.ts';
import { wake } from './wake.ts';

/** Woken by the schedules of minutes that have due work, and every hour: hands what is due to its queue. */
export function create(ports: Ports): LambdaHandler {
  return wakeHandler(ports, (wakeUp) => wake(ports, wakeUp));
}
