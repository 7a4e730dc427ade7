// The canonical scenarios of the crash-point sweep: each prepares a world, acts in it, and tells the oracle what it did.
import { minute, second } from '../../shared/kernel/time.ts';
import { metricIds } from './agreement.ts';
import { createOracle, type Oracle } from './oracle.ts';
import * as ask from './requests.ts';
import type { Simulated } from './system.ts';

export interface Stage extends Simulated {
  oracle: Oracle;
  /** Records an event and tells the oracle; sends it again after a 5xx. */
  happens: (
    person: { email: string; colour?: string },
    told: { metric?: string; unique_id: string; value?: number; ago?: number },
  ) => Promise<void>;
}

export interface Scenario<T = unknown> {
  /** Everything before the faults. */
  prepare: (stage: Stage) => Promise<T>;
  /** What may be hit. */
  act: (stage: Stage, prepared: T) => Promise<void>;
  /** For how long after the act work may still be hit, milliseconds. */
  follow: number;
  /** What must hold in the end beside the invariants and the oracle. Answers what does not. */
  expect?: (stage: Stage, prepared: T) => Promise<string[]> | string[];
}

export function stageOf(system: Simulated): Stage {
  const oracle = createOracle();
  return {
    ...system,
    oracle,
    async happens({ email, colour }, { metric = 'Order', unique_id, value = 1, ago = 0 }) {
      const accepted = system.world.clock.now();
      const at = accepted - ago;
      const properties = { order: unique_id };
      const bag = colour === undefined ? {} : { colour };
      // The time is given, so that sending it again is the same event.
      const told = { metric, unique_id, value, properties, time: new Date(at).toISOString() };
      const person = { email, ...(colour !== undefined && { properties: bag }) };
      const { status } = await system.call('POST', '/api/events', ask.event(person, told));
      if (status !== 202) throw new Error(`An event was answered with ${status}.`);
      oracle.happened(oracle.told({ email }, bag), { metric, unique_id, at, value, properties, accepted });
    },
  };
}

const ana = { email: 'ana@example.org' };

/** Everything that came before has been followed up. */
export const rest = ({ world }: Simulated) => world.advance(5 * second);

async function metric(stage: Stage): Promise<string> {
  await stage.happens(ana, { unique_id: 'first' });
  await rest(stage);
  return (await metricIds(stage)).get('Order') ?? '';
}

export async function list(stage: Stage): Promise<string> {
  const id = await stage.make('POST', '/api/lists', ask.list('News'));
  stage.oracle.lists.add(id);
  return id;
}

async function segment(stage: Stage, definition: ask.Definition): Promise<string> {
  const id = await stage.make('POST', '/api/segments', ask.segment('Some', definition));
  stage.oracle.segments.set(id, definition);
  return id;
}

/** A live flow that waits, splits and sends; answers the id of its metric. */
export async function flow(stage: Stage, minutes: number): Promise<string> {
  const id = await metric(stage);
  const template = await stage.make('POST', '/api/templates', ask.template('<p>Thanks. {% unsubscribe %}</p>'));
  const made = await stage.make('POST', '/api/flows', ask.flow(id, template, minutes));
  await stage.make('PATCH', `/api/flows/${made}`, ask.flowStatus(made, 'live'));
  await rest(stage);
  return id;
}

export const statuses = ({ world }: Simulated) =>
  world.store.dump().flatMap((item) => (item.kind === 'message' && 'status' in item ? [String(item.status)] : []));

/** One message came of it, in one of these states. */
const oneMessage =
  (...allowed: string[]) =>
  (stage: Stage) => {
    const found = statuses(stage);
    return found.length === 1 && found.every((one) => allowed.includes(one)) ? [] : [`messages are ${found.join()}`];
  };

/** How a message to someone who may be mailed can end when one thing goes wrong. */
const anyEnd = oneMessage('SENT', 'UNKNOWN', 'FAILED');

export const subscribe = async (stage: Stage, emails: string[], listId: string) => {
  const at = stage.world.clock.now();
  await stage.make('POST', '/api/profile-subscription-bulk-create-jobs', ask.subscription(emails, listId));
  for (const email of emails) {
    const person = stage.oracle.told({ email });
    stage.oracle.consented(person, 'SUBSCRIBED', at);
    person.lists.add(listId);
  }
};

export const scenario = <T>(one: Scenario<T>): Scenario => one as Scenario;

/** The path of the unsubscribe link in the latest email. */
const linkIn = ({ world }: Simulated) => {
  const [, path = ''] =
    /href="http:\/\/localhost:4747(\/p\/unsubscribe\/[^"]+)"/.exec(world.inbox.at(-1)?.html ?? '') ?? [];
  return path;
};

/** What SES says of the latest email. */
export const bounceOf = ({ world }: Simulated) => {
  const { tags = {}, to = '' } = world.inbox.at(-1) ?? {};
  const mail = {
    messageId: 'ses',
    timestamp: new Date(world.clock.now()).toISOString(),
    destination: [to],
    tags: Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]] as const)),
  };
  return {
    Type: 'Notification',
    Message: JSON.stringify({ eventType: 'Bounce', mail, bounce: { bounceType: 'Permanent' } }),
  };
};

export const scenarios: Record<string, Scenario> = {
  'an event of a new person': scenario({
    prepare: async (stage) =>
      segment(stage, ask.definition([ask.did(await metric(stage), 1, 5)])).then(() => rest(stage)),
    act: (stage) => stage.happens({ email: 'ben@example.org', colour: 'red' }, { unique_id: '1' }),
    follow: 10 * second,
  }),

  'the first event of a metric, of a known person': scenario({
    prepare: async (stage) =>
      segment(stage, ask.definition([ask.did(await metric(stage), 2, 5)])).then(() => rest(stage)),
    act: async (stage) => {
      await stage.happens(ana, { unique_id: '1' });
      await stage.happens(ana, { metric: 'Viewed', unique_id: '1' });
    },
    follow: 10 * second,
  }),

  'many events in one call': scenario({
    prepare: async (stage) =>
      segment(stage, ask.definition([ask.did(await metric(stage), 2, 5)])).then(() => rest(stage)),
    act: async (stage) => {
      const at = stage.world.clock.now();
      const emails = ['ana', 'ben', 'cleo'].map((name) => `${name}@example.org`);
      const time = new Date(at).toISOString();
      const events = ['1', '2', '2'].map((unique_id) => ({ metric: 'Order', unique_id, value: 2, time }));
      const body = ask.bulk(emails.map((email) => ({ person: { email }, events })));
      const { status } = await stage.call('POST', '/api/event-bulk-create-jobs', body);
      if (status !== 202) throw new Error(`Events were answered with ${status}.`);
      for (const email of emails) {
        for (const unique_id of ['1', '2']) {
          const told = { metric: 'Order', unique_id, at, value: 2, properties: {}, accepted: at };
          stage.oracle.happened(stage.oracle.told({ email }), told);
        }
      }
    },
    follow: 10 * second,
  }),

  'people subscribe to a list': scenario({
    prepare: async (stage) => {
      const id = await list(stage);
      await segment(stage, ask.definition([ask.mayBeMailed(true)], [ask.isOn(id, true)]));
      await stage.happens(ana, { unique_id: '1' });
      await rest(stage);
      return id;
    },
    act: (stage, id) => subscribe(stage, ['ana@example.org', 'ben@example.org'], id),
    follow: 10 * second,
  }),

  'people unsubscribe': scenario({
    prepare: async (stage) => {
      const id = await list(stage);
      await segment(stage, ask.definition([ask.mayBeMailed(true)], [ask.isOn(id, true)]));
      await subscribe(stage, ['ana@example.org', 'ben@example.org'], id);
      await rest(stage);
      return id;
    },
    act: async (stage, id) => {
      const at = stage.world.clock.now();
      await stage.make(
        'POST',
        '/api/profile-subscription-bulk-delete-jobs',
        ask.unsubscription(['ana@example.org'], id),
      );
      const person = stage.oracle.told(ana);
      stage.oracle.consented(person, 'UNSUBSCRIBED', at);
      person.lists.delete(id);
    },
    follow: 10 * second,
  }),

  'someone unsubscribes on the page of a message': scenario({
    prepare: async (stage) => {
      await flow(stage, 0);
      await segment(stage, ask.definition([ask.mayBeMailed(true)]));
      await stage.happens(ana, { unique_id: '1' });
      await rest(stage);
      return linkIn(stage);
    },
    act: async (stage, path) => {
      const status = await stage.post(path);
      if (status !== 200) throw new Error(`The page answered ${status}.`);
      stage.oracle.consented(stage.oracle.told(ana), 'UNSUBSCRIBED', stage.world.clock.now());
      // Nothing is sent from now on.
      await stage.happens(ana, { unique_id: '2' });
    },
    follow: 10 * second,
    expect: (stage) => {
      const found = statuses(stage).sort().join();
      return found === 'SENT,SKIPPED' ? [] : [`messages are ${found}`];
    },
  }),

  'a segment is built, edited, removed': scenario({
    prepare: async (stage) => {
      for (const name of ['ana', 'ben', 'cleo']) {
        await stage.happens(
          { email: `${name}@example.org`, colour: name === 'ben' ? 'blue' : 'red' },
          { unique_id: '1' },
        );
      }
      await rest(stage);
      const gone = await segment(stage, ask.definition([ask.likes('red')]));
      await rest(stage);
      return { metric: (await metricIds(stage)).get('Order') ?? '', gone };
    },
    act: async (stage, { metric: id, gone }) => {
      const { call, oracle } = stage;
      const one = { name: 'Some', definition: ask.definition([ask.did(id, 1, 5)], [ask.likes('red')]) };
      const made = await stage.make('POST', '/api/segments', ask.segment(one.name, one.definition));
      // A create that was sent again may have made two.
      for (const { id: there } of await stage.walk('/api/segments')) oracle.segments.set(there, one.definition);
      oracle.segments.set(gone, ask.definition([ask.likes('red')]));
      const edited = ask.definition([ask.likes('blue')]);
      await stage.make('PATCH', `/api/segments/${made}`, ask.segmentChange(made, edited));
      oracle.segments.set(made, edited);
      const { status } = await call('DELETE', `/api/segments/${gone}`);
      // Sent again, it finds nothing there.
      if (status !== 204 && status !== 404) throw new Error(`A removal was answered with ${status}.`);
      oracle.segments.delete(gone);
    },
    follow: 10 * second,
  }),

  'people leave a segment because time passes': scenario({
    prepare: async (stage) => {
      await stage.happens(ana, { unique_id: '1', ago: 58 * minute });
      const id = await metric(stage);
      await segment(stage, ask.definition([ask.did(id, 2, 1)]));
      await rest(stage);
    },
    act: async () => undefined,
    follow: 4 * minute,
  }),

  'someone goes through a flow': scenario({
    prepare: (stage) => flow(stage, 2),
    act: (stage) => stage.happens(ana, { unique_id: '1' }),
    follow: 4 * minute,
    expect: anyEnd,
  }),

  'two people go through a flow without a wait': scenario({
    prepare: (stage) => flow(stage, 0),
    act: async (stage) => {
      await stage.happens({ email: 'ben@example.org', colour: 'red' }, { unique_id: '1' });
      await stage.happens({ email: 'cleo@example.org', colour: 'blue' }, { unique_id: '1' });
    },
    follow: 10 * second,
    expect: (stage) => {
      const found = statuses(stage);
      return found.length === 2 ? [] : [`messages are ${found.join()}`];
    },
  }),

  'the answer of the mail provider is lost': scenario({
    prepare: async (stage) => {
      await flow(stage, 0);
      stage.world.mail.fail('ana@example.org', 'lose');
    },
    act: (stage) => stage.happens(ana, { unique_id: '1' }),
    follow: 17 * minute,
    expect: oneMessage('UNKNOWN', 'FAILED'),
  }),

  'a message bounces': scenario({
    prepare: async (stage) => {
      await flow(stage, 0);
      await segment(stage, ask.definition([ask.mayBeMailed(true)]));
      await stage.happens(ana, { unique_id: '1' });
      await rest(stage);
    },
    act: async (stage) => {
      await stage.world.ports.queue.send('feedback', [{ body: bounceOf(stage) }]);
      stage.oracle.told(ana).bounced = true;
    },
    follow: 10 * second,
    expect: oneMessage('SENT'),
  }),

  'a list is removed while people join it': scenario({
    prepare: async (stage) => {
      const id = await list(stage);
      await segment(stage, ask.definition([ask.isOn(id, true)]));
      await subscribe(stage, ['ana@example.org'], id);
      await rest(stage);
      return id;
    },
    act: async (stage, id) => {
      await subscribe(stage, ['ben@example.org'], id);
      const { status } = await stage.call('DELETE', `/api/lists/${id}`);
      if (status !== 204 && status !== 404) throw new Error(`A removal was answered with ${status}.`);
      stage.oracle.lists.delete(id);
      for (const person of stage.oracle.people) person.lists.delete(id);
    },
    follow: 10 * second,
  }),

  'imports race for the same identifiers': scenario({
    prepare: async (stage) => {
      await stage.happens(ana, { unique_id: '1' });
      await rest(stage);
    },
    act: async (stage) => {
      // Whichever comes first, all of it is one person in the end; none of it may make a second.
      const phone_number = '+14155552671';
      const bodies = [
        { email: 'ben@example.org', properties: { a: 1 } },
        { email: 'ben@example.org', phone_number, properties: { b: 2 } },
        { email: 'ben@example.org', external_id: 'b', properties: { c: 3 } },
      ];
      const imported = async (body: object) => {
        const { status } = await stage.call('POST', '/api/profile-import', ask.profile({ ...body }));
        if (status >= 300) throw new Error(`An import was answered with ${status}.`);
      };
      await Promise.all(bodies.map(imported));
      stage.oracle.told({ email: 'ben@example.org', phone_number, external_id: 'b' }, { a: 1, b: 2, c: 3 });
    },
    follow: 10 * second,
  }),
};
