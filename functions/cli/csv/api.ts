// The public API as the commands use it: with a key, over HTTP, patient when it is told to wait.
import { setTimeout as pause } from 'node:timers/promises';
import { UsageError } from '../usage-error.ts';
import type { ProfileData } from './columns.ts';

/** A document of the API, as far as it is read here. */
export interface Page<T> {
  data: T;
  links?: { next?: string | null };
}

export interface Api {
  /** Calls the API; throws UsageError with what it says to a refusal. `target` is a path or a whole URL. */
  call: <T>(method: string, target: string, body?: object) => Promise<Page<T>>;
  /** The same; undefined when there is no such thing. */
  find: <T>(target: string) => Promise<Page<T> | undefined>;
}

const attempts = 6;
const longestWait = 30_000;

/** Waits as long as the answer says, else twice as long each time. */
function waitBefore(attempt: number, answer: Response | undefined): Promise<void> {
  const told = Number(answer?.headers.get('retry-after')) * 1000;
  return pause(Math.min(told || 250 * 2 ** attempt, longestWait));
}

/** The API at `url`, called with `key`. */
export function apiAt(url: string, key: string): Api {
  async function send(method: string, target: string, body?: object): Promise<Response> {
    const headers = {
      authorization: `Klaviyo-API-Key ${key}`,
      revision: '2026-07-15',
      ...(body && { 'content-type': 'application/vnd.api+json' }),
    };
    for (let attempt = 0; ; attempt += 1) {
      const request = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      const answer = await fetch(new URL(target, url), request).catch(() => undefined);
      if (answer && answer.status !== 429 && answer.status < 500) return answer;
      if (attempt === attempts) {
        throw new UsageError(answer ? `${url} keeps answering ${answer.status}.` : `No Millrace answers at ${url}.`);
      }
      await waitBefore(attempt, answer);
    }
  }
  const documentOf = async <T>(answer: Response): Promise<Page<T>> => {
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as Page<T>;
    throw new UsageError(detailIn(text) ?? `${url} answered ${answer.status}.`);
  };
  return {
    call: async (method, target, body) => documentOf(await send(method, target, body)),
    find: async (target) => {
      const answer = await send('GET', target);
      return answer.status === 404 ? undefined : documentOf(answer);
    },
  };
}

function detailIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { errors?: { detail?: string }[] }).errors?.[0]?.detail;
  } catch {
    return undefined;
  }
}

/** Every resource of a collection, page by page. */
export async function* everyPage<T>(api: Api, target: string): AsyncGenerator<T[]> {
  let next: string | null | undefined = target;
  while (next) {
    const page: Page<T[]> = await api.call<T[]>('GET', next);
    yield page.data;
    next = page.links?.next && pathOf(page.links.next);
  }
}

/** Links are followed where the caller said the system is: the key goes nowhere else. */
function pathOf(link: string): string {
  const { pathname, search } = new URL(link, 'http://localhost');
  return `${pathname}${search}`;
}

/** The id of the list or segment with this name, if there is one. */
export async function groupNamed(api: Api, kind: 'lists' | 'segments', name: string): Promise<string | undefined> {
  const filter = encodeURIComponent(`equals(name,${JSON.stringify(name)})`);
  const { data } = await api.call<{ id: string }[]>('GET', `/api/${kind}?filter=${filter}`);
  return data[0]?.id;
}

/** The profiles of the account, or of one of its lists or segments. */
export const profilesAt = (api: Api, path: string) => everyPage<ProfileData>(api, `${path}?page[size]=100`);
