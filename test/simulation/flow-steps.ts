// The scenarios of what became of flows later: preferences, who met the trigger before, messages that are looked at, short links,
// experiments that end by themselves.
import { day, second } from '../../shared/kernel/time.ts';
import type { MessageItem, ShortLinkItem } from '../../shared/storage/items.ts';
import { metricIds } from './agreement.ts';
import * as ask from './requests.ts';
import { type Scenario, type Stage, list, rest, scenario, statuses, subscribe } from './scenarios.ts';

const people = ['ana', 'ben'].map((name) => `${name}@example.org`);

/** Each has ordered once. */
async function ordered(stage: Stage): Promise<string> {
  for (const email of people) await stage.happens({ email }, { unique_id: 'first' });
  await rest(stage);
  return (await metricIds(stage)).get('Order') ?? '';
}

const email = (id: string, template: string, status = 'live') => ({
  temporary_id: id,
  type: 'send-email',
  links: { next: null },
  data: {
    status,
    message: {
      ...{ from_email: 'hello@example.org', from_label: 'Shop', smart_sending_enabled: false },
      ...{ subject_line: id, template_id: template },
    },
  },
});

const template = (stage: Stage, html = '<p>Thanks. {% unsubscribe %}</p>') =>
  stage.make('POST', '/api/templates', ask.template(html));

/** A flow of these actions, one behind the other, which the metric triggers. */
async function flow(
  stage: Stage,
  metric: string,
  actions: readonly { temporary_id: string; type: string; data: object; links: object }[],
  status: string,
) {
  const definition = { triggers: [{ type: 'metric', id: metric }], entry_action_id: actions[0]?.temporary_id, actions };
  const body = { data: { type: 'flow', attributes: { name: 'Steps', definition } } };
  const id = await stage.make('POST', '/api/flows', body);
  await stage.make('PATCH', `/api/flows/${id}`, { data: { type: 'flow', id, attributes: { status } } });
  await rest(stage);
  return id;
}

const wait = (next: string) => ({
  temporary_id: 'wait',
  type: 'time-delay',
  // Longer than whatever went wrong is tried again: who would be through by then is left out.
  data: { unit: 'minutes', value: 30 },
  links: { next },
});

const action = async (stage: Stage, flowId: string) =>
  (await stage.walk(`/api/flows/${flowId}/flow-actions`))[0]?.id ?? '';

const messages = ({ world }: Stage) =>
  world.store.dump().filter((item): item is MessageItem => item.kind === 'message');

/** How messages to those who may be written to can end when one thing goes wrong. */
const ends = new Set(['SENT', 'UNKNOWN', 'FAILED']);

/** Each of the people got one message, however often they were asked for. */
function oneEach(stage: Stage): string[] {
  const found = statuses(stage);
  const each = new Set(messages(stage).map(({ profile }) => profile));
  const good = found.length === people.length && each.size === people.length && found.every((one) => ends.has(one));
  return good ? [] : [`messages are ${found.join()}`];
}

/** A decision that was sent again may have been taken twice. */
const decide = (stage: Stage, on: string, decision: 'send' | 'cancel', named?: object[]) =>
  stage.make('POST', `/x/flow-actions/${on}/review`, {
    data: { type: 'flow-message-review', attributes: { decision, ...(named && { messages: named }) } },
  });

/** Half the people each, until `end`; the better share of opens wins. */
const trial = (words: string, end: string) => {
  const [main, other] = [email('main', words), email('other', words)];
  return {
    temporary_id: 'test',
    type: 'ab-test',
    links: { next: null },
    data: {
      status: 'live',
      experiment_status: 'live',
      main_action: main,
      current_experiment: {
        name: 'Words',
        variations: [other],
        allocations: { main: 50, other: 50 },
        winner_metric: 'unique-opens',
        automatic_winner_selection_settings: {
          ...{ enabled: true, automatic_end_date: end, automatic_end_statistical_certainty: false },
        },
      },
    },
  };
};

export const flowSteps: Record<string, Scenario> = {
  'someone chooses on the preferences page': scenario({
    prepare: async (stage) => {
      const metric = await ordered(stage);
      const id = await list(stage);
      await subscribe(stage, people, id);
      const html = await template(stage, '<p>{% manage_preferences %} {% unsubscribe %}</p>');
      await flow(stage, metric, [email('mail', html)], 'live');
      await stage.happens({ email: 'ana@example.org' }, { unique_id: '1' });
      await rest(stage);
      const [, path = ''] = /(\/p\/preferences\/[^"]+)"/.exec(stage.world.inbox.at(-1)?.html ?? '') ?? [];
      return { path, id };
    },
    act: async (stage, { path, id }) => {
      const form = ['email', `list ${id}`].map((was) => `was=${encodeURIComponent(was)}`).join('&');
      const { status } = await stage.page(path, form);
      if (status !== 200) throw new Error(`The page answered ${status}.`);
      const person = stage.oracle.told({ email: 'ana@example.org' });
      stage.oracle.consented(person, 'UNSUBSCRIBED', stage.world.clock.now());
      person.lists.delete(id);
      await stage.happens({ email: 'ana@example.org' }, { unique_id: '2' });
    },
    follow: 10 * second,
    expect: (stage) => {
      const found = statuses(stage).sort().join();
      return found === 'SENT,SKIPPED' ? [] : [`messages are ${found}`];
    },
  }),

  'someone follows a link of an email': scenario({
    prepare: async (stage) => {
      const metric = await ordered(stage);
      await flow(
        stage,
        metric,
        [email('mail', await template(stage, '<a href="https://shop.example/a">A</a>'))],
        'live',
      );
      await stage.happens({ email: 'ana@example.org' }, { unique_id: '1' });
      await rest(stage);
      return /(\/p\/click\/[^"]+)"/.exec(stage.world.inbox.at(-1)?.html ?? '')?.[1] ?? '';
    },
    act: async (stage, path) => {
      // Whoever got no answer clicks again.
      const { status } = await stage.page(path);
      if (status !== 302) throw new Error(`The link answered ${status}.`);
    },
    follow: 10 * second,
    expect: ({ world }) => {
      const clicks = world.store.dump().filter((item) => 'metric_name' in item && item.metric_name === 'Clicked Email');
      return clicks.length === 1 ? [] : [`${clicks.length} clicks were noted`];
    },
  }),

  'who met the trigger before is put into a flow': scenario({
    prepare: async (stage) => {
      const metric = await ordered(stage);
      return flow(stage, metric, [wait('mail'), email('mail', await template(stage))], 'live');
    },
    act: async (stage, id) => {
      const body = { data: { type: 'flow-back-population', attributes: { days: 30 } } };
      const { status } = await stage.call('POST', `/x/flows/${id}/back-populate`, body);
      // One at a time: sent again it finds itself at work.
      if (status !== 202 && status !== 429) throw new Error(`A back-population was answered with ${status}.`);
    },
    follow: 10 * second,
    expect: oneEach,
  }),

  'messages that wait to be looked at are let go and cancelled': scenario({
    prepare: async (stage) => {
      const metric = await ordered(stage);
      const id = await flow(stage, metric, [email('mail', await template(stage), 'manual')], 'manual');
      for (const one of people) await stage.happens({ email: one }, { unique_id: '1' });
      await rest(stage);
      const on = await action(stage, id);
      const waiting = (await stage.walk(`/x/flow-actions/${on}/review`)).map(({ id: message, attributes }) => ({
        id: message,
        profile_id: attributes['profile_id'],
      }));
      return { on, waiting };
    },
    act: async (stage, { on, waiting }) => {
      await decide(stage, on, 'cancel', waiting.slice(0, 1));
      await decide(stage, on, 'send', waiting.slice(1));
    },
    follow: 10 * second,
    expect: (stage) => {
      const found = messages(stage);
      const cancelled = found.filter(({ reason }) => reason === 'Email Cancelled');
      const sent = found.filter(({ status }) => ends.has(status));
      const told = found.map(({ status, reason }) => reason ?? status).join();
      return cancelled.length === 1 && sent.length === 1 ? [] : [`messages are ${told}`];
    },
  }),

  'links of a text are short ones': scenario({
    prepare: async (stage) => {
      const phone_number = '+12125550101';
      await stage.happens({ email: 'ana@example.org' }, { unique_id: 'first' });
      await rest(stage);
      const metric = (await metricIds(stage)).get('Order') ?? '';
      const consent = { sms: { marketing: { consent: 'SUBSCRIBED' } } };
      const person = { email: 'ana@example.org', phone_number, subscriptions: consent };
      await stage.make('POST', '/api/profile-subscription-bulk-create-jobs', {
        data: {
          type: 'profile-subscription-bulk-create-job',
          attributes: { profiles: { data: [{ type: 'profile', attributes: person }] } },
        },
      });
      stage.oracle.told({ email: 'ana@example.org', phone_number });
      await rest(stage);
      const message = { body: 'Look: https://shop.example/a https://shop.example/b', smart_sending_enabled: false };
      const data = { status: 'live', message: { ...message, sms_quiet_hours_enabled: false } };
      await flow(stage, metric, [{ temporary_id: 'text', type: 'send-sms', links: { next: null }, data }], 'live');
    },
    act: (stage) => stage.happens({ email: 'ana@example.org' }, { unique_id: '1' }),
    follow: 10 * second,
    expect: (stage) => {
      const found = messages(stage);
      const kept = stage.world.store.dump().filter((item): item is ShortLinkItem => item.kind === 'short-link');
      const urls = kept.map(({ url }) => url.replace(/[?].*/, '')).sort();
      const [text] = stage.world.sms.inbox;
      const known = [...(text?.body ?? '').matchAll(/\/p\/s\/\w+\.(\w{12})/g)].map(([, token = '']) => token);
      const leads = known.every((token) => kept.some((item) => JSON.stringify(item).includes(token)));
      const good =
        found.length === 1 &&
        ends.has(found[0]?.status ?? '') &&
        urls.join() === 'https://shop.example/a,https://shop.example/b';
      return good && leads && stage.world.sms.inbox.length <= 1 ? [] : [`${found.length} messages with ${urls.join()}`];
    },
  }),

  'an experiment ends by itself, and its winner goes on': scenario({
    prepare: async (stage) => {
      const metric = await ordered(stage);
      const end = new Date(stage.world.clock.now() + day).toISOString();
      const id = await flow(stage, metric, [trial(await template(stage), end)], 'live');
      await stage.world.advance(day);
      return id;
    },
    act: async (stage) => {
      for (const one of people) await stage.happens({ email: one }, { unique_id: '1' });
    },
    follow: 10 * second,
    expect: async (stage, id) => {
      const { data } = await stage.call('GET', `/api/flows/${id}?additional-fields[flow]=definition`);
      const { actions } = data.attributes['definition'] as { actions: ReturnType<typeof trial>[] };
      const ended = actions[0]?.data.experiment_status;
      const of = new Set(messages(stage).map(({ action: by }) => by));
      // Nobody opened anything: of equals the main action stays.
      return [
        ...oneEach(stage),
        ...(ended === 'completed' && of.size === 1 ? [] : [`the experiment is ${String(ended)}`]),
      ];
    },
  }),
};
