// The local system: the world with its seed, its inbox and, if a folder is given, its memory between runs.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { createClock } from '../../shared/adapters/memory/index.ts';
import { ensureWakeUp } from '../../shared/domain/timers/index.ts';
import { instantOf } from '../../shared/kernel/time.ts';
import { accountOf } from '../../shared/storage/patterns.ts';
import type { DueItem } from '../../shared/storage/items.ts';
import type { Item } from '../../shared/storage/store.ts';
import type { Deployment } from '../cli/commands.ts';
import { createChaos, type LocalChaos, usualRates } from './chaos.ts';
import { functions } from './functions.ts';
import { type Inbox, createInbox } from './inbox.ts';
import { openFolder } from './keep.ts';
import type { Kept } from './kept.ts';
import { reporting } from './reporting.ts';
import { seed, seeded } from './seed.ts';
import { tearLog } from './tear.ts';
import { type World, createWorld } from './world.ts';

export interface LocalSystem {
  world: World;
  inbox: Inbox;
  /** What the owner's commands work on. */
  deployment: Deployment;
  /** What goes wrong, on request. */
  chaos: LocalChaos;
  publicUrl: string;
  /** Ends the background work and closes the folder. */
  stop: () => Promise<void>;
}

export interface SystemOptions {
  /** Where links in messages lead, without a trailing slash. */
  publicUrl: string;
  /** The folder that keeps the data; without it all is gone at the end. */
  data?: string;
  /** Where log lines go; default nowhere. */
  log?: (line: string) => void;
  /** A clock that runs by itself, and work in the background; else the world moves only when it is told to. */
  real: boolean;
  /** The seed of faults that happen from the start; without it none does until it is asked for. */
  chaos?: number;
}

/** Makes the system, ready for requests; with `real` it is running. */
export async function createSystem(options: SystemOptions): Promise<LocalSystem> {
  const { publicUrl, data, log, real, chaos: chaosSeed } = options;
  const torn = chaosSeed !== undefined && data !== undefined && tearLog(data);
  const { kept, keeper } = data === undefined ? {} : openFolder(data);
  const clock = createClock({ real, ...startOf(kept?.clock, real) });
  const chaos = createChaos({ seed: chaosSeed ?? 1, wait: real ? (ms) => setTimeout(ms) : () => setImmediate() });
  const world = createWorld({
    functions: chaos.functions(functions),
    clock: keeper?.clock(clock) ?? clock,
    settings: { publicUrl, stage: 'local' },
    // Ids that repeat from run to run would meet those of the run before.
    seed: real || kept ? null : 1,
    parallel: real ? 4 : 1,
    ...(log && { log }),
    portsFor: (_name, ports) => reporting({ ...ports, ...(keeper && { files: keeper.files(ports.files) }) }),
    ...(keeper && {
      onChange: (change) => {
        keeper.change(change);
      },
      onQuiet: (now) => {
        keeper.quiet(now);
      },
    }),
  });
  if (kept) await restore(world, kept);
  await seed(world.ports);
  chaos.attach(world);
  if (chaosSeed !== undefined) chaos.set({ rates: usualRates });
  if (torn) chaos.note('torn-log');
  if (real) world.run();
  return {
    world,
    inbox: createInbox(world),
    deployment: {
      registry: world.ports,
      redrive: async (queue) => `${world.redrive(queue)} messages went back into ${queue}.`,
    },
    chaos,
    publicUrl,
    async stop() {
      await world.stop();
      keeper?.close(clock.now());
    },
  };
}

/** The clock never goes back behind what the data has seen. */
function startOf(clock: number | undefined, real: boolean): { start?: number } {
  const machine = Date.now();
  if (clock === undefined) return real ? {} : { start: machine };
  return { start: Math.max(clock, machine) };
}

const isDue = (item: Item): item is DueItem => item.kind === 'due';

async function restore(world: World, kept: Kept): Promise<void> {
  world.store.load(kept.items);
  for (const [key, body] of kept.files) await world.files.put(key, body);
  // Schedules live outside the table: make them again from what waits in it.
  for (const item of kept.items.filter(isDue)) await ensureWakeUp(world.ports, accountOf(item), instantOf(item.at));
  world.replay(kept.unfinished);
}

/** What the front page and the start tell. */
export function welcome(publicUrl: string): string {
  return `  API         ${publicUrl}
  Private key ${seeded.key}
  Company id  ${seeded.account}
  Pages       ${publicUrl}/x/local
  Inbox       ${publicUrl}/x/local/inbox

  Try:
    curl -s ${publicUrl}/api/profiles -H 'Authorization: Klaviyo-API-Key ${seeded.key}' -H 'revision: 2026-07-15'
    npm run demo`;
}
