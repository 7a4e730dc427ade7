// A local world that tells what was written to each key.
import { functions } from '../../functions/local/functions.ts';
import { type World, createWorld } from '../../functions/local/world.ts';
import { createClock } from '../../shared/adapters/memory/index.ts';

/** A fresh world at noon that moves only when it is told to; `heat`: write units by key. */
export function heatedWorld(): { world: World; heat: Map<string, number> } {
  const heat = new Map<string, number>();
  const world = createWorld({
    functions,
    clock: createClock({ real: false, start: Date.UTC(2026, 5, 1, 12) }),
    seed: 1,
    heat: (key, units) => heat.set(key, (heat.get(key) ?? 0) + units),
  });
  return { world, heat };
}
