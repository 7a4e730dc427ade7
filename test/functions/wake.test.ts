import { describe, expect, test } from 'vitest';
import { consequencesOf } from '../../functions/changes/consequences.ts';
import { wake } from '../../functions/wake/wake.ts';
import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { createAccount } from '../../shared/domain/account/index.ts';
import { defer, setTimer } from '../../shared/domain/timers/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { day, hour, minute, minuteOf, second } from '../../shared/kernel/time.ts';
import type { Ports } from '../../shared/ports.ts';

const account = accountId('SHOP01');

async function setUp() {
  const world = memoryPorts();
  await createAccount(world.ports, { name: 'Shop', senderEmail: 'shop@example.com', publicId: account });
  const remind = async (id: string, at: number) => {
    const message = { type: 'deliver' as const, account, profile: 'P', message: id };
    await world.store.write(await defer(world.ports, { account, at, queue: 'messages', id, message }));
  };
  const arrived = () => {
    const received = world.queue.receive('messages', 10);
    world.queue.remove(
      'messages',
      received.map(({ receipt }) => receipt),
    );
    return received.map(({ body }) => (JSON.parse(body) as { message: string }).message);
  };
  const waiting = () => world.store.dump().filter(({ kind }) => kind === 'due').length;
  return { ...world, remind, arrived, waiting, start: world.clock.now() };
}

/** The same ports with a queue that fails after it has taken the messages. */
const losingAnswers = (ports: Ports): Ports => ({
  ...ports,
  queue: {
    async send(queue, messages) {
      await ports.queue.send(queue, messages);
      throw new Error('The answer was lost.');
    },
  },
});

describe('the wake-up of a minute', () => {
  test('is scheduled once, however much is due', async () => {
    const { remind, schedule, start } = await setUp();
    for (let i = 0; i < 30; i += 1) await remind(`m${i}`, start + hour + i * second);
    expect(schedule.pending()).toMatchObject([
      { at: start + hour, payload: { account, minute: minuteOf(start + hour) } },
    ]);
  });

  test('hands everything that is due in it to its queue, each at its second', async () => {
    const { ports, clock, remind, arrived, waiting, start } = await setUp();
    await remind('first', start + hour);
    await remind('second', start + hour + 30 * second);
    await remind('later', start + 2 * hour);
    clock.advance(hour);
    await wake(ports, { account, minute: minuteOf(start + hour) });
    expect(arrived()).toEqual(['first']);
    clock.advance(30 * second);
    expect(arrived()).toEqual(['second']);
    expect(waiting()).toBe(1);
  });

  test('loses nothing when it fails halfway: it sends again', async () => {
    const { ports, clock, remind, arrived, waiting, start } = await setUp();
    await remind('once', start + hour);
    clock.advance(hour);
    const wakeUp = { account, minute: minuteOf(start + hour) };
    await expect(wake(losingAnswers(ports), wakeUp)).rejects.toThrow('lost');
    expect(waiting()).toBe(1);
    await wake(ports, wakeUp);
    expect(arrived()).toEqual(['once', 'once']);
    expect(waiting()).toBe(0);
  });

  test('leaves what is set anew as it was while it is being sent, and the change feed sends that on', async () => {
    const { ports, store, queue, clock, arrived, waiting, start } = await setUp();
    const message = { type: 'tally', account, metric: 'm', quarter: 'q' } as const;
    const due = { account, at: start + hour, queue: 'tallies', id: 'tally m', message } as const;
    await setTimer(ports, due);
    clock.advance(hour);
    const early: Ports['queue'] = {
      async send(name, messages) {
        await queue.send(name, messages);
        // Whoever it came to has a clock that is behind.
        await setTimer({ ...ports, clock: { now: () => start + 59 * minute } }, due);
      },
    };
    const [before] = store.dump().filter(({ kind }) => kind === 'due');
    await wake({ ...ports, queue: early }, { account, minute: minuteOf(start + hour) });
    expect(waiting()).toBe(1);
    const [after] = store.dump().filter(({ kind }) => kind === 'due');
    const { work } = consequencesOf({ before: before!, after: after!, at: clock.now() }, clock.now());
    expect(work).toMatchObject([{ queue: 'tallies', body: message, delaySeconds: 0 }]);
    await wake(ports, { account, minute: minuteOf(start + hour) });
    expect(waiting()).toBe(0);
    expect(arrived()).toEqual([]);
    expect(queue.size('tallies')).toBe(2);
  });

  test('is not waited for where the clock of who set a timer was ahead of it: the change feed sends that on', async () => {
    const { ports, clock, schedule, start } = await setUp();
    const ahead = { ...ports, clock: { now: () => start + 10 * minute } };
    const message = { type: 'deliver' as const, account, profile: 'P', message: 'm' };
    const due = { account, at: start + 10 * minute, queue: 'messages' as const, id: 'm', message };
    const { put } = await defer(ahead, due);
    expect(schedule.pending()).toEqual([]);
    const { work } = consequencesOf({ after: put, at: clock.now() }, clock.now());
    expect(work).toEqual([{ queue: 'messages', body: message, delaySeconds: 600 }]);
  });

  test('that comes far too early leaves the work where it is', async () => {
    const { ports, remind, arrived, waiting, start } = await setUp();
    await remind('patient', start + hour);
    await wake(ports, { account, minute: minuteOf(start + hour) });
    expect(arrived()).toEqual([]);
    expect(waiting()).toBe(1);
  });
});

describe('the hourly sweep', () => {
  test('finds what the wake-ups of the last hours left behind', async () => {
    const { ports, clock, remind, arrived, waiting, start } = await setUp();
    await remind('lost', start + 10 * minute);
    clock.advance(2 * hour);
    await wake(ports, { sweep: true });
    expect(arrived()).toEqual(['lost']);
    expect(waiting()).toBe(0);
  });

  test('leaves young minutes to their own wake-ups', async () => {
    const { ports, clock, remind, arrived, start } = await setUp();
    await remind('young', start + hour);
    clock.advance(hour);
    await wake(ports, { sweep: true });
    expect(arrived()).toEqual([]);
    clock.advance(hour);
    await wake(ports, { sweep: true });
    expect(arrived()).toEqual(['young']);
  });

  test('goes on where it stopped, also after days in which nothing ran', async () => {
    const { ports, clock, remind, arrived, start } = await setUp();
    await wake(ports, { sweep: true });
    await remind('old', start + 5 * hour);
    clock.advance(3 * day);
    await wake(ports, { sweep: true });
    expect(arrived()).toEqual(['old']);
  });

  test('begins with the account when no sweep has ever come through', async () => {
    const { ports, clock, remind, arrived, start } = await setUp();
    await remind('oldest', start + minute);
    clock.advance(day);
    await wake(ports, { sweep: true });
    expect(arrived()).toEqual(['oldest']);
  });

  test('clears away what a writer who stood still for hours wrote where it had been', async () => {
    const { ports, clock, remind, waiting, start } = await setUp();
    const sweeps = async (hours: number) => {
      for (let n = 0; n < hours; n += 1) {
        clock.advance(hour);
        await wake(ports, { sweep: true });
      }
    };
    await sweeps(5);
    await remind('late', start + 2 * hour);
    await sweeps(1);
    expect(waiting()).toBe(0);
  });

  test('goes through every account', async () => {
    const { ports, store, clock, queue, start } = await setUp();
    const other = accountId('SHOP02');
    await createAccount(ports, { name: 'Other', senderEmail: 'other@example.com', publicId: other });
    const message = { type: 'deliver' as const, account: other, profile: 'P', message: 'm' };
    await store.write(await defer(ports, { account: other, at: start + minute, queue: 'messages', id: 'm', message }));
    clock.advance(hour);
    await wake(ports, { sweep: true });
    expect(queue.size('messages')).toBe(1);
  });
});
