// Faults on request: each of the catalogue happens, is counted and logged, and loses nothing that was accepted.
import { appendFileSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type FaultName, faultKinds, faultNames } from '../../functions/local/chaos-catalogue.ts';
import { troubled } from '../../functions/local/chaos-ports.ts';
import { seeded } from '../../functions/local/seed.ts';
import { listen, type Listening } from '../../functions/local/server.ts';
import { createSystem, type SystemOptions } from '../../functions/local/system.ts';
import { tearLog } from '../../functions/local/tear.ts';
import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { hour, minute, second } from '../../shared/kernel/time.ts';
import { HttpRefused } from '../../shared/ports.ts';
import { start } from '../support/child.ts';
import { temporaryFolder } from '../support/local.ts';

let local: Listening | undefined;
const lines: string[] = [];

afterEach(async () => {
  await local?.close();
  local = undefined;
  lines.length = 0;
});

async function opened(options: Partial<SystemOptions> = {}): Promise<Listening> {
  local = await listen(0, (publicUrl) =>
    createSystem({ publicUrl, real: false, log: (line) => void lines.push(line), ...options }),
  );
  return local;
}

const headers = {
  authorization: `Klaviyo-API-Key ${seeded.key}`,
  revision: '2026-07-15',
  'content-type': 'application/json',
};

/**
 * With every fifth call failing, an event of somebody new gets through at one try in nine: of 144 the longest took 45. So
 * fifty tries are too few once in some hundred requests; five hundred never are.
 */
const mostTries = 500;

/** Sends again after a 5xx, as a client does; answers the last status. */
async function send(at: Listening, path: string, data: unknown): Promise<number> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { status } = await fetch(`${at.url}${path}`, { method: 'POST', headers, body: JSON.stringify({ data }) });
    if (status < 500) return status;
    at.system.world.clock.advance(second);
  }
  throw new Error(`${path} never succeeds.`);
}

const event = (number: number) => ({
  type: 'event',
  attributes: {
    metric: { data: { type: 'metric', attributes: { name: 'Order' } } },
    profile: { data: { type: 'profile', attributes: { email: `p${number % 10}@example.org` } } },
    properties: {},
    unique_id: `e${number}`,
  },
});

const subscription = (number: number) => ({
  type: 'profile-subscription-bulk-create-job',
  attributes: {
    profiles: {
      data: [
        {
          type: 'profile',
          attributes: {
            email: `p${number % 10}@example.org`,
            subscriptions: { email: { marketing: { consent: 'SUBSCRIBED' } } },
          },
        },
      ],
    },
  },
});

async function faults(at: Listening, body?: unknown) {
  const answer = await fetch(`${at.url}/x/local/faults`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });
  const told = (await answer.json()) as {
    seed: number;
    on: boolean;
    faults: { name: string; count: number; rate: number }[];
    outages: { port: string }[];
    errors: { source: string; detail: string }[];
  };
  return { status: answer.status, ...told };
}

const countOf = (report: Awaited<ReturnType<typeof faults>>, name: string) =>
  report.faults.find((one) => one.name === name)?.count ?? 0;

/** Faults that happen around any call, and what a system with events and subscriptions calls. */
const scheduled = ['schedule-twice', 'schedule-late', 'schedule-never'];
const met: readonly FaultName[] = faultNames.filter(
  (name) =>
    ![
      ...['mail-unanswered', 'provider-event', 'rebound'],
      ...['redrive', 'torn-log', 'outage', 'clock-skew'],
      ...scheduled,
    ].includes(name),
);

describe('chaos', () => {
  it.each(met)('loses nothing that was accepted to %s, and counts and logs it', async (name) => {
    const at = await opened();
    await faults(at, { seed: 3, rates: { [name]: 0.2 } });
    for (let number = 0; number < 12; number += 1) {
      expect(await send(at, '/api/events', event(number))).toBe(202);
      expect(await send(at, '/api/profile-subscription-bulk-create-jobs', subscription(number))).toBe(202);
      await at.system.world.advance(number % 4 === 0 ? hour : minute);
    }
    const report = await faults(at);
    expect(countOf(report, name)).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(`"fault":"${name}"`))).toHaveLength(countOf(report, name));
    await faults(at, { on: false });
    for (const queue of ['segments', 'flows', 'messages', 'jobs', 'tallies', 'feedback'] as const)
      at.system.world.redrive(queue);
    await at.system.world.advance(6 * hour);
    const kept = at.system.world.store.dump();
    // One of each subscription is Millrace's own.
    expect(kept.filter(({ kind }) => kind === 'event')).toHaveLength(12 + 10);
    expect(kept.filter(({ kind }) => kind === 'profile')).toHaveLength(10);
    const consents = kept.filter((item) => item.kind === 'profile' && JSON.stringify(item).includes('SUBSCRIBED'));
    expect(consents).toHaveLength(10);
    // The next sweep makes good for one that was given up.
    expect(at.system.world.givenUp.filter((one) => one.function !== 'wake')).toEqual([]);
  });

  it('has services that schedule late, twice or never, lose the answer of mail and report early', async () => {
    const world = memoryPorts();
    const portsWith = (fault: FaultName) =>
      troubled(world.ports, 'messages', {
        hits: (one) => one === fault,
        draw: () => 0.5,
        wait: async () => undefined,
        world: () => world,
      });
    const payload = { account: 'Bean01', minute: '202601010000' };
    await portsWith('schedule-never').schedule.once({ name: 'a', at: 0, payload });
    expect(world.schedule.pending()).toEqual([]);
    await portsWith('schedule-late').schedule.once({ name: 'b', at: 0, payload });
    expect(world.schedule.pending().map(({ at }) => at)).toEqual([hour / 2]);
    await portsWith('schedule-twice').schedule.once({ name: 'c', at: 1, payload });
    expect(world.schedule.pending()).toHaveLength(3);
    const email = {
      ...{ from: { name: 'B', address: 'b@example.org' }, to: 'a@example.org', subject: '', html: '', text: '' },
      ...{ headers: {}, tags: { account: 'Bean01', profile: 'p', message: 'm' } },
    };
    const call = { url: 'https://shop.example/', method: 'GET', deadline: second, largest: 1 } as const;
    await expect(portsWith('rebound').http.request(call)).rejects.toThrow(HttpRefused);
    await expect(portsWith('rebound').http.download(call)).rejects.toThrow(HttpRefused);
    expect(world.http.calls).toEqual([]);
    await expect(portsWith('mail-unanswered').mail.send(email)).rejects.toThrow('lost');
    await portsWith('provider-event').mail.send(email);
    expect([world.mail.inbox.length, world.queue.size('feedback')]).toEqual([2, 3]);
  });

  it('is off until it is asked for, and happens in one order from one seed', async () => {
    const at = await opened();
    expect(await faults(at)).toMatchObject({ on: false, outages: [] });
    await send(at, '/api/events', event(1));
    const told: string[][] = [];
    for (const seed of [7, 7, 8]) {
      await local?.close();
      lines.length = 0;
      const again = await opened({ chaos: seed });
      for (let number = 0; number < 20; number += 1) await send(again, '/api/events', event(number));
      told.push(lines.filter((line) => line.includes('"fault":')).map((line) => line.replace(/.*"fault"/, '')));
    }
    expect(told[0]?.length).toBeGreaterThan(0);
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).not.toEqual(told[0]);
  });

  it('refuses what it does not understand, names the place, and changes nothing', async () => {
    const at = await opened();
    const before = await faults(at);
    for (const [body, source] of [
      [{ rates: { lost: 2 } }, '/rates/lost'],
      [{ rates: { nonsense: 0.1 } }, '/rates'],
      [{ outage: { port: 'moon', seconds: 1 } }, '/outage/port'],
      [{ seed: -1, on: true }, '/seed'],
      [{ poison: 'nowhere' }, '/poison'],
      [{ colour: 'red' }, '/'],
      [[], '/'],
    ] as const) {
      const { status, errors } = await faults(at, body);
      expect([body, status, errors[0]?.source.startsWith(source)]).toEqual([body, 400, true]);
      expect(errors[0]?.detail).toMatch(/\S/);
    }
    const plain = await fetch(`${at.url}/x/local/faults`, { method: 'POST', body: '{"on":true}' });
    expect(plain.status).toBe(415);
    expect(await faults(at)).toEqual(before);
  });

  it('takes a port away for a time, and what waits for it is done afterwards', async () => {
    const at = await opened();
    expect(await faults(at, { outage: { port: 'queue', seconds: 600 } })).toMatchObject({
      outages: [{ port: 'queue' }],
    });
    await send(at, '/api/profile-subscription-bulk-create-jobs', subscription(1));
    await at.system.world.advance(5 * minute);
    expect(at.system.world.store.dump().filter(({ kind }) => kind === 'profile')).toEqual([]);
    await at.system.world.advance(hour);
    expect(await faults(at)).toMatchObject({ on: false, outages: [] });
    expect(at.system.world.store.dump().filter(({ kind }) => kind === 'profile')).toHaveLength(1);
  });

  it('poisons a queue and puts its dead letters back when asked', async () => {
    const at = await opened();
    await faults(at, { poison: 'flows' });
    await at.system.world.advance(hour);
    expect(at.system.world.deadLetters('flows')).toHaveLength(1);
    const report = await faults(at, { redrive: 'flows' });
    expect(at.system.world.deadLetters('flows')).toEqual([]);
    expect([countOf(report, 'poison'), countOf(report, 'redrive')]).toEqual([1, 1]);
    await at.system.world.advance(hour);
    expect(at.system.world.deadLetters('flows')).toHaveLength(1);
    await faults(at, { discard: 'flows' });
    expect([at.system.world.deadLetters('flows'), at.system.world.queue.size('flows')]).toEqual([[], 0]);
  });

  it('leaves half a line in the log at a start, with which nothing is lost', async () => {
    const folder = temporaryFolder();
    const data = folder.inside('data');
    expect(tearLog(data)).toBe(false);
    await send(await opened({ data }), '/api/events', event(1));
    await local?.close();
    const at = await opened({ data, chaos: 1 });
    expect(countOf(await faults(at), 'torn-log')).toBe(1);
    expect(at.system.world.store.dump().filter(({ kind }) => kind === 'event')).toHaveLength(1);
    await at.close();
    local = undefined;
    appendFileSync(`${data}/log.jsonl`, '');
    expect(readFileSync(`${data}/log.jsonl`, 'utf8')).not.toContain('torn');
    folder.remove();
  });

  it('is begun by a flag, which prints its seed', async () => {
    const running = start('functions/local/main.ts', ['--port', '0', '--quiet', '--chaos', '7']);
    const out = await running.says('Chaos from seed 7');
    const url = /API +(http:\S+)/.exec(out)?.[1] ?? '';
    const { seed, on } = (await (await fetch(`${url}/x/local/faults`)).json()) as { seed: number; on: boolean };
    running.process.kill('SIGINT');
    await running.ended;
    expect({ seed, on }).toEqual({ seed: 7, on: true });
  });

  it('is described fault by fault in docs/faults.md', () => {
    const page = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8');
    for (const name of faultNames) {
      const { code, does, usual } = faultKinds[name];
      expect(page.replace(/ +/g, ' ')).toContain(`| ${code} | \`${name}\` | ${does} | ${usual} |`);
    }
  });
});
