// `npm start` and `npm run rehearse` as a person meets them: from the command to the first authenticated POST, and what it holds when idle.
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { seeded } from '../../functions/local/seed.ts';
import { assemble, cache } from '../../functions/rehearse/synthesize.ts';
import { type Running, startProgram } from '../support/child.ts';
import { type Figures, medians, type Rows } from './figures.ts';

const options = ['--port', '0', '--quiet'];
const rounds = 5;

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };

/** The flags of `npm start`: a third less memory, for a twentieth of the speed. */
export const frugal = scripts.start.split(' ').filter((word) => word.startsWith('--'));

/** Medians of several starts, one after the other. */
export async function starts(): Promise<Figures> {
  const measured: Figures[] = [];
  for (let round = 0; round < rounds; round += 1) measured.push({ ...(await firstPost('start')), ...(await idle()) });
  return medians(measured);
}

/** Medians of several starts of the rehearsal: with everything to be synthesized and bundled, and with nothing. */
export async function rehearsals(): Promise<Rows> {
  const [first, later]: [Figures[], Figures[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    rmSync(cache, { recursive: true, force: true });
    first.push(await firstPost('rehearse'));
    // Whoever ends before everything is bundled leaves that to the next.
    await (await assemble('dev')).end();
    later.push(await firstPost('rehearse'));
  }
  return { 'after a change': medians(first), 'once more': medians(later) };
}

/** Milliseconds from `npm run <script>` to its address, and to the answer of the first authenticated POST. */
async function firstPost(script: 'start' | 'rehearse'): Promise<Figures> {
  const began = performance.now();
  const npm = startProgram('npm', ['run', '--silent', script, '--', ...options], { detached: true });
  return during(npm, async (url) => {
    const ready = performance.now() - began;
    const answer = await fetch(`${url}/api/profiles`, {
      method: 'POST',
      headers: {
        authorization: `Klaviyo-API-Key ${seeded.key}`,
        revision: '2026-07-15',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ data: { type: 'profile', attributes: { email: 'ana@example.org' } } }),
    });
    if (answer.status !== 201) throw new Error(`The first POST answered ${answer.status}.`);
    return { ready_ms: Math.round(ready), first_post_ms: Math.round(performance.now() - began) };
  });
}

/** Megabytes of the system's process after some seconds in which nothing happened; Linux tells them, others do not. */
async function idle(): Promise<Figures> {
  if (process.platform !== 'linux') return {};
  const system = startProgram(process.execPath, [...frugal, 'functions/local/start.mjs', ...options], {
    detached: true,
  });
  return during(system, async () => {
    await pause(3000);
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${system.process.pid}/status`, 'utf8')) ?? [];
    return { idle_mb: Math.round(Number(kilobytes) / 1024) };
  });
}

/** Does the work once the system tells where it is, and ends the process group: a signal to npm alone ends only npm. */
async function during(running: Running, work: (url: string) => Promise<Figures>): Promise<Figures> {
  try {
    const [, url = ''] = /API +(http:\S+)/.exec(await running.says('npm run demo')) ?? [];
    return await work(url);
  } finally {
    if (running.process.pid !== undefined) process.kill(-running.process.pid, 'SIGTERM');
    await running.ended;
  }
}
