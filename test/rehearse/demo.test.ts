// The deployed system, rehearsed: the demo and the journeys pass on the bundles, roles and triggers of the template.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../functions/local/seed.ts';
import { tellStory } from '../../functions/local/story.ts';
import { sendOnEveryChannel } from './every-channel.ts';
import { goTheLongWay } from './large-orders.ts';
import { goOutside, openOutside } from './outside.ts';
import { openStage, type Stage, whyNot } from './stage.ts';

const minutes = 60_000;

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
      const stage = await openStage(outside.hosts);
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
