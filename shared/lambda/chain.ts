import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Ports } from '../ports.ts';

/** A deployed function's entry: what Lambda, or the local runtime in its place, calls with an event. */
export type LambdaHandler = (event: unknown, context: Context) => Promise<unknown>;

/** What the chains themselves need of the outside world. */
export type ChainPorts = Pick<Ports, 'clock' | 'log'>;

/**
 * The chain of everything that is not a call: runs `work`, logs one line with the time it took and what `describe`
 * says of its answer; a thrown error is logged and thrown on, which counts as an error of the function and makes the
 * platform deliver the event again. `Event` is what the trigger is known to send.
 */
export function chain<Event, Answer>(
  { clock, log }: ChainPorts,
  name: string,
  work: (event: Event) => Promise<Answer>,
  describe: (event: Event, answer: Answer) => Readonly<Record<string, unknown>>,
): LambdaHandler {
  const started = new WeakMap<object, number>();
  const since = (request: object) => clock.now() - (started.get(request) ?? clock.now());
  const handler = middy(async (event: Event) => work(event))
    .before((request) => {
      started.set(request, clock.now());
    })
    .after((request) => {
      log.info(name, { ...describe(request.event, request.response as Answer), ms: since(request) });
    })
    .onError((request) => {
      log.error(`${name} failed`, { error: request.error, ms: since(request) });
    });
  return handler as unknown as LambdaHandler;
}
