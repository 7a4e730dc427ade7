// Thousands of events come in while a flow and a segment are live, and the whole system is killed three times in the
// middle of it: every container with what it works on, the callers' requests too. KILLED=4000 makes it as large as the
// test that a peer of ours did not pass (7 events twice, 10 messages twice, 4 people without).
import { expect, test } from 'vitest';
import type { FunctionCall } from '../../functions/local/fragile.ts';
import { reporting } from '../../functions/local/reporting.ts';
import type { World } from '../../functions/local/world.ts';
import { numbersFrom } from '../../shared/adapters/memory/faults.ts';
import { minute, second } from '../../shared/kernel/time.ts';
import { brokenIn, givenUpIn, itemsOf } from './invariants.ts';
import { openShop, orderOf, verdictOn } from './killed.ts';
import { simulated } from './system.ts';

const orders = Number(process.env['KILLED'] ?? 80);
const kills = 3;
/** Requests that are under way at a time. */
const callers = 40;

/** Kills all that lives, at calls that follow from a seed: whoever was alive then makes no call any more. */
function killer(seed: number, atTheDoor: boolean, waiting: () => readonly string[]) {
  const draw = numbersFrom(seed);
  /** After how many emails each comes, and how many calls of any kind later. */
  const plan = Array.from({ length: kills }, (_, at) => ({
    emails: Math.floor((orders * (at + 0.5 + draw() / 2)) / (kills + 0.5)),
    calls: Math.floor(draw() * 200),
  }));
  const born = new Map<number, number>();
  const died = new Set<number>();
  /** Messages that were claimed when those who had claimed them were killed, and those whose claim was on its way then. */
  const [claimed, claiming] = [new Set<string>(), new Set<string>()];
  const told = { kills: 0, emails: 0, claimed, claiming, died };

  function isNow(port: string): boolean {
    const next = plan[told.kills];
    if (!next || told.emails < next.emails) return false;
    return atTheDoor ? port === 'mail' : (next.calls -= 1) < 0;
  }

  return {
    told,
    fate: ({ container, port }: FunctionCall) => {
      const life = born.get(container) ?? told.kills;
      born.set(container, life);
      if (isNow(port)) {
        told.kills += 1;
        for (const message of waiting()) claimed.add(message);
      }
      const alive = life === told.kills;
      if (!alive && !died.has(container)) for (const message of waiting()) claiming.add(message);
      if (!alive) died.add(container);
      if (port === 'mail' && alive) told.emails += 1;
      return alive ? ('pass' as const) : ('crash-before' as const);
    },
  };
}

/** Messages that are claimed, and that the provider has not got. */
function claimedIn(world: World): string[] {
  const handed = new Set(world.inbox.map(({ tags }) => tags['message']));
  return itemsOf(world).flatMap((item) =>
    item.kind === 'message' && item.status === 'CLAIMED' && !handed.has(item.id) ? [item.id] : [],
  );
}

test.each([
  ['anywhere', 1],
  ['as the provider is about to be called', 2],
])(
  `${orders} events, three kills %s: each once, a message for each, nobody twice`,
  { timeout: 1_800_000 },
  async (where, seed) => {
    const { fate, told } = killer(seed, where !== 'anywhere', () => claimedIn(world));
    const system = await simulated({ fate }, { parallel: 4, portsFor: (_, ports) => reporting(ports) });
    const { world } = system;
    await openShop(system.make, async () => {
      await world.advance(10 * second);
      return (await system.walk('/api/metrics'))[0]?.id ?? '';
    });
    await world.advance(10 * second);
    for (let from = 0; from < orders; from += callers) {
      const some = Array.from({ length: Math.min(callers, orders - from) }, (_, at) => orderOf(from + at));
      await Promise.all([...some.map((one) => system.make('POST', '/api/events', one)), world.settle()]);
    }
    await world.advance(40 * minute);

    const taken = world.inbox.map(({ tags, to, html }) => ({ message: tags['message'] ?? '', to, html }));
    const { broken, unknown, without } = verdictOn(itemsOf(world), taken, orders);
    expect([...broken, ...brokenIn(world), ...givenUpIn(world)]).toEqual([]);
    expect(told.kills).toBe(kills);
    expect(told.died.size).toBeGreaterThan(kills);
    // Without are those alone whose call to the provider was about to be made: their messages say that nobody knows.
    expect(without.length).toBe(unknown.length);
    expect([...told.claimed].filter((message) => !unknown.includes(message))).toEqual([]);
    expect(unknown.filter((message) => !told.claimed.has(message) && !told.claiming.has(message))).toEqual([]);
    if (where !== 'anywhere') expect(unknown.length).toBeGreaterThan(0);
    console.log(
      `${orders} events, ${kills} kills ${where}, of ${told.died.size} invocations: ${taken.length} emails, ${unknown.length} unknown`,
    );
  },
);
