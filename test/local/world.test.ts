import { describe, expect, it } from 'vitest';
import { createClock } from '../../shared/adapters/memory/index.ts';
import { day, hour, minute, second } from '../../shared/kernel/time.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import { queueHandler } from '../../shared/lambda/queue.ts';
import { wakeHandler } from '../../shared/lambda/schedule.ts';
import { FailedAt, streamHandler } from '../../shared/lambda/stream.ts';
import type { Ports } from '../../shared/ports.ts';
import { queues, visibilitySeconds } from '../../shared/topology.ts';
import { letter, mailroom, start, toyWorld } from './toys.ts';

const visibility = visibilitySeconds('messages') * second;
const send = (ports: Ports, ...names: string[]) =>
  ports.queue.send(
    'messages',
    names.map((name) => ({ body: letter(name) })),
  );
/** The change feed hears of it. */
const row = (pk: string, sk: string, kind = 'event') => ({ pk, sk, kind });

describe('queues of the local world', () => {
  it('delivers what was sent, in batches of the size that the topology states', async () => {
    const batches: string[][] = [];
    const world = toyWorld({
      messages: (ports) =>
        queueHandler(ports, 'messages', async (messages) => {
          batches.push(messages.map(({ body }) => body.message));
          return [];
        }),
    });
    await send(world.ports, ...Array.from({ length: 23 }, (_, i) => `m${i}`));
    await world.settle();
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 3]);
    expect(batches.flat()).toEqual(Array.from({ length: 23 }, (_, i) => `m${i}`));
    expect(world.queue.size('messages')).toBe(0);
  });

  it('brings back only what failed, when its visibility ends and not before', async () => {
    const seen: [string, number][] = [];
    const world = toyWorld({
      messages: mailroom((name, { clock }) => {
        seen.push([name, clock.now() - start]);
        if (name === 'b' && seen.length <= 3) throw new Error('not today');
      }),
    });
    await send(world.ports, 'a', 'b', 'c');
    await world.settle();
    await world.advance(visibility - 1);
    expect(seen).toHaveLength(3);
    await world.advance(1);
    expect(seen.slice(3)).toEqual([['b', visibility]]);
    expect(world.queue.size('messages')).toBe(0);
  });

  it('brings the whole batch back when the function throws', async () => {
    let throws = true;
    const seen: string[] = [];
    const world = toyWorld({
      messages: (ports) =>
        queueHandler(ports, 'messages', async (messages) => {
          if (throws) throw new Error('down');
          seen.push(...messages.map(({ body }) => body.message));
          return [];
        }),
    });
    await send(world.ports, 'a', 'b');
    await world.settle();
    throws = false;
    await world.advance(visibility);
    expect(seen).toEqual(['a', 'b']);
  });

  it('moves a message to the dead letters after its last try, and back by a redrive with a new id', async () => {
    let cured = false;
    const seen: string[] = [];
    const world = toyWorld({
      messages: mailroom((name) => {
        seen.push(name);
        if (!cured) throw new Error('poison');
      }),
    });
    await send(world.ports, 'a');
    await world.advance(queues.messages.maxReceives * visibility);
    expect(seen).toHaveLength(queues.messages.maxReceives);
    const [dead] = world.deadLetters('messages');
    expect(JSON.parse(dead!.body)).toEqual(letter('a'));
    cured = true;
    expect(world.redrive('messages')).toBe(1);
    await world.settle();
    expect(seen).toHaveLength(queues.messages.maxReceives + 1);
    expect(world.deadLetters('messages')).toEqual([]);
    expect(world.queue.size('messages')).toBe(0);
  });

  it('holds a delayed message back for exactly its delay', async () => {
    const seen: number[] = [];
    const world = toyWorld({ messages: mailroom((_, { clock }) => void seen.push(clock.now() - start)) });
    await world.ports.queue.send('messages', [{ body: letter('late'), delaySeconds: 900 }]);
    await world.advance(900 * second - 1);
    expect(seen).toEqual([]);
    await world.advance(hour);
    expect(seen).toEqual([900 * second]);
  });

  it('follows messages that a function sends, without losing the rest', async () => {
    const seen: string[] = [];
    const world = toyWorld({
      messages: mailroom(async (name, ports) => {
        seen.push(name);
        if (name.length < 4) await send(ports, `${name}x`, `${name}y`);
      }),
    });
    await send(world.ports, 'a');
    await world.settle();
    expect(seen).toHaveLength(1 + 2 + 4 + 8);
  });

  it('overlaps no more invocations of a function than its concurrency', async () => {
    let running = 0;
    let most = 0;
    const world = toyWorld(
      {
        jobs: (ports) =>
          queueHandler(ports, 'jobs', async () => {
            most = Math.max(most, (running += 1));
            await new Promise((resolve) => setImmediate(resolve));
            running -= 1;
            return [];
          }),
      },
      { parallel: 50 },
    );
    const body = { type: 'subscribe' as const, account: 'a1', job: 'j1' };
    await world.ports.queue.send(
      'jobs',
      Array.from({ length: 30 }, () => ({ body })),
    );
    await world.settle();
    expect(most).toBe(5);
  });
});

describe('the stream of the local world', () => {
  it('hands over the changes of a partition key in their order, with both images', async () => {
    const seen: string[] = [];
    const world = toyWorld({
      changes: (ports) =>
        streamHandler(ports, async (changes) => {
          for (const { before, after } of changes) seen.push(`${before?.sk ?? '-'}>${after?.sk ?? '-'}`);
        }),
    });
    const { store } = world.ports;
    await store.write({ put: row('p', '1') });
    await store.write({ put: { ...row('p', '1'), note: 'x' } as never });
    await store.write({ put: row('p', '2') });
    await store.write({ remove: { pk: 'p', sk: '1' } });
    await world.settle();
    expect(seen).toEqual(['->1', '1>1', '->2', '1>-']);
  });

  it('goes on from the change that failed, and does not repeat those before it', async () => {
    const seen: string[] = [];
    let failures = 2;
    const world = toyWorld({
      changes: (ports) =>
        streamHandler(ports, async (changes) => {
          for (const [index, { after }] of changes.entries()) {
            if (after?.sk === '2' && failures-- > 0) throw new FailedAt(index, new Error('not yet'));
            seen.push(after?.sk ?? '');
          }
        }),
    });
    for (const sk of ['1', '2', '3']) await world.ports.store.write({ put: row('p', sk) });
    await world.advance(minute);
    expect(seen).toEqual(['1', '2', '3']);
  });

  it('gives up a record that fails by itself, keeps it, and loses no other', async () => {
    const seen = new Set<string>();
    const world = toyWorld({
      changes: (ports) =>
        streamHandler(ports, async (changes) => {
          if (changes.some(({ after }) => after?.sk === '5')) throw new Error('poison');
          for (const { after } of changes) seen.add(after?.sk ?? '');
        }),
    });
    for (const sk of '123456789') await world.ports.store.write({ put: row('p', sk) });
    await world.advance(hour);
    expect([[...seen].join(''), world.givenUp]).toEqual(['1234', []]);
    await world.advance(day);
    expect([...seen].join('')).toBe('12346789');
    expect(world.givenUp).toMatchObject([{ function: 'changes', work: { after: { sk: '5' } } }]);
  });
});

describe('schedules of the local world', () => {
  it('wakes once for a name, at its time, and at once when that has passed', async () => {
    const woken: [unknown, number][] = [];
    const world = toyWorld({
      wake: (ports) => wakeHandler(ports, async (wake) => void woken.push([wake, ports.clock.now() - start])),
    });
    const payload = { account: 'a1', minute: '2026-01-01T00:05' };
    await world.ports.schedule.once({ name: 'due', at: start + 5 * minute, payload });
    await world.ports.schedule.once({ name: 'due', at: start + 5 * minute, payload });
    await world.ports.schedule.once({ name: 'past', at: start - day, payload });
    await world.advance(10 * minute);
    expect(woken).toEqual([
      [payload, 0],
      [payload, 5 * minute],
    ]);
    expect(world.schedule.pending()).toEqual([]);
  });

  it('wakes at the rate of the topology', async () => {
    const sweeps: number[] = [];
    const world = toyWorld({
      wake: (ports) => wakeHandler(ports, async () => void sweeps.push(ports.clock.now() - start)),
    });
    await world.advance(30 * day);
    expect(sweeps).toEqual(Array.from({ length: 720 }, (_, i) => (i + 1) * hour));
  });

  it('tries a wake-up that failed twice more, then gives it up', async () => {
    const tries: number[] = [];
    const world = toyWorld({
      wake: (ports) =>
        wakeHandler(ports, async (wake) => {
          if ('sweep' in wake) return;
          tries.push(ports.clock.now() - start);
          throw new Error('down');
        }),
    });
    await world.ports.schedule.once({ name: 'w', at: start, payload: { account: 'a1', minute: '2026-01-01T00:00' } });
    await world.advance(hour);
    expect(tries).toEqual([0, minute, 3 * minute]);
    expect(world.givenUp).toMatchObject([{ function: 'wake', work: { account: 'a1' } }]);
  });
});

describe('the clock of the local world', () => {
  it('stops at everything that falls due on the way, in order', async () => {
    const seen: [string, number][] = [];
    const world = toyWorld({
      messages: mailroom((name, { clock }) => void seen.push([name, clock.now() - start])),
      wake: (ports) =>
        wakeHandler(ports, async (wake) => {
          if ('minute' in wake) await send(ports, wake.minute);
        }),
    });
    const at = (minutes: number) =>
      world.ports.schedule.once({
        name: `at-${minutes}`,
        at: start + minutes * minute,
        payload: { account: 'a1', minute: `wake ${minutes}` },
      });
    await Promise.all([40, 10, 30, 20].map(at));
    await world.ports.queue.send('messages', [{ body: letter('delayed'), delaySeconds: 660 }]);
    await world.advance(day);
    expect(seen).toEqual([
      ['wake 10', 10 * minute],
      ['delayed', 11 * minute],
      ['wake 20', 20 * minute],
      ['wake 30', 30 * minute],
      ['wake 40', 40 * minute],
    ]);
    expect(world.clock.now()).toBe(start + day);
  });

  it('gives the same run twice', async () => {
    const run = async () => {
      const seen: string[] = [];
      const world = toyWorld({
        messages: mailroom(async (name, ports) => {
          seen.push(`${name} ${ports.ids.ulid()} ${ports.clock.now()}`);
          if (name.length < 5) await ports.store.write({ put: row(name, 'x') });
        }),
        changes: (ports) =>
          streamHandler(ports, async (changes) => {
            await send(ports, ...changes.flatMap(({ after }) => [`${after?.pk ?? ''}1`, `${after?.pk ?? ''}2`]));
          }),
      });
      await send(world.ports, 'a', 'b');
      await world.advance(hour);
      return seen;
    };
    expect(await run()).toEqual(await run());
  });

  it('removes items whose time to live has ended, and tells the stream so', async () => {
    const expired: string[] = [];
    const world = toyWorld({
      changes: (ports) =>
        streamHandler(ports, async (changes) => {
          for (const change of changes) if (change.expired) expired.push(change.before?.sk ?? '');
        }),
    });
    await world.ports.store.write({ put: { ...row('p', 'old'), expires: start / 1000 + 60 } as never });
    await world.advance(2 * hour);
    expect(expired).toEqual(['old']);
  });
});

describe('working in the background', () => {
  it('works off what arrives without being asked, until it is stopped', async () => {
    const seen: string[] = [];
    let arrived: (() => void) | undefined;
    const world = toyWorld({
      messages: mailroom((name) => {
        seen.push(name);
        arrived?.();
      }),
    });
    const next = () => new Promise<void>((resolve) => (arrived = resolve));
    world.run();
    const first = next();
    await send(world.ports, 'a');
    await first;
    const second = next();
    await send(world.ports, 'b');
    await second;
    await world.stop();
    await send(world.ports, 'c');
    expect(seen).toEqual(['a', 'b']);
  });

  it('takes up what comes in while something long is under way', async () => {
    let end = (): void => undefined;
    let arrived: (() => void) | undefined;
    const world = toyWorld(
      {
        messages: mailroom(async (name) => {
          if (name === 'long') await new Promise<void>((done) => (end = done));
          else arrived?.();
        }),
      },
      { parallel: 2 },
    );
    world.run();
    await send(world.ports, 'long');
    await new Promise((done) => setImmediate(done));
    const short = new Promise<void>((done) => (arrived = done));
    await send(world.ports, 'short');
    await short;
    end();
    await world.stop();
    expect(world.queue.size('messages')).toBe(0);
  });

  it('wakes by itself when the real time comes, also when the clock has been turned meanwhile', async () => {
    let woken: ((minute: string) => void) | undefined;
    const world = toyWorld(
      {
        wake: (ports) =>
          wakeHandler(ports, async (wake) => {
            if ('minute' in wake) woken?.(wake.minute);
          }),
      },
      { clock: createClock() },
    );
    const next = () => new Promise<string>((resolve) => (woken = resolve));
    world.run();
    const soon = next();
    const now = world.clock.now();
    await world.ports.schedule.once({ name: 'a', at: now + 20, payload: { account: 'a1', minute: 'soon' } });
    expect(await soon).toBe('soon');
    await world.ports.schedule.once({ name: 'b', at: now + hour, payload: { account: 'a1', minute: 'nearly' } });
    await world.settle();
    const nearly = next();
    await world.advance(hour - minute);
    await world.advance(minute - 50);
    expect(await nearly).toBe('nearly');
    await world.stop();
  });

  it('starts a container cold once, and again after a restart', async () => {
    let starts = 0;
    const world = toyWorld({
      api: (ports) => {
        starts += 1;
        return httpHandler(ports, async () => ({ status: 200, headers: {} }));
      },
    });
    const ask = () => world.request({ method: 'GET', path: '/api/lists' });
    await ask();
    await ask();
    world.restart('api');
    await ask();
    expect(starts).toBe(2);
  });
});

describe('whoever keeps the data of a local world', () => {
  it('hears of every change at once, and of the moment when all is followed up', async () => {
    const heard: string[] = [];
    const world = toyWorld(
      {
        changes: (ports) => streamHandler(ports, async (changes) => send(ports, ...changes.map(() => 'm'))),
        messages: mailroom(() => void heard.push('message')),
      },
      { onChange: ({ after }) => heard.push(after?.sk ?? ''), onQuiet: () => heard.push('quiet') },
    );
    await world.ports.store.write({ put: row('p', '1') });
    expect(heard).toEqual(['1']);
    await world.settle();
    await world.settle();
    expect(heard).toEqual(['1', 'message', 'quiet']);
  });

  it('can have changes delivered again', async () => {
    const seen: string[] = [];
    const world = toyWorld({
      changes: (ports) =>
        streamHandler(ports, async (changes) => {
          for (const { after } of changes) seen.push(after?.sk ?? '');
        }),
    });
    world.replay([{ after: row('p', '1'), at: start, sequence: 9 }]);
    await world.ports.store.write({ put: row('p', '2') });
    await world.settle();
    expect(seen).toEqual(['1', '2']);
  });

  it('hears of no change from which nothing follows', async () => {
    let records = 0;
    const world = toyWorld({
      changes: (ports) =>
        streamHandler(ports, async (changes) => {
          records += changes.length;
        }),
    });
    await world.ports.store.write({ put: row('p', '1', 'last-sent') });
    await world.ports.store.write({ put: row('p', '2', 'event') });
    await world.ports.store.write({ remove: { pk: 'p', sk: '2' } });
    await world.settle();
    expect(records).toBe(2);
  });
});

describe('the ports of a function in a local world', () => {
  it('come from one place, so that every call of one function can be made to fail', async () => {
    let down = true;
    const seen: string[] = [];
    const world = toyWorld(
      { messages: mailroom(async (name, ports) => ports.files.put(name, 'x').then(() => void seen.push(name))) },
      {
        portsFor(name, ports) {
          if (name !== 'messages') return ports;
          const put = async (key: string, body: string) => {
            if (down) throw new Error('down');
            await ports.files.put(key, body);
          };
          return { ...ports, files: { ...ports.files, put } };
        },
      },
    );
    await send(world.ports, 'a');
    await world.settle();
    expect(seen).toEqual([]);
    down = false;
    await world.advance(visibility);
    expect(seen).toEqual(['a']);
  });
});
