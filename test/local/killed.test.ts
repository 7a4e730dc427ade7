// The process is killed (SIGKILL) while orders come in over HTTP, and started again on its folder of data. KILLED=4000
// makes it as large as the test that a peer of ours did not pass, with three kills (7 events twice, 10 messages twice, 4
// people without).
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readKept } from '../../functions/local/kept.ts';
import { seeded } from '../../functions/local/seed.ts';
import { known } from '../../shared/storage/patterns.ts';
import { openShop, orderOf, type Taken, verdictOn } from '../simulation/killed.ts';
import { type Running, start } from '../support/child.ts';
import { temporaryFolder } from '../support/local.ts';

const orders = Number(process.env['KILLED'] ?? 80);
const kills = orders < 1000 ? 1 : 3;
/** Requests that are under way at a time. */
const callers = 20;
/** Messages that can be claimed and not handed over at an instant: four invocations of ten. */
const atWork = 40;

const headers = {
  authorization: `Klaviyo-API-Key ${seeded.key}`,
  revision: '2026-07-15',
  'content-type': 'application/json',
};

/** Starts take half the time, as those of npm start do. */
const compiled = { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') };

/** The process that is there now; whoever calls while there is none waits for the next. */
async function restartable(data: string, ledger: string) {
  let at = '0';
  let running: Running;
  const begin = async () => {
    running = start('test/support/watched-provider.ts', [at, data, ledger], compiled);
    const [, url = ''] = /Listening at (\S+)/.exec(await running.says('Listening at')) ?? [];
    at = new URL(url).port;
    return url;
  };
  let ready = begin();
  await ready;

  /** Sends again what a kill left without an answer. */
  async function call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ data?: { id: string } | { id: string }[] }> {
    for (;;) {
      const url = await ready;
      try {
        const answer = await fetch(`${url}${path}`, {
          method,
          headers,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
        return JSON.parse(text === '' ? '{}' : text) as Awaited<ReturnType<typeof call>>;
      } catch (error) {
        // The connection broke: only the kill does that.
        if (!(error instanceof TypeError)) throw error;
      }
    }
  }

  return {
    call,
    kill: () => {
      running.process.kill('SIGKILL');
      ready = running.ended.then(begin);
    },
    end: (signal: NodeJS.Signals) => {
      running.process.kill(signal);
      return running.ended;
    },
  };
}

let folder: ReturnType<typeof temporaryFolder>;
let system: Awaited<ReturnType<typeof restartable>> | undefined;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await system?.end('SIGKILL');
  folder.remove();
});

/** Sends all orders; kills the process when so many more are accepted. Answers how many were not followed by an email then. */
async function sendAll({ call, kill }: NonNullable<typeof system>, sent: () => number): Promise<number[]> {
  const behind: number[] = [];
  let [next, accepted] = [0, 0];
  async function caller() {
    while (next < orders) {
      next += 1;
      await call('POST', '/api/events', orderOf(next - 1));
      accepted += 1;
      if (behind.length === kills || accepted < ((behind.length + 1) * orders) / (kills + 1)) continue;
      behind.push(accepted - sent());
      kill();
    }
  }
  await Promise.all(Array.from({ length: callers }, caller));
  return behind;
}

it(
  `${orders} orders, kills on the way (${kills}): each once, an email for each, nobody twice`,
  { timeout: 1_800_000 },
  async () => {
    const [data, ledger] = [folder.inside('data'), folder.inside('ledger')];
    system = await restartable(data, ledger);
    const { call } = system;
    const pass = (time: string) => call('POST', '/x/local/clock', { advance: time });
    const made = async (...asked: Parameters<typeof call>) => {
      const { data: one } = await call(...asked);
      return one && 'id' in one ? one.id : '';
    };
    await openShop(made, async () => {
      await pass('10s');
      const { data: metrics } = await call('GET', '/api/metrics');
      return Array.isArray(metrics) ? (metrics[0]?.id ?? '') : '';
    });
    await pass('10s');
    const taken = () => (existsSync(ledger) ? readFileSync(ledger, 'utf8').trim().split('\n') : []);
    const behind = await sendAll(system, () => taken().length);
    await pass('40m');
    expect(await system.end('SIGTERM')).toMatchObject({ code: 0, err: '' });

    const emails = taken().map((line) => JSON.parse(line) as Taken);
    const { broken, unknown, without } = verdictOn(readKept(data).items.map(known), emails, orders);
    expect(broken).toEqual([]);
    expect(behind).toHaveLength(kills);
    // Whoever's message was claimed and not handed over when the process died; it says that nobody knows.
    expect(without.length).toBeLessThanOrEqual(kills * atWork);
    const told = `${emails.length} emails, ${unknown.length} unknown, ${without.length} of them not sent`;
    console.log(`${orders} orders, ${kills} kills with ${behind.join(', ')} not followed by an email: ${told}`);
  },
);
