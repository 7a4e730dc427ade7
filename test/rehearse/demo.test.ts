// The deployed system, rehearsed: the demo and a journey of large bodies pass on the bundles, roles and triggers of the
// template, and every grant is needed. RUNS=all takes away each grant of the topology, otherwise one.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../functions/local/seed.ts';
import { tellStory } from '../../functions/local/story.ts';
import { hour } from '../../shared/kernel/time.ts';
import { type FunctionName, functionSpecs, type Grant } from '../../shared/topology.ts';
import { sendOnEveryChannel } from './every-channel.ts';
import { goTheLongWay } from './large-orders.ts';
import { goOutside, openOutside } from './outside.ts';
import { belongs, openStage, type Stage, whyNot, without } from './stage.ts';

const minutes = 60_000;
const aMoment = () => after(50);

const story = ({ url }: Stage) => tellStory({ baseUrl: url, key: seeded.key, tell: () => undefined });
const longWay = ({ url }: Stage) => goTheLongWay({ baseUrl: url, key: seeded.key });
const channels = ({ url }: Stage) => sendOnEveryChannel({ baseUrl: url, key: seeded.key });

/** The kinds of items in the table, read with the operator's credentials. */
async function kindsIn({ rehearsal }: Stage): Promise<(string | undefined)[]> {
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '' } = rehearsal.operator;
  const credentials = { accessKeyId: rehearsal.operator.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: 'any' };
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: rehearsal.tableName }));
  client.destroy();
  return Items.map((item) => item.kind?.S);
}

describe.skipIf(whyNot)(`the rehearsal${whyNot === undefined ? '' : ` (skipped: ${whyNot})`}`, () => {
  it(
    'passes the demo, and the journeys of large bodies, of every channel and to servers outside, with nothing denied and nothing given up',
    async () => {
      const outside = await openOutside();
      const stage = await openStage(undefined, outside.hosts);
      try {
        await story(stage);
        // A job is kept for a week, and the story takes a month.
        expect(await kindsIn(stage)).not.toContain('job');
        await longWay(stage);
        await channels(stage);
        await goOutside({ baseUrl: stage.url, key: seeded.key }, outside);
        // It lies beside the code of its function.
        expect((await fetch(`${stage.url}/onsite/js/${seeded.account}/klaviyo.js`)).status).toBe(200);
        expect(stage.denied.map(({ message }) => message)).toEqual([]);
        expect(stage.rehearsal.deadLetters()).toEqual([]);
      } finally {
        await stage.close();
        await outside.close();
      }
    },
    3 * minutes,
  );
});

/** The journey that needs the grant. */
function journeyFor(name: FunctionName, grant: Grant): typeof story {
  if (name === 'campaigns' || /^(sms|push):|^queue:campaigns/.test(grant)) return channels;
  const unseen = ['client', 'pages', 'feedback'].includes(name) || grant.startsWith('files:');
  return unseen ? longWay : story;
}

const forever = () => new Promise<never>(() => undefined);

/** Resolves when something was denied and given up for it: time passes until then, or until `isOver`. */
async function givenUp(stage: Stage, isOver: () => boolean): Promise<void> {
  while (stage.denied.length === 0 && !isOver()) await aMoment();
  while (stage.rehearsal.deadLetters().length === 0 && !isOver()) await stage.rehearsal.advance(hour);
}

/**
 * Needed where no journey goes: files of what was written of a person while they were forgotten, feeds in web views, clicks
 * that the store had no room for, push messages that an app says were opened.
 */
const rare = new Set([
  ...['segments files:remove', 'pages files:read', 'pages files:write'],
  ...['pages queue:feedback', 'changes queue:feedback'],
]);

/** The world outside is nobody's to allow. */
const isAllowed = (grant: Grant) => grant !== 'http:request';

const every: readonly (readonly [FunctionName, Grant])[] = functionSpecs.flatMap(([name, { grants }]) =>
  grants.flatMap((grant) => (!isAllowed(grant) || rare.has(`${name} ${grant}`) ? [] : [[name, grant] as const])),
);

const one: readonly (readonly [FunctionName, Grant])[] = [['messages', 'mail:send']];

describe.skipIf(whyNot)('a role without one of its grants', () => {
  it.concurrent.each(process.env.RUNS === 'all' ? every : one)(
    '%s without %s ends the journey or leaves dead letters, and the missing statement is named',
    async (name, grant) => {
      const stage = await openStage(without(name, grant));
      try {
        let isOver = false;
        const fails = journeyFor(name, grant)(stage).then(forever, () => void (isOver = true));
        // What nobody on the journey waits for lies among the dead letters.
        await Promise.race([fails, givenUp(stage, () => isOver)]);
        const named = stage.denied.filter(({ message }) => message.includes(`Functions${name}Role`));
        expect(named.map(({ missing }) => missing.Action)).toSatisfy((missing: unknown[]) =>
          missing.some((action) => belongs(action, grant)),
        );
        // Nobody else lost anything.
        expect(named.length).toBe(stage.denied.length);
      } finally {
        await stage.close();
      }
    },
    3 * minutes,
  );
});
