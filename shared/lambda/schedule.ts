import { type WakeUp, wakeUp } from '../messages.ts';
import { chain, type ChainPorts, type LambdaHandler } from './chain.ts';

/** Runs `work` when EventBridge Scheduler wakes the function. An unknown payload is an error: someone must look. */
export function wakeHandler(ports: ChainPorts, work: (wake: WakeUp) => Promise<void>): LambdaHandler {
  return chain(
    ports,
    'wake',
    async (event: unknown) => work(wakeUp.parse(event)),
    () => ({}),
  );
}
