// The whole system on a virtual clock, whose functions can be made to fail, and a caller who sends again what failed.
// Loaded lazily by the product, after a wait that no seed decides: here it is there beforehand.
import 'html-to-text';
import { type Chaos, fragile } from '../../functions/local/fragile.ts';
import { functions } from '../../functions/local/functions.ts';
import { seed as seedAccount, seeded } from '../../functions/local/seed.ts';
import { createWorld, type World, type WorldOptions } from '../../functions/local/world.ts';
import { createAccount, createKey, fullAccess } from '../../shared/domain/account/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { second } from '../../shared/kernel/time.ts';

export interface Document {
  status: number;
  data: { id: string; attributes: Record<string, unknown> };
  many: { id: string; attributes: Record<string, unknown>; relationships: Record<string, { data?: { id: string } }> }[];
  next: string | undefined;
  errors: { code: string; meta?: { duplicate_profile_id?: string } }[];
  /** How often the request was sent. */
  tries: number;
}

export interface Simulated {
  world: World;
  /** The account that the caller is of. */
  account: string;
  /** Calls the API with the key of full access; sends again after a 5xx, until there is an answer. */
  call: (method: string, path: string, body?: unknown) => Promise<Document>;
  /** The same, throwing on anything but a 2xx; answers the id of the resource. */
  make: (method: string, path: string, body?: unknown) => Promise<string>;
  /** All resources of a collection, page by page. */
  walk: (path: string) => Promise<Document['many']>;
  /** Posts to the page of a link, until it answers. */
  post: (path: string, body?: string) => Promise<number>;
  /** The same, with what the page says. */
  page: (path: string, body?: string) => Promise<{ status: number; text: string }>;
}

/** 30 seconds past a full hour, so that no hourly sweep comes within the first 59 minutes. */
export const start = Date.UTC(2026, 5, 1, 12, 0, 30);

export const account = seeded.account;

/** The headers of a call with this key. */
export const headersWith = (key: string) => ({
  authorization: `Klaviyo-API-Key ${key}`,
  revision: '2026-07-15',
  'content-type': 'application/json',
});

/** Another account, which knows the same people. */
const rival = { account: accountId('Rival1'), key: 'pk_rival_account_of_the_simulation' };

const mostTries = 300;

/** The system with functions that fail as `chaos` says. */
export const simulated = (chaos: Chaos, options: Partial<WorldOptions> = {}): Promise<Simulated> =>
  systemOf({ functions: fragile(functions, chaos), ...options });

/** The system with these functions, at rest, and its caller. */
export async function systemOf(options: Pick<WorldOptions, 'functions'> & Partial<WorldOptions>): Promise<Simulated> {
  const world = createWorld({ start, ...options });
  await seedAccount(world.ports);
  return callerOf(world, seeded);
}

/** The caller of a second account in the same world. */
export async function rivalOf({ world }: Simulated): Promise<Simulated> {
  const { ports } = world;
  await createAccount(ports, { name: 'Rival', senderEmail: 'hello@rival.example', publicId: rival.account });
  await createKey(ports, rival.account, { name: 'all', scopes: fullAccess, secret: rival.key });
  return callerOf(world, rival);
}

function callerOf(world: World, { account: of, key }: { account: string; key: string }): Simulated {
  const headers = headersWith(key);

  async function sent(request: Parameters<World['request']>[0]) {
    for (let tries = 1; ; tries += 1) {
      const answer = await world.request(request);
      if (answer.status < 500) return { ...answer, tries };
      if (tries === mostTries)
        throw new Error(`I15 ${request.method} ${request.path} never succeeds: ${answer.body ?? ''}`);
      world.clock.advance(second);
    }
  }

  async function call(method: string, path: string, body?: unknown): Promise<Document> {
    const answer = await sent({ method, path, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const {
      data,
      errors = [],
      links,
    } = JSON.parse(answer.body ?? '{}') as {
      data?: Document['data'] | Document['many'];
      errors?: Document['errors'];
      links?: { next?: string | null };
    };
    const next = links?.next ?? undefined;
    return {
      status: answer.status,
      data: Array.isArray(data) || !data ? { id: '', attributes: {} } : data,
      many: Array.isArray(data) ? data : [],
      next: next === undefined ? undefined : `${new URL(next).pathname}${new URL(next).search}`,
      errors,
      tries: answer.tries,
    };
  }

  async function page(path: string, body?: string) {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await sent({ method: 'POST', path, headers: type, ...(body !== undefined && { body }) });
    return { status: answer.status, text: answer.body ?? '' };
  }

  return {
    world,
    account: of,
    call,
    page,
    async make(method, path, body) {
      const { status, data, errors } = await call(method, path, body);
      if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(errors)}`);
      return data.id;
    },
    async walk(path) {
      const all: Document['many'] = [];
      for (let at: string | undefined = path; at !== undefined;) {
        const page: Document = await call('GET', at);
        if (page.status !== 200) throw new Error(`GET ${at} answered ${page.status}: ${JSON.stringify(page.errors)}`);
        for (const { id } of page.many)
          if (all.some((one) => one.id === id)) throw new Error(`I14 ${id} came twice in a walk of ${path}`);
        all.push(...page.many);
        at = page.next;
      }
      return all;
    },
    post: async (path, body) => (await page(path, body)).status,
  };
}

/** Chaos that does nothing. */
export const calm: Chaos = { fate: () => 'pass' };
