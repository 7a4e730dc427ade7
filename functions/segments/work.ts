import { choosePrimary, fileSuppressions } from '../../shared/domain/identity/index.ts';
import {
  type Held,
  type Look,
  type Reason,
  type Segment,
  buildStretch,
  clocksDiffer,
  placesOf,
  planBuild,
  segmentOf,
  updateProfileSegments,
} from '../../shared/domain/segments/index.ts';
import { instantOf, sortable } from '../../shared/kernel/time.ts';
import { type AccountId, accountId } from '../../shared/kernel/ids.ts';
import { hullOf } from '../../shared/kernel/span.ts';
import type { Delivery } from '../../shared/lambda/queue.ts';
import type { Ports } from '../../shared/ports.ts';
import { type Definitions, cachedDefinitions } from '../../shared/storage/definitions.ts';

/** Work that comes again as a whole: the messages behind it, and what was looked at with definitions that may age. */
interface Task {
  ids: readonly string[];
  profile?: string;
  run: (held: Held) => Promise<void>;
}

/** The worker of the queue `segments`; answers the ids of the messages that must come again. */
export function segmentsWork(ports: Ports): (deliveries: readonly Delivery<'segments'>[]) => Promise<string[]> {
  const definitions = cachedDefinitions(ports.store, 'segment', segmentOf);
  return async (deliveries) => {
    const groups = [...Map.groupBy(deliveries, ({ body }) => body.account)];
    const failed = await Promise.all(
      groups.map(([account, group]) => workOff(ports, definitions, accountId(account), group)),
    );
    return failed.flat();
  };
}

async function workOff(
  ports: Ports,
  definitions: Definitions<Segment>,
  account: AccountId,
  deliveries: readonly Delivery<'segments'>[],
): Promise<string[]> {
  const tasks = tasksOf(ports, account, deliveries);
  const failed = new Set<Task>();
  const attempt = async (task: Task, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failed.add(task);
      ports.log.error('segment work failed', { ids: task.ids, account, profile: task.profile, error });
    }
  };
  let asOf = ports.clock.now();
  let held = await definitions.all(account);
  const heldOf = (segments: readonly Segment[]): Held => ({
    asOf,
    active: activeOf(segments),
    ids: idsOf(segments),
    stamp: definitions.stampOf(segments),
  });
  const first = heldOf(held);
  if (deliveries.every(({ body }) => body.type === 'profile' && isSettled(body, first))) return [];
  await Promise.all(tasks.map((task) => attempt(task, () => task.run(first))));
  // Definitions may have changed while this batch still worked with the old ones; the build of the new ones may even
  // have passed these profiles by then. So what was done counts only when the definitions stood still.
  for (;;) {
    asOf = ports.clock.now();
    const now = await definitions.all(account);
    if (now === held) return [...failed].flatMap(({ ids }) => ids);
    const reason = changesBetween(held, now);
    const next = heldOf(now);
    held = now;
    await Promise.all(
      tasks.map(async (task) => {
        const { profile } = task;
        if (profile === undefined) return;
        await attempt(task, () => updateProfileSegments(ports, account, profile, next, reason));
      }),
    );
  }
}

/** What became of the segments between two readings. */
function changesBetween(before: readonly Segment[], after: readonly Segment[]): Reason {
  const editions = new Map(before.map(({ id, edition }) => [id, edition]));
  const there = new Set(after.map(({ id }) => id));
  const segments = activeOf(after).filter(({ id, edition }) => editions.get(id) !== edition);
  return {
    segments,
    built: idsOf(segments),
    gone: before.map(({ id }) => id).filter((id) => !there.has(id)),
  };
}

const idsOf = (segments: readonly Segment[]) => new Set(segments.map(({ id }) => id));

const actives = new WeakMap<readonly Segment[], readonly Segment[]>();

/** Those that are evaluated; the same array as long as the definitions are the same. */
function activeOf(segments: readonly Segment[]): readonly Segment[] {
  const active = actives.get(segments) ?? segments.filter(({ is_active }) => is_active);
  actives.set(segments, active);
  return active;
}

/** One task for all that is told of one profile, and one for every step of a build. */
function tasksOf(ports: Ports, account: AccountId, deliveries: readonly Delivery<'segments'>[]): Task[] {
  const looks = new Map<string, Delivery<'segments'>[]>();
  const tasks: Task[] = [];
  for (const delivery of deliveries) {
    const { id, body } = delivery;
    if (body.type === 'profile') looks.set(body.profile, [...(looks.get(body.profile) ?? []), delivery]);
    else if (body.type === 'file-suppressions')
      tasks.push({ ids: [id], run: () => fileSuppressions(ports, account, body.profile) });
    else if (body.type === 'choose-primary')
      tasks.push({ ids: [id], run: () => choosePrimary(ports, account, body.profile) });
    else if (body.type === 'build') tasks.push({ ids: [id], run: () => planBuild(ports, { ...body, account }) });
    else tasks.push({ ids: [id], run: (held) => buildStretch(ports, { ...body, account }, held) });
  }
  for (const [profile, group] of looks) {
    const bodies = group.flatMap(({ body }) => (body.type === 'profile' ? body : []));
    tasks.push({
      ids: group.map(({ id }) => id),
      profile,
      run: async (held) => {
        const reason = reasonOf(bodies, held);
        if (reason) await updateProfileSegments(ports, account, profile, held, reason);
      },
    });
  }
  return tasks;
}

/** Whether it only tells of a decision by the definitions that are held. */
const isSettled = ({ decided, metrics, lists, properties, consent, due }: Look, { stamp }: Held): boolean =>
  decided?.stamp === stamp && metrics.length + lists.length === 0 && !properties && !consent && due === undefined;

/** What several messages about one profile tell together; undefined: only of decisions by the definitions that are held. */
function reasonOf(bodies: readonly Look[], held: Held): Reason | undefined {
  const { active, stamp } = held;
  if (bodies.every((body) => isSettled(body, held))) return undefined;
  const decided = bodies.flatMap((one) =>
    one.decided && one.decided.stamp !== stamp ? instantOf(one.decided.at) : [],
  );
  const since = decided.map((at) => sortable(at - clocksDiffer)).sort()[0];
  const edited = active.filter(({ updated }) => since !== undefined && updated >= since);
  const newest = bodies
    .flatMap((body) => body.newest ?? [])
    .sort()
    .at(-1);
  return {
    changed: {
      metrics: [...new Set(bodies.flatMap(({ metrics }) => metrics))],
      lists: [...new Set(bodies.flatMap(({ lists }) => lists))],
      properties: bodies.some(({ properties }) => properties),
      places: placesOf(bodies),
      consent: bodies.some(({ consent }) => consent),
    },
    ...(since !== undefined && { segments: edited, built: idsOf(edited), outdated: true }),
    due: bodies.flatMap(({ due }) => due ?? []),
    ...(newest !== undefined && { newest }),
    span: hullOf(bodies.flatMap((body) => (body.metrics.length > 0 ? [body.span] : []))),
  };
}
