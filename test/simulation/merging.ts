// The scenarios of people who turn out to be one: merged by a call or because a call links them.
import { minute, second } from '../../shared/kernel/time.ts';
import { itemsOf } from './invariants.ts';
import type { Person } from './oracle.ts';
import * as ask from './requests.ts';
import { type Scenario, type Stage, flow, list, rest, scenario, statuses, subscribe } from './scenarios.ts';

const [ana, ben, cleo] = ['ana@example.org', 'ben@example.org', 'cleo@example.org'];
const phone_number = '+14155552671';

/** What is known of both is known of one; the first word of both counts. */
function become({ oracle }: Stage, into: Person, from: Person): void {
  oracle.people.splice(oracle.people.indexOf(from), 1);
  into.identifiers = { ...from.identifiers, ...into.identifiers };
  into.properties = { ...from.properties, ...into.properties };
  for (const id of from.lists) into.lists.add(id);
  for (const [key, happening] of from.events) {
    const known = into.events.get(key);
    if (!known || happening.accepted < known.accepted) into.events.set(key, happening);
  }
}

async function idOf({ walk }: Stage, email: string): Promise<string> {
  return (await walk(`/api/profiles?filter=equals(email,"${email}")`))[0]?.id ?? '';
}

/** Merges and insists; a source that is gone was merged by a call whose answer was lost. */
async function merge({ call }: Stage, destination: string, source: string): Promise<void> {
  const { status } = await call('POST', '/api/profile-merge', ask.merge(destination, source));
  if (status !== 201) throw new Error(`A merge was answered with ${status}.`);
}

/** How often the merge of somebody was recorded on whoever lives. */
const recorded = ({ world }: Stage) =>
  itemsOf(world).filter(
    (item) => item.kind === 'event' && item.body !== undefined && item.body.includes('source_profile_id'),
  ).length;

/** So many messages came of it, however they ended. */
const messages = (stage: Stage, count: number) => {
  const found = statuses(stage);
  return found.length === count ? [] : [`messages are ${found.join()}`];
};

const mergedOnce = (stage: Stage) => (recorded(stage) === 1 ? [] : [`${recorded(stage)} merges were recorded`]);

interface Two {
  into: string;
  from: string;
}

/** Two people who did things, stand in lists, and wait in a flow. */
async function twoPeople(stage: Stage): Promise<Two> {
  const metric = await flow(stage, 2);
  const [both, one] = [await list(stage), await list(stage)];
  stage.oracle.segments.set(
    await stage.make('POST', '/api/segments', ask.segment('Often', ask.definition([ask.did(metric, 4, 5)]))),
    ask.definition([ask.did(metric, 4, 5)]),
  );
  await subscribe(stage, [ana, ben], both);
  await subscribe(stage, [ben], one);
  await rest(stage);
  await stage.happens({ email: ana }, { unique_id: 'a' });
  await stage.world.advance(second);
  await stage.happens({ email: ben, colour: 'red' }, { unique_id: 'b' });
  await stage.happens({ email: ben }, { unique_id: 'both' });
  await stage.world.advance(second);
  await stage.happens({ email: ana }, { unique_id: 'both', value: 2 });
  await rest(stage);
  return { into: await idOf(stage, ana), from: await idOf(stage, ben) };
}

const person = (stage: Stage, email: string) => stage.oracle.told({ email });

/** An event that names the person by these identifiers. */
async function viewed(stage: Stage, identifiers: { email?: string; phone_number?: string }, unique_id: string) {
  const at = stage.world.clock.now();
  const told = { metric: 'Viewed', unique_id, value: 1, properties: {} };
  const body = ask.event(identifiers, { ...told, time: new Date(at).toISOString() });
  const { status } = await stage.call('POST', '/api/events', body);
  if (status !== 202) throw new Error(`An event was answered with ${status}.`);
  stage.oracle.happened(stage.oracle.told(identifiers), { ...told, at, accepted: at });
}

export const merging: Record<string, Scenario> = {
  'two people who wait in a flow are merged': scenario<Two>({
    prepare: twoPeople,
    act: async (stage, { into, from }) => {
      await merge(stage, into, from);
      become(stage, person(stage, ana), person(stage, ben));
    },
    follow: 4 * minute,
    expect: (stage) => [...mergedOnce(stage), ...messages(stage, 4)],
  }),

  'a merge races an event, an unsubscribe and an import': scenario<Two>({
    prepare: twoPeople,
    act: async (stage, { into, from }) => {
      const at = stage.world.clock.now();
      const imported = ask.profile({ email: ben, properties: { plan: 'pro' } });
      await Promise.all([
        stage.happens({ email: ben }, { unique_id: 'late' }),
        merge(stage, into, from),
        stage.make('POST', '/api/profile-subscription-bulk-delete-jobs', ask.unsubscription([ana])),
        stage.make('POST', '/api/profile-import', imported),
        // Sent again, after whatever became of the first.
        stage.happens({ email: ben }, { unique_id: 'b' }),
      ]);
      Object.assign(person(stage, ben).properties, { plan: 'pro' });
      stage.oracle.consented(person(stage, ana), 'UNSUBSCRIBED', at);
      become(stage, person(stage, ana), person(stage, ben));
    },
    follow: 4 * minute,
    expect: (stage) => [...mergedOnce(stage), ...messages(stage, 5)],
  }),

  'merges in opposite directions and in a chain': scenario({
    prepare: async (stage) => {
      for (const email of [ana, ben, cleo]) await stage.happens({ email }, { unique_id: email });
      await rest(stage);
      return Promise.all([ana, ben, cleo].map((email) => idOf(stage, email)));
    },
    act: async (stage, [a = '', b = '', c = '']) => {
      await Promise.all([merge(stage, a, b), merge(stage, b, a)]);
      // Whoever of them lives is merged on.
      const left = (await stage.call('GET', `/api/profiles/${a}`)).status === 200 ? a : b;
      await merge(stage, c, left);
      const [one, two, three] = [person(stage, ana), person(stage, ben), person(stage, cleo)];
      become(stage, one, two);
      become(stage, three, one);
    },
    follow: 10 * second,
    expect: (stage) => (recorded(stage) === 2 ? [] : [`${recorded(stage)} merges were recorded`]),
  }),

  'a call links a number and an address': scenario({
    prepare: async (stage) => {
      await stage.happens({ email: ana }, { unique_id: '1' });
      await viewed(stage, { phone_number }, '2');
      await rest(stage);
    },
    act: async (stage) => {
      const [one, other] = [person(stage, ana), stage.oracle.told({ phone_number })];
      become(stage, one, other);
      await viewed(stage, { email: ana, phone_number }, '3');
    },
    follow: 10 * second,
    expect: mergedOnce,
  }),

  'profiles are made, imported and changed': scenario({
    prepare: (stage) => stage.happens({ email: ana }, { unique_id: '1' }),
    act: async (stage) => {
      const made = { email: ben, phone_number, external_id: 'ben' };
      const { status } = await stage.call('POST', '/api/profiles', ask.profile(made));
      // A create whose answer was lost, or that its own repetition overtook, finds itself there.
      if (status !== 201 && status !== 409) throw new Error(`A create was answered with ${status}.`);
      stage.oracle.told(made);
      await stage.make('POST', '/api/profile-import', ask.profile({ email: cleo, external_id: 'cleo' }));
      stage.oracle.told({ email: cleo, external_id: 'cleo' });
      await stage.make('POST', '/api/profile-import', ask.profile({ email: ana, properties: { a: 1 } }));
      stage.oracle.told({ email: ana }, { a: 1 });
    },
    follow: 10 * second,
  }),
};
