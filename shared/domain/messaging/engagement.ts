// What becomes of a message, as an event of its person under the metric that integrations know (behaviour 2.4).
import type { AccountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { MessageItem, PersonalChannel } from '../../storage/items.ts';
import { accountOf, messageKey, profileKey } from '../../storage/patterns.ts';
import { type Check, ConditionFailed, type Put, type Update } from '../../storage/store.ts';
import { readAccount } from '../account/index.ts';
import { engagementMetrics, internalService, newEvent } from '../events/index.ts';
import { aboutPerson } from '../identity/index.ts';
import type { MessageName } from './message-name.ts';
import { type Counted, counting } from './reputation.ts';
import { firstInTrial } from './trial-counts.ts';

type Metrics = typeof engagementMetrics;

/** The words for what can become of a message, whatever its channel. */
export type Became = { [C in PersonalChannel]: keyof Metrics[C] }[PersonalChannel];

/** Something that became of a message. */
export interface Engagement {
  became: Became;
  at: Instant;
  /** Tells apart what may happen to one message more than once; absent: it happens once. */
  once?: string;
  /** Beside what every event about the message says. */
  properties?: Readonly<Record<string, unknown>>;
}

const metricFor = (channel: MessageItem['channel'], became: Became): string | undefined =>
  Object.hasOwn(engagementMetrics, channel)
    ? (engagementMetrics[channel as PersonalChannel] as Partial<Record<Became, string>>)[became]
    : undefined;

/**
 * The writes that record what became of a message as an event of the person that it lies with, to be done in one
 * transaction, the event first; none for channels that reach nobody in person, and of who was forgotten. Once only: the
 * event's id follows from the message. Throws a conflict for `aboutPerson` unless everything is `settled`.
 */
export async function engagementWrites(
  ports: Ports,
  item: MessageItem,
  { became, at, once, properties }: Engagement,
  settled: boolean,
): Promise<[Put, Check] | []> {
  const name = metricFor(item.channel, became);
  if (name === undefined) return [];
  const [account, { profile, id }] = [accountOf(item), item];
  const home = profileKey(account, profile);
  if (!(await ports.store.get(home))) {
    if (!settled) throw new ConditionFailed();
    return [];
  }
  const event = await newEvent(ports, account, profile, {
    metric: { name, service: internalService },
    properties: { ...(JSON.parse(item.told ?? '{}') as object), ...properties },
    time: at,
    unique_id: once === undefined ? id : `${id} ${once}`,
  });
  return [
    { put: event, if: { absent: true } },
    { check: home, if: { present: true } },
  ];
}

/** What emails are counted as, for the sake of the sender's reputation; undefined: they are not. */
function countedOf({ channel }: MessageItem, { became, properties = {} }: Engagement): Counted | undefined {
  if (channel !== 'email') return undefined;
  if (became === 'bounced') return properties['Bounce Type'] === 'Hard' ? became : undefined;
  return became === 'received' || became === 'complained' ? became : undefined;
}

const countOf = async (ports: Ports, account: AccountId, counted: { what: Counted; message: string }) =>
  counting(account, await readAccount(ports, account), counted, ports.clock.now());

/** What counts for an experiment: that the person, and no software, opened its message or followed a link in it. */
function trialWrites(item: MessageItem, { became, at, properties = {} }: Engagement): Update[] {
  if (became !== 'opened' && became !== 'clicked') return [];
  if (properties['machine_open'] === true || properties['Bot Click'] === true) return [];
  return firstInTrial(item, became, at);
}

/** Records what became of a message, wherever merges took it; answers whether this is news. Twice is once. */
export async function tell(ports: Ports, name: MessageName, engagement: Engagement): Promise<boolean> {
  const { account, message } = name;
  return aboutPerson(ports, account, name.profile, async (profile, settled) => {
    const item = await ports.store.get(messageKey(account, profile, message));
    if (!item && !settled) throw new ConditionFailed();
    const writes: [Put, Check] | [] = item ? await engagementWrites(ports, item, engagement, settled) : [];
    const [event] = writes;
    if (!item || !event || (await ports.store.get(event.put))) return false;
    const what = countedOf(item, engagement);
    const counts = what ? [await countOf(ports, account, { what, message })] : [];
    await ports.store.transact([...writes, ...counts, ...trialWrites(item, engagement)]);
    return true;
  });
}
