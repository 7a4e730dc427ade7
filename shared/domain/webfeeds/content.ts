// What a feed holds: fetched by whoever needs it first, kept for a quarter of an hour for all messages. While its server
// fails, what it said before is shown, for a day.
import { nameOfError } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/newest.ts';
import { type Instant, day, minute, second } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { perStore } from '../../storage/per-store.ts';
import { type FeedData, allFeeds, feedData } from './stored.ts';
import { parsed } from './parse.ts';

export const feedStatuses = [
  'critical_nightly_refresh_timeout',
  'disabled',
  'ok',
  'refreshing',
  'warning_nightly_refresh_timeout',
  'warning_periodic_refresh_timeout',
] as const;
export type FeedStatus = (typeof feedStatuses)[number];

const fresh = 15 * minute;
const stale = day;
const largest = 2_000_000;

/** What is kept of a feed. */
interface Kept {
  /** When its server was asked. */
  asked: Instant;
  /** What it said last, and when; absent: nothing yet, or not for a day. */
  said?: { at: Instant; text: string };
}

const fileOf = (account: AccountId, id: string) => `${account}/feeds/${id}`;

async function readKept(ports: Pick<Ports, 'files'>, account: AccountId, id: string): Promise<Kept | undefined> {
  const text = await ports.files.get(fileOf(account, id));
  return text === undefined ? undefined : (JSON.parse(text) as Kept);
}

/** How a feed is doing, from what was last fetched of it. */
export async function statusOf(ports: Ports, account: AccountId, { id }: { id: string }): Promise<FeedStatus> {
  const kept = await readKept(ports, account, id);
  if (!kept || kept.said?.at === kept.asked) return 'ok';
  return kept.said ? 'warning_periodic_refresh_timeout' : 'critical_nightly_refresh_timeout';
}

export const forgetContent = (ports: Pick<Ports, 'files'>, account: AccountId, id: string): Promise<void> =>
  ports.files.remove(fileOf(account, id));

interface Held {
  version: number;
  asked: Instant;
  value: unknown;
}

/** Values by feed, so that a worker reads a feed once for many messages. */
const held = perStore<Held>();
const mostHeld = 20;

/** The value of the feed with this name; undefined when there is none, or its server gave nothing for a day. */
export async function feedNamed(ports: Ports, account: AccountId, name: string): Promise<unknown> {
  const item = (await allFeeds(ports, account)).find((one) => one.name === name);
  if (!item) return undefined;
  const values = held(ports.store);
  const key = `${account} ${item.id}`;
  const known = values.get(key);
  const now = ports.clock.now();
  if (known?.version === item.version && now < known.asked + fresh) return known.value;
  const kept = await refreshed(ports, account, item, now);
  const value = kept.said && (await parsed(kept.said.text, feedData(item).content_type));
  keepNewest(values, key, { version: item.version, asked: kept.asked, value }, mostHeld);
  return value;
}

/** What is kept, asked for anew when it is too old. */
async function refreshed(ports: Ports, account: AccountId, item: DefinitionItem, now: Instant): Promise<Kept> {
  const kept = await readKept(ports, account, item.id);
  if (kept && now < kept.asked + fresh) return kept;
  const text = await fetched(ports, item);
  const before = kept?.said && now < kept.said.at + stale ? kept.said : undefined;
  const said = text === undefined ? before : { at: now, text };
  const next: Kept = { asked: now, ...(said && { said }) };
  await ports.files.put(fileOf(account, item.id), JSON.stringify(next));
  return next;
}

/** The text that the server answers; undefined when it answers none that can be read. */
async function fetched(ports: Ports, item: DefinitionItem): Promise<string | undefined> {
  const { url, request_method, content_type }: FeedData = feedData(item);
  const method = request_method === 'get' ? 'GET' : 'POST';
  try {
    const redirects = method === 'GET' ? 3 : 0;
    const { status, body } = await ports.http.request({ method, url, deadline: 5 * second, largest, redirects });
    if (status !== 200) throw new Error(`It answered ${status}.`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    await parsed(text, content_type);
    return text;
  } catch (error) {
    ports.log.info('web feed not read', { feed: item.id, reason: nameOfError(error) });
    return undefined;
  }
}
