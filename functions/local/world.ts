// The whole system in one process: topology.ts, interpreted over the memory adapters.
import {
  memoryPorts,
  type MemoryOptions,
  type MemoryQueue,
  type MemoryWorld,
  type StreamedChange,
} from '../../shared/adapters/memory/index.ts';
import type { HttpResponse } from '../../shared/jsonapi/http.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { type QueueName, wakeUp } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';
import {
  type FunctionName,
  functionSpecs,
  type FunctionSpec,
  queues,
  visibilitySeconds,
} from '../../shared/topology.ts';
import { contextOf, type GatewayRequest, localArn } from './events.ts';
import { expirySource } from './expire.ts';
import { type StreamSources, streamSources } from './follow-stream.ts';
import { createGateway, type RouteSpec } from './gateway.ts';
import { createRoom, type Room } from './room.ts';
import { type Polled, queueSource } from './poll-queue.ts';
import { createPump, type Pump } from './pump.ts';
import type { GivenUp, Invoke, Source } from './source.ts';
import { wakeSource } from './wake-up.ts';

/** What each function's main.ts exports as `create`. */
export type Functions = Readonly<Record<FunctionName, (ports: Ports) => LambdaHandler>>;

export interface WorldOptions extends Omit<MemoryOptions, 'onWork' | 'queues'> {
  functions: Functions;
  /** Called when everything that followed from the changes so far is done: nothing runs, no queue holds a message. */
  onQuiet?: (now: Instant) => void;
  /** The ports that a function gets: the one place through which all its calls to the outside go. */
  portsFor?: (name: FunctionName, ports: Ports) => Ports;
  /** How many invocations may overlap; default 1, which makes runs repeatable. */
  parallel?: number;
}

export interface World extends Pump, MemoryWorld {
  /** Every email that went out, newest last. */
  inbox: MemoryWorld['mail']['inbox'];
  /** Sends a request through the gateway. */
  request(request: GatewayRequest): Promise<HttpResponse>;
  deadLetters(queue: QueueName): ReturnType<MemoryWorld['queue']['deadLetters']>;
  /** Puts the dead letters of a queue back into it; tells how many. */
  redrive(queue: QueueName): number;
  /** Throws away the dead letters whose body is unwanted; tells how many. */
  discard: MemoryWorld['queue']['discard'];
  /** Stream records and wake-ups that were given up after their last attempt. */
  givenUp: readonly GivenUp[];
  /** Forgets a function's container, or all: the next invocation starts cold. */
  restart(name?: FunctionName): void;
  /** Makes a call, whose request has so many bytes, when so little is left to be followed up that it may add to it. */
  room: Room;
  /** Delivers changes to the change feed (again). */
  replay(changes: readonly StreamedChange[]): void;
}

const routes: readonly RouteSpec<FunctionName>[] = functionSpecs.flatMap(([name, { trigger }]) =>
  'http' in trigger ? trigger.http.map((key) => ({ key, function: name })) : [],
);

const queueNames = Object.keys(queues) as QueueName[];

/** Queues of what follows from facts; but not of what waits to be sent, a campaign's above all. */
const followers = queueNames.filter((name) => name !== 'messages');

/** What a message to `jobs` stands for: as many rows as a bulk job has at most. */
const rowsOfJob = 1_000;

const queueRules = Object.fromEntries(
  Object.entries(queues).map(([name, { maxReceives }]) => [
    name,
    { maxReceives, visibilitySeconds: visibilitySeconds(name as QueueName) },
  ]),
) as Required<MemoryOptions>['queues'];

/** Calls the functions, each in its container: made at its first invocation, kept until it is restarted. */
function createContainers({ functions, portsFor }: WorldOptions, ports: Ports) {
  const warm = new Map<FunctionName, LambdaHandler>();
  async function invoke(name: FunctionName, event: unknown): Promise<unknown> {
    const handler = warm.get(name) ?? functions[name](portsFor?.(name, ports) ?? ports);
    warm.set(name, handler);
    return handler(event, contextOf(name, ports.ids.uuid()));
  }
  return { warm, invoke };
}

/** One of the queues, for its poller. */
function polled(queue: MemoryQueue, name: QueueName): Polled {
  return {
    arn: localArn('sqs', name),
    receive: (max) => queue.receive(name, max),
    remove: (receipts) => queue.remove(name, receipts),
    dueAt: () => queue.dueAt(name),
  };
}

/** What invokes one function, by its trigger; the stream's lanes are kept in `streams`. */
function sourcesOf(
  [name, { trigger }]: readonly [FunctionName, FunctionSpec],
  memory: MemoryWorld,
  parts: { invoke: Invoke; givenUp: GivenUp[]; streams: StreamSources[] },
): readonly Source[] {
  const { clock, queue, schedule } = memory;
  if ('queue' in trigger) return [queueSource({ ...trigger, ...parts, queue: polled(queue, trigger.queue) })];
  if ('stream' in trigger) {
    const stream = streamSources({ ...trigger, ...parts, clock, name });
    parts.streams.push(stream);
    return stream.sources;
  }
  if ('wakeUps' in trigger) {
    schedule.every(name, trigger.everyMinutes, wakeUp.parse(trigger.payload));
    return [wakeSource({ ...parts, clock, name, schedule })];
  }
  return [];
}

/** A world at rest. It moves by `request`, `settle` and `advance`, or by itself between `run` and `stop`. */
export function createWorld(options: WorldOptions): World {
  const givenUp: GivenUp[] = [];
  const streams: StreamSources[] = [];
  let poke = (): void => undefined;
  let changed = false;
  function feed(change: StreamedChange): void {
    for (const stream of streams) stream.push(change);
    poke();
  }
  function onIdle(): void {
    const busy =
      streams.some((stream) => stream.waiting() > 0) || queueNames.some((name) => memory.queue.size(name) > 0);
    if (!changed || busy) return;
    changed = false;
    options.onQuiet?.(memory.clock.now());
  }
  const memory = memoryPorts({
    ...options,
    queues: queueRules,
    onChange(change) {
      options.onChange?.(change);
      changed = true;
      feed(change);
    },
    onWork: () => poke(),
  });
  const { clock, queue, mail, ports } = memory;
  const { warm, invoke } = createContainers(options, ports);
  const sources = functionSpecs.flatMap((spec) =>
    sourcesOf(spec, memory, { invoke: (event) => invoke(spec[0], event), givenUp, streams }),
  );
  const backlog = () =>
    streams.reduce((sum, stream) => sum + stream.waiting(), 0) +
    followers.reduce((sum, name) => sum + queue.counts(name).waiting * (name === 'jobs' ? rowsOfJob : 1), 0);
  const pump = createPump({
    sources: [...sources, expirySource(memory)],
    clock,
    parallel: options.parallel ?? 1,
    onIdle,
  });
  poke = () => pump.poke();
  return {
    ...memory,
    ...pump,
    inbox: mail.inbox,
    request: createGateway({ clock, ids: ports.ids, invoke, routes }),
    deadLetters: (name) => queue.deadLetters(name),
    redrive: (name) => queue.redrive(name),
    discard: (name, isUnwanted) => queue.discard(name, isUnwanted),
    givenUp,
    restart(name) {
      if (name === undefined) warm.clear();
      else warm.delete(name);
    },
    room: createRoom(backlog),
    replay(changes) {
      changed ||= changes.length > 0;
      changes.forEach(feed);
    },
  };
}
