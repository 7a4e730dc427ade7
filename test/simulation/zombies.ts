// Invocations that stand still: the platform has given them up, their event comes again, and then they go on.
import type { FunctionCall } from '../../functions/local/fragile.ts';
import { hour, minute, second } from '../../shared/kernel/time.ts';
import { functionSpecs, visibilitySeconds } from '../../shared/topology.ts';
import type { Rarity } from './sometimes.ts';

interface Records {
  Records?: readonly { messageId?: string; dynamodb?: { SequenceNumber?: string } }[];
}

const idsOf = (event: unknown): string[] =>
  ((event as Records).Records ?? []).flatMap(({ messageId, dynamodb }) => messageId ?? dynamodb?.SequenceNumber ?? []);

/** After how long the event of an invocation that is gone comes again, milliseconds. */
const hidden = new Map(
  functionSpecs.map(([name, { trigger }]) => [
    name,
    'queue' in trigger ? visibilitySeconds(trigger.queue) * second : minute,
  ]),
);

/** Longer nobody stands still: the platform ends an invocation after a quarter of an hour. */
const longest = 3 * hour;

export interface Zombies {
  /** A container has been given an event; it has worked it off. */
  began: (container: number, event: unknown) => void;
  ended: (container: number) => void;
  /** Its container died in the middle. */
  died: (container: number) => void;
  /** Resolves when the invocation goes on. */
  freeze: (call: FunctionCall) => Promise<void>;
  /** Lets some of them go on, by chance; with `all` everybody. */
  thaw: (all?: boolean) => void;
  /** How many stand still. */
  standing: () => number;
}

/** Keeps those who stand still, and notes when one goes on although another has taken its event over. */
export function createZombies(how: { draw: () => number; now: () => number; note: (what: Rarity) => void }): Zombies {
  const { draw, now, note } = how;
  interface Zombie {
    call: FunctionCall;
    since: number;
    go: () => void;
    /** Its event was worked off by another meanwhile. */
    replaced: boolean;
  }
  const frozen: Zombie[] = [];
  const events = new Map<number, readonly string[]>();
  const unfinished = new Set<string>();
  const shares = (a: number, b: number) => {
    const ids = events.get(a) ?? [];
    return (events.get(b) ?? []).some((id) => ids.includes(id));
  };

  function release({ call, since, replaced, go }: Zombie): void {
    if (now() - since > (hidden.get(call.function) ?? minute)) note('a zombie went on after its visibility had ended');
    if (replaced) note('a zombie went on after another had worked off its event');
    go();
  }

  return {
    began(container, event) {
      const ids = idsOf(event);
      events.set(container, ids);
      for (const id of ids) if (unfinished.delete(id)) note('an event came again after its invocation had died');
    },
    died(container) {
      for (const id of events.get(container) ?? []) unfinished.add(id);
    },
    ended(container) {
      for (const one of frozen) one.replaced ||= shares(container, one.call.container);
    },
    freeze: (call) => new Promise((go) => void frozen.push({ call, since: now(), go, replaced: false })),
    standing: () => frozen.length,
    thaw(all = false) {
      for (const one of frozen.splice(0)) {
        if (now() - one.since > longest) continue;
        if (all || draw() < 0.2) release(one);
        else frozen.push(one);
      }
    },
  };
}
