import { notFound } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Ports } from '../../ports.ts';
import type { EventItem } from '../../storage/items.ts';
import { putIfAbsent } from '../../storage/conflict.ts';
import {
  Forgotten,
  type IdentifierRule,
  type ProfileInput,
  livingIds,
  profileExchanged,
  repeated,
  resolveProfile,
} from '../identity/index.ts';
import { type EventInput, uniqueIdOf } from './event.ts';
import { noteDropped } from './dropped.ts';
import { countForPerson, refuseFloods } from './floods.ts';
import { knownMetric } from './metrics.ts';
import { newEvent } from './new-event.ts';
import type { EventGroup } from './request.ts';
import { countForSpread } from './spread.ts';

/** Who tells. */
interface Told {
  /** Anyone, behind the public key. */
  public?: boolean;
  /** Whether the account's limits are kept: nobody has more events than the key of one person bears. */
  limited?: boolean;
}

/**
 * Records an event of whoever the profile input means; creates or updates the profile when it says something new.
 * Durable when it resolves; an event that is known already is left as it was. `public`: told by a browser, which cannot
 * change the identifiers of a known profile. Costs, for a known identifier and 1 KB: 4 write units, 1 read unit. Throws
 * `Forgotten` when its person was forgotten after it happened, and is not known again.
 */
export async function recordEvent(
  ports: Ports,
  account: AccountId,
  input: EventInput & { profile: ProfileInput },
  options: Told = {},
): Promise<EventItem> {
  const { id } = await resolveProfile(ports, account, input.profile, ruleOf(options), timeOf(ports, input));
  return recordEventOf(ports, account, id, input);
}

/** Records an event of a profile that is known to exist, by its id. */
async function recordEventOf(ports: Ports, account: AccountId, profile: string, input: EventInput): Promise<EventItem> {
  const item = await newEvent(ports, account, profile, input);
  const known = await knownOr(ports, item, input);
  if (known === undefined) await countForSpread(ports, account, await knownMetric(ports, account, input.metric));
  // A file of its own was perhaps written before the other event was seen.
  else await ports.store.write(repeated(account, item, item.file === known.file ? undefined : item.file));
  return known ?? item;
}

/** Writes an event and its file, unless one with its id is known: answers that one. */
async function knownOr(ports: Ports, item: EventItem, input: EventInput): Promise<EventItem | undefined> {
  if (item.file !== undefined) {
    const known = await ports.store.get<EventItem>(item);
    if (known !== undefined) return known;
    await ports.files.put(item.file, JSON.stringify(input.properties));
  }
  return putIfAbsent(ports.store, item);
}

/**
 * Records all events of all groups, several at once; each is durable and counts once, whatever becomes of the others.
 * Rejects when any could not be recorded: sending all of them again is safe. Refuses all with 404 when one group names
 * its profile by an id that there is not, and with 429 when one is about somebody with too many (floods.ts). Events from
 * before their person was forgotten are gone with everything else of that time, as if they had come then: they bring
 * nobody back.
 */
export async function recordGroups(
  ports: Ports,
  account: AccountId,
  groups: readonly EventGroup[],
  options: Told = {},
): Promise<void> {
  if (options.limited === true) refuseFloods(ports, account, groups);
  await refuseUnknown(ports, account, groups);
  await inParallel(groups, 8, async (group) => {
    const { id, forgotten } = await profileOf(ports, account, group, options);
    if (options.limited === true && id !== undefined) await countForPerson(ports, account, id, group);
    await inParallel(alikeIn(ports, group.events), 8, async (alike) => {
      for (const event of alike) {
        if (id === undefined || timeOf(ports, event) < forgotten) await noteDropped(ports, account, event);
        else await recordEventOf(ports, account, id, event);
      }
    });
  });
}

/** The events by what tells them apart: of those that are the same one to us, the first that was told stays. */
function alikeIn(ports: Ports, events: readonly EventInput[]): EventInput[][] {
  const nameOf = (event: EventInput) =>
    JSON.stringify([event.metric.service, event.metric.name, uniqueIdOf(event, timeOf(ports, event))]);
  return [...Map.groupBy(events, nameOf).values()];
}

/** When an event happened, to the millisecond. */
const timeOf = (ports: Ports, { time }: EventInput): Instant => time ?? ports.clock.now();

/** Whose events a group holds; without an id when nothing in it happened since its person was forgotten. */
interface Whose {
  id?: string;
  /** When they were forgotten; -Infinity: never. */
  forgotten: Instant;
}

async function profileOf(
  ports: Ports,
  account: AccountId,
  { profile, events }: EventGroup,
  options: Told,
): Promise<Whose> {
  try {
    // A group without events tells of its person now.
    const newest = events.length === 0 ? ports.clock.now() : Math.max(...events.map((event) => timeOf(ports, event)));
    return { forgotten: -Infinity, ...(await resolveProfile(ports, account, profile, ruleOf(options), newest)) };
  } catch (error) {
    if (!(error instanceof Forgotten)) throw error;
    return { forgotten: Infinity };
  }
}

/** A refusal must change nothing: one group alone is refused before it writes, several are looked at beforehand. */
async function refuseUnknown(ports: Ports, account: AccountId, groups: readonly EventGroup[]): Promise<void> {
  if (groups.length < 2) return;
  await Promise.all(groups.map(({ profile }) => profileExchanged(ports, account, profile)));
  const ids = [...new Set(groups.flatMap(({ profile }) => profile.id ?? []))];
  const living = await livingIds(ports, account, ids);
  const unknown = ids.find((_, at) => living[at] === undefined);
  if (unknown !== undefined) throw notFound('profile', unknown);
}

function ruleOf(options: Told): IdentifierRule {
  return options.public === true ? 'keep' : 'leave';
}
