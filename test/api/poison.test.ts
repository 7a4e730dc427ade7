// The poison corpus through every door by which facts come in: stored and read back unchanged, or refused. Never a 500.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../functions/local/seed.ts';
import { type LocalSystem, createSystem } from '../../functions/local/system.ts';
import { type Poison, poison } from '../support/poison.ts';

let system: LocalSystem;
beforeAll(async () => {
  system = await createSystem({ publicUrl: 'http://local.test', real: false });
});
afterAll(() => system.stop());

const json = { 'content-type': 'application/json', revision: '2026-07-15' };
const secret = { ...json, authorization: `Klaviyo-API-Key ${seeded.key}` };
const company = `company_id=${seeded.account}`;

async function send(path: string, headers: Record<string, string>, body?: string): Promise<number> {
  const method = body === undefined ? 'GET' : 'POST';
  return (await system.world.request({ method, path, headers, ...(body !== undefined && { body }) })).status;
}

interface Shown {
  data: { id: string; attributes: Record<string, unknown> }[];
  links: { next: string | null };
}

/** Everything of a listing, page after page. */
async function all(path: string): Promise<Shown['data']> {
  const { body = '{}' } = await system.world.request({ method: 'GET', path, headers: secret });
  const { data, links } = JSON.parse(body) as Shown;
  return links.next === null ? data : [...data, ...(await all(links.next.replace('http://local.test', '')))];
}

/** Properties that hold the value, under a name of its own and, if it is a text, also as a name. */
const bagOf = ({ text }: Poison) => `{"value":${text}${text.startsWith('"') ? `,${text}:1` : ''}}`;
/** As JSON keeps it: minus zero is zero, and of equal names the last counts. */
const asKept = (text: string) => JSON.stringify(JSON.parse(text));

const told = (poisoned: Poison, at: number, metric: string) =>
  `"unique_id":"${at}","properties":${bagOf(poisoned)},"metric":{"data":{"type":"metric","attributes":{"name":"${metric}"}}}`;
const person = (metric: string) => `"profile":{"data":{"type":"profile","attributes":{"external_id":"${metric}"}}}`;
const one = (poisoned: Poison, at: number, metric: string) =>
  `{"data":{"type":"event","attributes":{${told(poisoned, at, metric)},${person(metric)}}}}`;
const group = (poisoned: Poison, at: number, metric: string) =>
  `${person(metric)},"events":{"data":[{"type":"event","attributes":{${told(poisoned, at, metric)}}}]}`;

/** The call of old sites. */
function tracked(poisoned: Poison, at: number, metric: string): string {
  const properties = bagOf(poisoned).replace('{', `{"$event_id":"${at}",`);
  return `{"token":"${seeded.account}","event":"${metric}","customer_properties":{"$id":"${metric}"},"properties":${properties}}`;
}

type Door = (poisoned: Poison, at: number, metric: string) => Promise<number>;

const doors: [string, Door][] = [
  ['create_event', (...poisoned) => send('/api/events', secret, one(...poisoned))],
  [
    'bulk_create_events',
    (...poisoned) => {
      const data = `[{"type":"event-bulk-create","attributes":{${group(...poisoned)}}}]`;
      const attributes = `{"events-bulk-create":{"data":${data}}}`;
      const body = `{"data":{"type":"event-bulk-create-job","attributes":${attributes}}}`;
      return send('/api/event-bulk-create-jobs', secret, body);
    },
  ],
  ['create_client_event', (...poisoned) => send(`/client/events?${company}`, json, one(...poisoned))],
  [
    'bulk_create_client_events',
    (...poisoned) => {
      const body = `{"data":{"type":"event-bulk-create","attributes":{${group(...poisoned)}}}}`;
      return send(`/client/event-bulk-create?${company}`, json, body);
    },
  ],
  [
    'the first track, by POST',
    (...poisoned) =>
      send(
        '/api/track',
        { 'content-type': 'application/x-www-form-urlencoded' },
        `data=${encodeURIComponent(tracked(...poisoned))}`,
      ),
  ],
  [
    'the first track, by POST of JSON',
    (...poisoned) => send('/api/track', { 'content-type': 'application/json' }, tracked(...poisoned)),
  ],
  [
    'the first track, by GET',
    (poisoned, at, metric) => {
      const data = tracked(poisoned, at, metric);
      // JSON and base64 by turns.
      return send(
        `/api/track?data=${encodeURIComponent(at % 2 === 0 ? data : Buffer.from(data).toString('base64'))}`,
        {},
      );
    },
  ],
];

/** Doors that lead to the same as another take a part; all of it with SWEEP=all. */
const everyOf = (name: string) => (/JSON|GET/.test(name) && process.env['SWEEP'] !== 'all' ? 5 : 1);

it('the corpus has its size', () => {
  expect(poison.length).toBeGreaterThanOrEqual(2000);
  expect(new Set(poison.map(({ text }) => text)).size).toBe(poison.length);
});

const short = ({ text }: Poison) => text.slice(0, 60);

interface Passed {
  /** The places in the corpus of what was taken. */
  taken: ReadonlySet<number>;
  refused: number;
  /** Neither taken nor refused, or not as it should have been. */
  wrong: string[];
}

/** Sends the corpus through a door, or a part of it; `expected` says what becomes of a value, where that is certain. */
async function through(
  door: (poisoned: Poison, at: number) => Promise<number>,
  expected: (poisoned: Poison) => boolean | undefined,
  every = 1,
): Promise<Passed> {
  const taken = new Set<number>();
  const wrong: string[] = [];
  for (const [at, poisoned] of poison.entries()) {
    if (at % every > 0) continue;
    const status = await door(poisoned, at);
    const isTaken = status >= 200 && status < 300;
    const isRefused = status >= 400 && status < 500;
    if (isTaken) taken.add(at);
    if ((!isTaken && !isRefused) || isTaken !== (expected(poisoned) ?? isTaken))
      wrong.push(`${short(poisoned)}: ${status}`);
  }
  return { taken, wrong, refused: poison.length - taken.size };
}

/** What was taken and is not there as it was sent, and what was refused and is there. */
const changed = ({ taken }: Passed, kept: ReadonlyMap<number, string>, as: (poisoned: Poison) => string) =>
  poison.flatMap((poisoned, at) =>
    kept.get(at) === (taken.has(at) ? asKept(as(poisoned)) : undefined) ? [] : [short(poisoned)],
  );

const long = { timeout: 300_000 };

describe.each(doors)('%s', (name, door) => {
  it('stores what it takes unchanged, and refuses the rest', long, async () => {
    const passed = await through(
      (poisoned, at) => door(poisoned, at, name),
      ({ storable }) => storable,
      everyOf(name),
    );
    expect(passed.wrong).toEqual([]);
    await system.world.settle();
    const profile = (await all(`/api/profiles?filter=${encodeURIComponent(`equals(external_id,"${name}")`)}`))[0];
    const events = await all(`/api/events?filter=equals(profile_id,"${profile?.id ?? ''}")&page[size]=1000`);
    const kept = new Map(
      events.map(({ attributes }) => {
        const { $event_id: at, ...properties } = attributes['event_properties'] as Record<string, unknown>;
        return [Number(at), JSON.stringify(properties)];
      }),
    );
    expect(changed(passed, kept, bagOf)).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('create_or_update_profile', () => {
  const isText = ({ text }: Poison) => text.startsWith('"');
  const importing = (attributes: string) =>
    send('/api/profile-import', secret, `{"data":{"type":"profile","attributes":{${attributes}}}}`);

  it('stores properties and names unchanged, and refuses the rest', long, async () => {
    const name = (poisoned: Poison) => (isText(poisoned) ? poisoned.text : '"none"');
    const passed = await through(
      (poisoned, at) =>
        importing(`"external_id":"p${at}","first_name":${name(poisoned)},"properties":${bagOf(poisoned)}`),
      () => undefined,
    );
    expect(passed.wrong).toEqual([]);
    // What no JSON holds, what is nested too deep, and what is larger than a profile may be.
    expect(passed.refused).toBeLessThan(25);
    const kept = new Map(
      (await all('/api/profiles?page[size]=100')).flatMap(({ attributes }) => {
        const at = /^p(\d+)$/.exec(String(attributes['external_id']))?.[1];
        return at === undefined
          ? []
          : [[Number(at), JSON.stringify([attributes['first_name'], attributes['properties']])] as const];
      }),
    );
    expect(changed(passed, kept, (poisoned) => `[${name(poisoned)},${bagOf(poisoned)}]`)).toEqual([]);
  });

  it('keeps external ids as they are, and tells them apart', long, async () => {
    const passed = await through(
      (poisoned, at) => importing(`"external_id":${poisoned.text},"properties":{"at":${at}}`),
      (poisoned) => (isText(poisoned) ? undefined : false),
    );
    expect(passed.wrong).toEqual([]);
    const kept = new Map(
      (await all('/api/profiles?page[size]=100')).flatMap(({ attributes }) => {
        const { at } = attributes['properties'] as { at?: number };
        return at === undefined ? [] : [[at, JSON.stringify(attributes['external_id'])] as const];
      }),
    );
    expect(changed(passed, kept, ({ text }) => text)).toEqual([]);
    expect(passed.taken.size).toBeGreaterThan(2000);
  });
});

it('names of metrics and ids of events are kept as they are, or refused', long, async () => {
  const event = (text: string) => {
    const metric = `{"data":{"type":"metric","attributes":{"name":${text},"service":"poison"}}}`;
    return `{"data":{"type":"event","attributes":{"properties":{},"unique_id":${text},"metric":${metric},${person('named')}}}}`;
  };
  const passed = await through(
    ({ text }) => send('/api/events', secret, event(text)),
    ({ text }) => (text.startsWith('"') ? undefined : false),
  );
  expect(passed.wrong).toEqual([]);
  expect(passed.taken.size).toBeGreaterThan(2000);
  const metrics = await all('/api/metrics?filter=equals(integration.name,"poison")');
  const names = metrics.map(({ attributes }) => JSON.stringify(attributes['name'])).sort();
  expect(names).toEqual([...passed.taken].map((at) => asKept(poison[at]!.text)).sort());
});
