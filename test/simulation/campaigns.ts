// The scenarios of campaigns: each person of the audience is written to once, whatever happens to any call.
import { minute, second } from '../../shared/kernel/time.ts';
import type { DefinitionItem, MessageItem, RecipientItem } from '../../shared/storage/items.ts';
import { draftCampaign } from './draft-campaign.ts';
import { itemsOf } from './invariants.ts';
import { type Scenario, type Stage, list, rest, scenario, subscribe } from './scenarios.ts';

const people = ['ana@example.org', 'ben@example.org', 'cleo@example.org'];

/** A draft with two variations to three people; the provider refuses the second of them. */
async function draft(stage: Stage): Promise<string> {
  const audience = await list(stage);
  await subscribe(stage, people, audience);
  await rest(stage);
  stage.world.mail.fail('ben@example.org', 'refuse');
  const id = await draftCampaign(stage, audience, { variations: 2 });
  await rest(stage);
  return id;
}

/** Asked again after a lost answer it is no draft any more. */
async function send({ call }: Stage, id: string): Promise<void> {
  const { status } = await call('POST', '/api/campaign-send-jobs', { data: { type: 'campaign-send-job', id } });
  if (status !== 202 && status !== 409) throw new Error(`Sending was answered with ${status}.`);
}

async function cancel({ call }: Stage, id: string): Promise<void> {
  const data = { type: 'campaign-send-job', id, attributes: { action: 'cancel' } };
  const { status } = await call('PATCH', `/api/campaign-send-jobs/${id}`, { data });
  if (status !== 204 && status !== 409) throw new Error(`Cancelling was answered with ${status}.`);
}

const kindOf = <T extends { kind: string }>({ world }: Stage, kind: string) =>
  itemsOf(world).filter((item) => item.kind === kind) as unknown as T[];

/** I10: the rows are the snapshot, each with an outcome that its message bears out; nobody has two messages. */
function accounts(stage: Stage, status: string): string[] {
  const rows = kindOf<RecipientItem>(stage, 'recipient');
  const messages = kindOf<MessageItem>(stage, 'message');
  const [campaign] = kindOf<DefinitionItem>(stage, 'campaign');
  const { status: at } = JSON.parse(campaign?.data ?? '{}') as { status?: string };
  const open = rows.filter((row) => row.status === 'waiting' || row.status === 'queued' || row.profile !== undefined);
  const told = messages.filter((message) => {
    const row = rows.find(({ id }) => id === message.recipient);
    if (row?.variation === undefined || row.variation !== message.campaign_message) return true;
    const known = { SENT: 'sent', FAILED: 'failed', UNKNOWN: 'unknown', SKIPPED: 'cancelled' }[
      message.status as 'SENT'
    ];
    return row.status !== known;
  });
  return [
    ...(at === status ? [] : [`the campaign is ${at}`]),
    ...(rows.length === people.length ? [] : [`there are ${rows.length} rows`]),
    ...open.map((row) => `a row is ${row.status}`),
    ...told.map((message) => `the row of a message that is ${message.status} says something else`),
    ...(new Set(messages.map(({ profile }) => profile)).size === messages.length ? [] : ['somebody has two messages']),
  ];
}

export const campaigns: Record<string, Scenario> = {
  'a campaign to three people, one of whom the provider refuses': scenario({
    prepare: draft,
    act: send,
    follow: 80 * second,
    expect: (stage) => {
      const messages = kindOf<MessageItem>(stage, 'message').map(({ status }) => status);
      return [...accounts(stage, 'Sent'), ...(messages.length === 3 ? [] : [`messages are ${messages.join()}`])];
    },
  }),

  'a campaign that is cancelled while it goes out': scenario({
    prepare: async (stage) => {
      const id = await draft(stage);
      await send(stage, id);
      await stage.world.advance(2 * second);
      return { id, cancelled: 0 };
    },
    act: async (stage, prepared) => {
      await Promise.all([cancel(stage, prepared.id), stage.world.advance(3 * second)]);
      prepared.cancelled = stage.world.clock.now();
    },
    follow: minute,
    expect: (stage, { cancelled }) => [
      ...accounts(stage, 'Cancelled').filter((fault) => !/there are \d rows/.test(fault)),
      ...kindOf<MessageItem>(stage, 'message').flatMap(({ claimed }) =>
        claimed !== undefined && Date.parse(claimed) > cancelled
          ? ['a message was claimed after the cancellation']
          : [],
      ),
    ],
  }),
};
