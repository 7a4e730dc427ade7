// An account in a memory world, and its API: what tests of the people's areas work with.
import { type MemoryWorld, memoryPorts } from '../../shared/adapters/memory/index.ts';
import { createAccount, createKey, fullAccess, serve } from '../../shared/domain/account/index.ts';
import { listResource } from '../../shared/domain/consent/index.ts';
import type { Context } from '../../shared/domain/context.ts';
import {
  clientEventOperations,
  eventOperations,
  metricOperations,
  recordOperations,
} from '../../shared/domain/events/index.ts';
import { clientProfileOperations, type ProfileInput, profileOperations } from '../../shared/domain/identity/index.ts';
import type { Operation } from '../../shared/jsonapi/operation.ts';
import { type AccountId, accountId } from '../../shared/kernel/ids.ts';

/** A resource object as answered. */
export interface Shown {
  type: string;
  id: string;
  attributes: Record<string, unknown>;
  relationships: Record<string, { data?: unknown }>;
  links: { self: string };
}

/** An answer, taken apart; what its document does not have is empty. */
export interface Answer {
  status: number;
  /** `data` of a single resource. */
  one: Shown;
  /** `data` of a collection. */
  many: Shown[];
  included: Shown[];
  errors: { code: string; detail: string; source: object; meta?: object }[];
  /** The target of the next page. */
  next?: string;
}

interface Body {
  data?: Shown | Shown[];
  included?: Shown[];
  errors?: Answer['errors'];
  links?: { next?: string | null };
}

const nothing: Shown = { type: '', id: '', attributes: {}, relationships: {}, links: { self: '' } };

function answerOf(status: number, text = '{}'): Answer {
  const { data, included = [], errors = [], links } = JSON.parse(text) as Body;
  const many = Array.isArray(data) ? data : [];
  const one = Array.isArray(data) ? nothing : (data ?? nothing);
  const next = links?.next ?? undefined;
  return {
    status,
    one,
    many,
    included,
    errors,
    ...(next !== undefined && { next: decodeURI(new URL(next).pathname + new URL(next).search) }),
  };
}

export interface Setting extends MemoryWorld {
  account: AccountId;
  /** Calls the API with a key of full access; `body` may be a JSON text, `more` are headers. */
  call: (method: string, target: string, body?: unknown, more?: Record<string, string>) => Promise<Answer>;
  /** The read and write units that `work` consumes. */
  cost: (work: () => Promise<unknown>) => Promise<{ read: number; write: number }>;
}

const none = { of: listResource, load: () => Promise.resolve([]) };
const operations: readonly Operation<Context>[] = [
  ...profileOperations({ lists: none, segments: none }),
  ...clientProfileOperations,
  ...eventOperations,
  ...metricOperations({ flowTriggers: none }),
  ...recordOperations,
  ...clientEventOperations,
];

/** A fresh world with one account, at 2026-01-01; `more` operations join those of the people's areas. */
export async function setting(more: readonly Operation<Context>[] = []): Promise<Setting> {
  const spent = { read: 0, write: 0 };
  const world = memoryPorts({
    meter: ({ read, write }) => {
      spent.read += read;
      spent.write += write;
    },
  });
  const { ports } = world;
  const owner = await createAccount(ports, { name: 'Test', senderEmail: 'test@millrace.dev', publicId: 'ABC123' });
  const account = accountId(owner.id);
  const { secret } = await createKey(ports, account, { name: 'test', scopes: fullAccess });
  const handle = serve(ports, [...operations, ...more]);
  return {
    ...world,
    account,
    async call(method, target, body, more = {}) {
      const [path = '', query = ''] = target.split('?');
      const { status, body: text } = await handle({
        method,
        path,
        query,
        headers: {
          authorization: `Klaviyo-API-Key ${secret}`,
          revision: '2026-07-15',
          'content-type': 'application/json',
          ...more,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return answerOf(status, text);
    },
    async cost(work) {
      const before = { ...spent };
      await work();
      return { read: spent.read - before.read, write: spent.write - before.write };
    },
  };
}

/** A profile input of identifiers and nothing else. */
export function known(identifiers: ProfileInput['identifiers']): ProfileInput {
  return { identifiers, attributes: {} };
}

/** A request document of a profile. */
export function profileBody(attributes: object, rest: object = {}): object {
  return { data: { type: 'profile', attributes, ...rest } };
}

/** A request document of an event. */
export function eventBody(profile: object, rest: object = {}): object {
  const attributes = {
    properties: {},
    metric: { data: { type: 'metric', attributes: { name: 'Placed Order' } } },
    profile: { data: { type: 'profile', attributes: profile } },
    ...rest,
  };
  return { data: { type: 'event', attributes } };
}
