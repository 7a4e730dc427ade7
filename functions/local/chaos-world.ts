// What befalls the world around a call: clocks, indexes, what expires, dead letters, services that are gone for a while.
import { type Instant, hour, minute, second } from '../../shared/kernel/time.ts';
import { queues } from '../../shared/topology.ts';
import { type Dice, type PortName, ports } from './chaos-catalogue.ts';
import type { World } from './world.ts';

type Where = Readonly<Record<string, unknown>>;

export interface Surroundings {
  /** Before a call: something may happen. */
  befall: (where: Where) => void;
  isDown: (port: string) => boolean;
  /** Ports that are down, and until when (milliseconds). */
  outages: () => Partial<Record<PortName, Instant>>;
  /** Lets a port refuse every call for so long. */
  outage: (port: PortName, ms: number) => void;
  /** Ends it all. */
  calm: () => void;
}

const queueNames = Object.keys(queues) as (keyof typeof queues)[];

/** Indexes learn of a write within two seconds, as far as we rely on it (`indexLagSeconds`). */
const longestLag = 1.5 * second;

/** The surroundings of a world, as soon as there is one, by these dice. */
export function createSurroundings({ hits, draw }: Dice, world: () => World | undefined): Surroundings {
  let nextJump = 0;
  let lagsUntil = 0;
  const downUntil = new Map<PortName, Instant>();
  const now = () => world()?.clock.now() ?? 0;
  const isDown = (port: string) => (downUntil.get(port as PortName) ?? 0) > now();

  function outage(port: PortName, ms: number): void {
    downUntil.set(port, now() + ms);
  }

  return {
    befall(where) {
      const at = world();
      if (!at) return;
      const { clock, store } = at;
      // Not again before it has run for a while: work that asks for the time over and over would never catch up with it.
      if (clock.now() >= nextJump && hits('clock-jump', where)) {
        clock.advance(Math.floor(draw() * 5 * minute));
        nextJump = clock.now() + 5 * minute;
      }
      if (hits('early-expiry', where)) store.expire(clock.now() + Math.floor(draw() * hour));
      if (hits('cold-start', where)) at.restart();
      // One at a time: what was written at its beginning must not be overlooked by the next one either.
      if (clock.now() >= lagsUntil && hits('stale-index', where)) {
        store.settle();
        lagsUntil = clock.now() + Math.floor(draw() * longestLag);
        store.lag(true, lagsUntil);
      }
      const full = queueNames.find((name) => at.deadLetters(name).length > 0);
      if (full !== undefined && hits('redrive', { queue: full })) at.redrive(full);
      const port = ports[Math.floor(draw() * ports.length)];
      if (port !== undefined && hits('outage', { down: port })) outage(port, Math.ceil(draw() * 20 * second));
    },
    isDown,
    outages: () => Object.fromEntries(ports.filter(isDown).map((port) => [port, downUntil.get(port) ?? 0])),
    outage,
    calm() {
      downUntil.clear();
      world()?.store.lag(false);
    },
  };
}
