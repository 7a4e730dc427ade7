import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderRefused } from '../../functions/local/lock.ts';
import type { LocalSystem } from '../../functions/local/system.ts';
import { day, hour, minute } from '../../shared/kernel/time.ts';
import type { EventItem, MessageItem } from '../../shared/storage/items.ts';
import { known } from '../../shared/storage/patterns.ts';
import { callTo, folderOf, killedCopy, logOf, startIn, temporaryFolder } from '../support/local.ts';
import * as shop from '../support/shop.ts';

let folder: ReturnType<typeof temporaryFolder>;
let running: LocalSystem[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await Promise.all(running.map((system) => system.stop()));
  running = [];
  folder.remove();
});

async function start(data: string): Promise<LocalSystem> {
  const system = await startIn(data);
  running.push(system);
  return system;
}

async function stop(system: LocalSystem): Promise<void> {
  running = running.filter((one) => one !== system);
  await system.stop();
}

const itemsOf = (system: LocalSystem) => system.world.store.dump().map(known);

const eventsOf = (system: LocalSystem) =>
  itemsOf(system).filter((item): item is EventItem => item.kind === 'event' && item.unique_id.startsWith('order-'));

const orderOf = (html: string) => /Order (\d+)/.exec(html)?.[1] ?? '';

const emailOf = shop.emailOf;

/** Subscribers, a segment of who ordered, and a flow that writes an hour after an order. */
async function open(system: LocalSystem, people = 3) {
  const list = (await callTo(system, 'POST', '/api/lists', shop.list('Newsletter'))).data.id;
  for (let i = 0; i < people; i += 1) {
    const path = '/api/profile-subscription-bulk-create-jobs';
    await callTo(system, 'POST', path, shop.subscription(emailOf(i), list));
  }
  await callTo(system, 'POST', '/api/events', shop.event({ email: 'test@example.org' }, 9999));
  // Before there is a flow: this one is no customer's.
  await system.world.settle();
  const { data } = (await callTo(system, 'GET', '/api/metrics')) as unknown as { data: { id: string }[] };
  const metric = data[0]?.id ?? '';
  const html = '<p>Order {{ event.OrderId }}</p>';
  const template = (await callTo(system, 'POST', '/api/templates', shop.template(html))).data.id;
  const flow = (await callTo(system, 'POST', '/api/flows', shop.flow(metric, template))).data.id;
  await callTo(system, 'PATCH', `/api/flows/${flow}`, shop.live(flow));
  const segment = (await callTo(system, 'POST', '/api/segments', shop.segment(metric))).data.id;
  await system.world.advance(minute);
  return { segment };
}

const order = (system: LocalSystem, person: number, number: number) =>
  callTo(system, 'POST', '/api/events', shop.event({ email: emailOf(person) }, number));

async function membersOf(system: LocalSystem, segment: string): Promise<unknown[]> {
  const answer = await callTo(system, 'GET', `/api/segments/${segment}/profiles`);
  return (answer as unknown as { data: { attributes: { email: string } }[] }).data.map((one) => one.attributes.email);
}

describe('a folder of data', () => {
  it('brings everything back after a clean stop, and what waits goes on', async () => {
    const first = await start(folder.inside('data'));
    const { segment } = await open(first);
    await order(first, 0, 1);
    await first.world.settle();
    await stop(first);
    const second = await start(folder.inside('data'));
    expect(await membersOf(second, segment)).toContain(emailOf(0));
    expect(second.world.inbox).toEqual([]);
    await second.world.advance(hour + minute);
    expect(second.world.inbox.map(({ to }) => to)).toEqual([emailOf(0)]);
    expect(eventsOf(second).map(({ unique_id }) => unique_id)).toEqual(expect.arrayContaining(['order-1']));
  });

  it('makes up for what had not followed when the process was killed', async () => {
    const first = await start(folder.inside('data'));
    const { segment } = await open(first);
    await order(first, 1, 1);
    const second = await start(killedCopy(folder.inside('data'), folder.inside('killed')));
    expect(await membersOf(second, segment)).not.toContain(emailOf(1));
    await second.world.settle();
    expect(await membersOf(second, segment)).toContain(emailOf(1));
    await second.world.advance(hour + minute);
    expect(second.world.inbox.map(({ html }) => orderOf(html))).toEqual(['1']);
  });

  it('does not lose what was due and lay in a queue, for its last seconds, when the process was killed', async () => {
    const first = await start(folder.inside('data'));
    await open(first);
    await first.world.advance(minute - (first.world.clock.now() % minute) + 30_000);
    await order(first, 0, 1);
    await first.world.advance(hour - 20_000);
    // Its minute has begun: it was taken out of the table and is in the queue, not yet visible.
    expect(itemsOf(first).filter((item) => item.kind === 'due' && item.queue === 'flows')).toEqual([]);
    expect(first.world.queue.size('flows')).toBe(1);
    const second = await start(killedCopy(folder.inside('data'), folder.inside('killed')));
    await second.world.advance(minute);
    expect(second.world.inbox.map(({ html }) => orderOf(html))).toEqual(['1']);
  });

  it('catches up on what fell due while nothing ran', async () => {
    const first = await start(folder.inside('data'));
    await open(first);
    await order(first, 0, 1);
    await first.world.settle();
    const log = logOf(folder.inside('data')).toString('utf8');
    await stop(first);
    // As if the machine had been off for two days: everything was two days earlier.
    const earlier = log.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) =>
      new Date(Date.parse(at) - 2 * day).toISOString(),
    );
    const keys = earlier.replaceAll(/D#(\d{4}-\d\d-\d\dT\d\d)/g, (_, at: string) => {
      return `D#${new Date(Date.parse(`${at}:00Z`) - 2 * day).toISOString().slice(0, 13)}`;
    });
    const second = await start(folderOf(Buffer.from(keys), folder.inside('off')));
    await second.world.settle();
    expect(second.world.inbox.map(({ html }) => orderOf(html))).toEqual(['1']);
  });

  it('keeps the bodies of large events', async () => {
    const first = await start(folder.inside('data'));
    const notes = Array.from({ length: 4 }, (_, i) => String(i).repeat(90_000));
    await callTo(first, 'POST', '/api/events', shop.event({ email: emailOf(0) }, 1, { notes }));
    const second = await start(killedCopy(folder.inside('data'), folder.inside('killed')));
    const { data } = (await callTo(second, 'GET', '/api/events')) as unknown as {
      data: { attributes: { event_properties: { Notes: string[] } } }[];
    };
    expect(data[0]?.attributes.event_properties.Notes).toEqual(notes);
  });

  it('never sets the clock back, after a stop and after a kill', async () => {
    const first = await start(folder.inside('data'));
    await first.world.advance(10 * minute);
    const killed = await start(killedCopy(folder.inside('data'), folder.inside('killed')));
    expect(killed.world.clock.now()).toBeGreaterThanOrEqual(first.world.clock.now());
    await first.world.advance(40 * day);
    const then = first.world.clock.now();
    await stop(first);
    const second = await start(folder.inside('data'));
    expect(second.world.clock.now()).toBeGreaterThanOrEqual(then);
  });

  it('keeps ids apart from those of the run before', async () => {
    const ids: string[] = [];
    for (let run = 0; run < 3; run += 1) {
      const system = await start(folder.inside('data'));
      ids.push((await callTo(system, 'POST', '/api/lists', shop.list(`List ${run}`))).data.id);
      await stop(system);
    }
    expect(new Set(ids).size).toBe(3);
  });
});

describe('a log that ends anywhere', () => {
  it('holds every order accepted before its end, and all that follows from it happens, messages at most once', async () => {
    const data = folder.inside('data');
    const first = await start(data);
    const size = () => logOf(data).length;
    const accepted: { number: number; at: number }[] = [];
    const sent: { order: string; at: number }[] = [];
    const { mail } = first.world.ports;
    const send = mail.send.bind(mail);
    mail.send = (email) => {
      sent.push({ order: orderOf(email.html), at: size() });
      return send(email);
    };
    const { segment } = await open(first);
    for (let number = 1; number <= 6; number += 1) {
      await order(first, number % 3, number);
      accepted.push({ number, at: size() });
      await first.world.advance(11 * minute);
    }
    await first.world.advance(2 * hour);
    expect(sent.map((one) => one.order).sort()).toEqual(['1', '2', '3', '4', '5', '6']);
    const log = logOf(data);
    await stop(first);

    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: log.length }), async (end) => {
        runs += 1;
        const system = await startIn(folderOf(log.subarray(0, end), folder.inside(`run-${runs}`)));
        const before = sent.filter(({ at }) => at <= end).map((one) => one.order);
        const numbers = eventsOf(system).map(({ unique_id }) => unique_id.slice('order-'.length));
        for (const { number, at } of accepted) if (at <= end) expect(numbers).toContain(String(number));
        await system.world.advance(3 * hour);
        const all = [...before, ...system.world.inbox.map(({ html }) => orderOf(html))];
        const unknown = itemsOf(system).filter((item): item is MessageItem => item.kind === 'message');
        const undecided = unknown.filter(({ status }) => status === 'UNKNOWN').length;
        const orders = numbers.filter((number) => number !== '9999');
        expect(all.sort()).toEqual([...new Set(all)]);
        expect(orders).toEqual(expect.arrayContaining(all));
        // Sent with its outcome lost: nobody sends it again.
        expect(all.length + undecided).toBeGreaterThanOrEqual(orders.length);
        if (orders.length > 0) {
          const expected = orders.map((number) => emailOf(Number(number) % 3));
          expect(await membersOf(system, segment)).toEqual(expect.arrayContaining(expected));
        }
        expect(itemsOf(system).filter(({ kind }) => kind === 'enrolment')).toSatisfy(
          (enrolments: { status: string }[]) => enrolments.every(({ status }) => status !== 'active'),
        );
        expect(system.world.givenUp).toEqual([]);
        await system.stop();
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('is read as far as its last whole line', async () => {
    const first = await start(folder.inside('data'));
    await callTo(first, 'POST', '/api/lists', shop.list('Grüße 😀'));
    const log = logOf(folder.inside('data'));
    await stop(first);
    for (const end of [log.length - 1, log.length - 2, 1, 0]) {
      const system = await startIn(folderOf(log.subarray(0, end), folder.inside(`end-${end}`)));
      await callTo(system, 'GET', '/api/lists');
      await system.stop();
    }
  });

  it('is refused, by line, when it is damaged before its end', async () => {
    const first = await start(folder.inside('data'));
    await stop(first);
    const path = `${folder.inside('data')}/log.jsonl`;
    const [one = '', ...others] = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, [one.slice(0, -5), ...others].join('\n'));
    await expect(startIn(folder.inside('data'))).rejects.toThrow('line 1 is not readable');
    expect(existsSync(`${folder.inside('data')}/lock`)).toBe(false);
  });
});

describe('one folder, two systems', () => {
  it('refuses the second with what to do, and leaves the first alone', async () => {
    const first = await start(folder.inside('data'));
    await expect(startIn(folder.inside('data'))).rejects.toThrow(FolderRefused);
    await expect(startIn(folder.inside('data'))).rejects.toThrow(`Process ${process.pid} is using`);
    await callTo(first, 'POST', '/api/lists', shop.list('Still here'));
    await stop(first);
    await start(folder.inside('data'));
  });

  it('takes the lock of a process that is gone', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const first = await start(folder.inside('data'));
    await stop(first);
    appendFileSync(`${folder.inside('data')}/lock`, String(gone));
    await start(folder.inside('data'));
  });

  it('takes a lock that bears its own number from before a restart of the machine', async () => {
    const first = await start(folder.inside('data'));
    await stop(first);
    writeFileSync(`${folder.inside('data')}/lock`, String(process.pid));
    await start(folder.inside('data'));
  });
});
