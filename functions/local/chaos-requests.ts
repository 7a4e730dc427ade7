// GET and POST /x/local/faults: what goes wrong, how often it did, and what shall go wrong from now on.
import * as z from 'zod/mini';
import { iso, second } from '../../shared/kernel/time.ts';
import type { QueueName } from '../../shared/messages.ts';
import { queues } from '../../shared/topology.ts';
import { faultKinds, faultNames, ports } from './chaos-catalogue.ts';
import { type LocalChaos, usualRates } from './chaos.ts';
import type { World } from './world.ts';

const rate = z.number().check(z.minimum(0, 'A rate is 0 to 1'), z.maximum(1, 'A rate is 0 to 1'));
const queue = z.enum(Object.keys(queues) as QueueName[]);

/** All that a request can ask for; parts that are left out stay as they are. */
const wanted = z.strictObject({
  /** True: the usual rates; false: an end to all faults. */
  on: z.optional(z.boolean()),
  seed: z.optional(z.int().check(z.minimum(0), z.maximum(2 ** 32 - 1))),
  /** In the place of all rates: those not named are 0. */
  rates: z.optional(z.partialRecord(z.enum(faultNames), rate)),
  /** A port refuses every call for so long, at most a day. */
  outage: z.optional(
    z.strictObject({ port: z.enum(ports), seconds: z.number().check(z.minimum(0), z.maximum(86_400)) }),
  ),
  /** One message that is none of the queue's own. */
  poison: z.optional(queue),
  /** The dead letters of a queue go back into it. */
  redrive: z.optional(queue),
  /** The dead letters of a queue are thrown away. */
  discard: z.optional(queue),
});

interface Reply {
  status: number;
  value: unknown;
}

/** The seed, the rates and how often each fault has happened. */
export function faultReport(chaos: LocalChaos): unknown {
  const { seed, on, rates, counts, outages } = chaos.state();
  const faults = faultNames.map((name) => {
    const { code, does } = faultKinds[name];
    return { name, code, does, rate: rates[name] ?? 0, count: counts[name] ?? 0 };
  });
  const down = Object.entries(outages).map(([port, until]) => ({ port, until: iso(until) }));
  return { seed, on, faults, outages: down };
}

/** Takes a request's body; a body that is not understood is a 400 that names the place, and changes nothing. */
export async function setFaults(chaos: LocalChaos, world: World, body: string): Promise<Reply> {
  const asked = wanted.safeParse(parsed(body));
  if (!asked.success) {
    const errors = asked.error.issues.map(({ path, message }) => ({
      source: `/${path.map(String).join('/')}`,
      detail: message,
    }));
    return { status: 400, value: { errors } };
  }
  const { on, seed, rates, outage, poison, redrive, discard } = asked.data;
  if (on === false) chaos.calm();
  if (on === true) chaos.set({ rates: usualRates });
  chaos.set({ ...(rates && { rates }), ...(seed !== undefined && { seed }) });
  if (outage) chaos.outage(outage.port, outage.seconds * second);
  if (poison) {
    await world.queue.send(poison, [{ body: { poison } }]);
    chaos.note('poison', { queue: poison });
  }
  if (redrive) {
    world.redrive(redrive);
    chaos.note('redrive', { queue: redrive });
  }
  if (discard) world.discard(discard, () => true);
  return { status: 200, value: faultReport(chaos) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
