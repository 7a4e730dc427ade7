// What the API tests and journeys run on: TARGET=memory (the default) is the local system, TARGET=rehearse the deployed
// template with its bundles, roles and triggers.
import { hash } from 'node:crypto';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { GatewayRequest } from '../../functions/local/events.ts';
import type { Inbox } from '../../functions/local/inbox.ts';
import { listen } from '../../functions/local/server.ts';
import { createSystem } from '../../functions/local/system.ts';
import { openFront } from '../../functions/rehearse/front.ts';
import type { Denied } from '../../functions/rehearse/iam.ts';
import type { Registry } from '../../shared/domain/account/index.ts';
import type { MemoryStore } from '../../shared/adapters/memory/store.ts';
import { type WireItem, unmarshal } from '../../shared/lambda/wire.ts';
import type { HttpResponse } from '../../shared/jsonapi/http.ts';
import type { QueueName } from '../../shared/messages.ts';
import { queues } from '../../shared/topology.ts';
import type { Item, Value } from '../../shared/storage/store.ts';
import { isList } from '../../shared/storage/values.ts';

export interface Target {
  /** The base URL. */
  url: string;
  /** The mails that went out so far, rendered. */
  emails: () => ReturnType<Inbox['emails']>;
  /** Every item of the table. */
  items: () => Promise<readonly Item[]>;
  /** A digest of every item of the table; empty where work goes on in the background whatever is asked. */
  digest: () => Promise<string>;
  /** The table, the clock and ids, as the owner's commands use them. */
  registry: Registry;
  /** What was given up: the bodies of dead letters. */
  givenUp: () => readonly unknown[];
  close: () => Promise<void>;
}

export interface TargetOptions {
  still: boolean;
  log: (line: string) => void;
  /** Hears of every request to the API and its answer. */
  onAnswer: (asked: GatewayRequest, answer: HttpResponse) => void;
}

const queueNames = Object.keys(queues) as QueueName[];

const open: Readonly<Record<string, (options: TargetOptions) => Promise<Target>>> = { memory, rehearse };

/** Where the tests run. */
export const targetName = process.env.TARGET ?? 'memory';

/** Opens the target that the environment names. */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const chosen = open[targetName];
  if (!chosen) throw new Error(`TARGET=${targetName} is none of ${Object.keys(open).join(', ')}.`);
  return chosen(options);
}

async function memory({ still, log, onAnswer }: TargetOptions): Promise<Target> {
  const { url, system, close } = await listen(0, async (publicUrl) => {
    const made = await createSystem({ publicUrl, real: !still, log });
    const request = async (asked: GatewayRequest) => {
      const answer = await made.world.request(asked);
      onAnswer(asked, answer);
      return answer;
    };
    return { ...made, world: { ...made.world, request } };
  });
  return {
    url,
    emails: () => system.inbox.emails(),
    items: async () => system.world.store.dump(),
    digest: async () => digestOf(system.world.store),
    registry: system.deployment.registry,
    givenUp: () => [...system.world.givenUp, ...queueNames.flatMap((queue) => system.world.deadLetters(queue))],
    close,
  };
}

/** What is kept is replaced and never changed, so each item is made into text once. */
const digests = new WeakMap<Item, string>();

function digestOf({ visit }: Pick<MemoryStore, 'visit'>): string {
  const all: string[] = [];
  visit((item) => {
    const known = digests.get(item) ?? hash('md5', JSON.stringify(item));
    digests.set(item, known);
    all.push(known);
  });
  return hash('md5', all.join());
}

async function rehearse({ log, onAnswer }: TargetOptions): Promise<Target> {
  const denied: string[] = [];
  const onDenied = ({ message }: Denied) => void denied.push(message);
  const { url, rehearsal, close } = await openFront(0, { log, onAnswer, onDenied });
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '', ...own } = rehearsal.operator;
  const client = new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: own.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: own.AWS_SECRET_ACCESS_KEY ?? '' },
  });
  const items = async () => {
    const found: Item[] = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName: rehearsal.tableName }))
      for (const item of Items) found.push(inOrder(unmarshal(item as WireItem)) as unknown as Item);
    return found.sort((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
  };
  return {
    url,
    emails: () => rehearsal.inbox.emails(),
    items,
    digest: () => Promise.resolve(''),
    registry: rehearsal.deployment.registry,
    givenUp: () => rehearsal.deadLetters().flatMap(({ bodies }) => bodies),
    async close() {
      client.destroy();
      await close();
      if (denied.length > 0) throw new Error(`A role lacks a permission: ${denied.join('; ')}`);
    },
  };
}

/** With its attributes, and those of the maps in them, in the order of their names: a database answers them in any. */
function inOrder(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(inOrder);
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, inner]) => [name, inOrder(inner)]));
}
