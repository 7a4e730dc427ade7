// What the turns stand on: a shop with a list, a segment and flows, and what is seen of it from outside.
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { seeded } from '../../functions/local/seed.ts';
import { type Call, callsOf, type Get, one } from './calls.ts';
import type { Stage } from './stage.ts';
import * as ask from './turn-bodies.ts';

interface Shop {
  metric: string;
  template: string;
  list: string;
  segment: string;
  flow: string;
}

/** A turn's own corner of the shop: nobody else has to do with what is called by its name. */
export interface Things extends Shop {
  call: Call;
  get: Get;
  stage: Stage;
  /** What nothing of another turn is called. */
  name: string;
  email: string;
  /** Ids that the turn keeps for itself. */
  kept: Record<string, string>;
}

export async function openShop(stage: Stage): Promise<(name: string, email?: string) => Things> {
  const { call, get } = callsOf({ baseUrl: stage.url, key: seeded.key });
  const made = async (path: string, body: object) => one(await call('POST', path, body)).id;
  const live = async (body: object) => {
    const id = await made('/api/flows', body);
    await call('PATCH', `/api/flows/${id}`, ask.live(id));
    return id;
  };
  await call('POST', '/api/events', ask.event('first@shop.example', ask.metricName, { Kind: 'other' }, 'first'));
  await stage.rehearsal.advance(0);
  const metric = (await get('/api/metrics')).find(({ attributes }) => attributes.name === ask.metricName)?.id ?? '';
  await call('POST', '/api/web-feeds', ask.webFeed('news'));
  const html =
    '<p>{{ event.OrderId }} {% if person.curious %}{{ feeds.news.title }}{% endif %} <a href="https://shop.example/kettle">Look</a></p>';
  const template = await made('/api/templates', ask.template(`${html}<p>{% web_view %} {% unsubscribe %}</p>`));
  const shop: Shop = {
    metric,
    template,
    list: await made('/api/lists', {
      data: { type: 'list', attributes: { name: 'All', opt_in_process: 'single_opt_in' } },
    }),
    segment: await made('/api/segments', ask.segment('Ordered lately', ask.orderedLately(metric))),
    flow: await live(ask.orderFlow(metric, template)),
  };
  await live(ask.dropFlow(template));
  await stage.rehearsal.advance(0);
  return (name, email = `${name}@shop.example`) => ({ ...shop, call, get, stage, name, email, kept: {} });
}

/** The emails that went to the turn's person. */
export async function mailsTo({ stage, email }: Things) {
  return (await stage.rehearsal.inbox.emails()).filter(({ to }) => to === email);
}

export const isIn = async ({ get, segment, email }: Things, of = segment) =>
  (await get(`/api/segments/${of}/profiles?filter=${encodeURIComponent(`equals(email,"${email}")`)}`)).length === 1;

/** The person's profile; undefined: nobody. */
export const profileOf = async ({ get, email }: Things) =>
  (
    await get(
      `/api/profiles?additional-fields[profile]=subscriptions&filter=${encodeURIComponent(`equals(email,"${email}")`)}`,
    )
  )[0];

/** How many events of the person are in the table, read with the operator's credentials. */
export async function eventsLeft({ stage: { rehearsal } }: Things, profile: string): Promise<number> {
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '' } = rehearsal.operator;
  const credentials = { accessKeyId: rehearsal.operator.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: 'any' };
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: rehearsal.tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `${seeded.account}#P#${profile}` } },
    }),
  );
  client.destroy();
  return Items.filter(({ kind }) => kind?.S === 'event').length;
}
