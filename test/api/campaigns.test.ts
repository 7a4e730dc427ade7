import { FilterBuilder } from 'klaviyo-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { campaignOf } from './campaign-specimens.ts';
import { expectRefused } from './refusals.ts';
import { type Things, furnish } from './specimens.ts';
import { type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
let things: Things;
beforeAll(async () => {
  stage = await openStage({ still: true });
  things = await furnish(stage, 'Bean01', stage.key);
  await stage.advance('1m');
});
afterAll(() => stage.close());

const make = async (name: string) =>
  (
    await stage.sdk.campaigns.createCampaign({
      data: {
        type: 'campaign',
        attributes: {
          name,
          audiences: { included: [things.list] },
          campaignMessages: {
            data: [
              {
                type: 'campaign-message',
                attributes: { definition: { channel: 'email', label: 'One', content: { subject: 'Hello' } } },
              },
            ],
          },
        },
      },
    })
  ).body.data.id;
const messageOf = async (id: string) => (await stage.sdk.campaigns.getMessageIdsForCampaign(id)).body.data[0]?.id ?? '';
const assign = (message: string) =>
  stage.sdk.campaigns.assignTemplateToCampaignMessage({
    data: {
      type: 'campaign-message',
      id: message,
      relationships: { template: { data: { type: 'template', id: things.template } } },
    },
  });
const onEmail = new FilterBuilder().equals('messages.channel', 'email').build();

describe('campaigns', () => {
  it('are made, found by their channel, changed, copied and removed', async () => {
    const { campaigns } = stage.sdk;
    const id = await make('Autumn');
    const read = await campaigns.getCampaign(id, { include: ['campaign-messages', 'tags'] });
    expect(read.body.data.attributes).toMatchObject({ name: 'Autumn', status: 'Draft', archived: false });
    expect(read.body.included).toHaveLength(1);
    const all = await campaigns.getCampaigns(onEmail, { include: ['campaign-messages'], sort: 'name' });
    expect(all.body.data.map((one) => one.id)).toContain(id);
    expect((await campaigns.getCampaigns('equals(messages.channel,"sms")')).body.data).toEqual([]);
    expect((await refusalOf(campaigns.getCampaigns('equals(status,"Draft")'))).status).toBe(400);
    const changed = await campaigns.updateCampaign(id, {
      data: { type: 'campaign', id, attributes: { name: 'Winter', sendOptions: { useSmartSending: false } } },
    });
    expect(changed.body.data.attributes).toMatchObject({ name: 'Winter', sendOptions: { useSmartSending: false } });
    await assign(await messageOf(id));
    const copy = await campaigns.createCampaignClone({
      data: { type: 'campaign', id, attributes: { newName: 'Copy' } },
    });
    expect(copy.response.status).toBe(201);
    const copied = await messageOf(copy.body.data.id);
    expect((await campaigns.getTemplateIdForCampaignMessage(copied)).body.data?.id).not.toBe(things.template);
    await campaigns.deleteCampaign(id);
    expect((await refusalOf(campaigns.getCampaign(id))).status).toBe(404);
    expect(
      (await refusalOf(campaigns.getCampaignMessage(await messageOf(things.campaign).then(() => 'none')))).status,
    ).toBe(404);
  });

  it('have a message with a template of its own', async () => {
    const { campaigns, templates } = stage.sdk;
    const id = await make('Message');
    const [message] = (await campaigns.getMessagesForCampaign(id)).body.data;
    const of = message?.id ?? '';
    const body = { data: { type: 'campaign-send-job', id } };
    await expectRefused(stage, () => stage.send('POST', '/api/campaign-send-jobs', { body }), 400);
    expect((await assign(of)).body.data.attributes).toMatchObject({ label: 'One', channel: 'email' });
    const own = (await campaigns.getTemplateForCampaignMessage(of)).body.data as { id?: string } | null;
    expect(own?.id).not.toBe(things.template);
    const listed = (await templates.getTemplates()).body.data.map((one) => one.id);
    expect(listed).toContain(things.template);
    expect(listed).not.toContain(own?.id);
    await campaigns.updateCampaignMessage(of, {
      data: {
        type: 'campaign-message',
        id: of,
        attributes: { definition: { channel: 'email', label: 'Two', content: { previewText: 'See' } } },
      },
    });
    const { one, included } = await stage.send('GET', `/api/campaign-messages/${of}?include=campaign,template,image`);
    expect(one.attributes['definition']).toEqual({
      channel: 'email',
      label: 'Two',
      content: { subject: 'Hello', preview_text: 'See' },
    });
    expect(included.map(({ type }) => type).sort()).toEqual(['campaign', 'template']);
    expect((await campaigns.getCampaignMessage(of)).body.data.id).toBe(of);
    expect((await campaigns.getCampaignForCampaignMessage(of)).body.data).toMatchObject({ id });
    expect((await campaigns.getCampaignIdForCampaignMessage(of)).body.data).toMatchObject({ id });
    expect((await campaigns.getImageForCampaignMessage(of)).body.data).toBeNull();
    expect((await campaigns.getImageIdForCampaignMessage(of)).body.data).toBeNull();
    const none = { data: { type: 'image', id: 'none' } };
    const path = `/api/campaign-messages/${of}/relationships/image`;
    await expectRefused(stage, () => stage.send('PATCH', path, { body: none }), 404);
    const image = { type: 'image' as const, id: things.image };
    await campaigns.updateImageForCampaignMessage(of, { data: image });
    expect((await campaigns.getImageForCampaignMessage(of)).body.data).toMatchObject(image);
    expect((await campaigns.getImageIdForCampaignMessage(of)).body.data).toMatchObject(image);
    const withImage = await stage.send('GET', `/api/campaign-messages/${of}?include=image`);
    expect(withImage.included.map(({ id: included }) => included)).toEqual([things.image]);
  });

  it('of audiences that are not there, or of messages that are no variations of one, are refused', async () => {
    const ask = (body: object) => () => stage.send('POST', '/api/campaigns', { body });
    const { errors } = await expectRefused(stage, ask(campaignOf('none')), 404);
    expect(errors[0]?.source.pointer).toBe('/data/attributes/audiences/included/0');
    const twice = campaignOf(things.list, 'x', { audiences: { included: [things.list, things.list, 'none'] } });
    const named = await expectRefused(stage, ask(twice), 404);
    expect(named.errors[0]?.source.pointer).toBe('/data/attributes/audiences/included/2');
    const one = campaignOf(things.list).data.attributes['campaign-messages'].data[0];
    const several = (messages: readonly unknown[], rest: object = {}) =>
      ask(campaignOf(things.list, 'x', { 'campaign-messages': { data: messages }, ...rest }));
    await expectRefused(stage, several([]), 400);
    await expectRefused(stage, several(Array.from({ length: 9 }, () => one)), 400);
    const text = { type: 'campaign-message', attributes: { definition: { channel: 'sms', content: { body: 'Hi' } } } };
    const mixed = await expectRefused(stage, several([one, text]), 400);
    expect(mixed.errors[0]?.source.pointer).toBe(
      '/data/attributes/campaign-messages/data/1/attributes/definition/channel',
    );
    const throttled = { method: 'throttled', datetime: '2099-01-02T10:00:00Z', throttle_percentage: 25 };
    await expectRefused(stage, several([one, one], { send_strategy: throttled }), 400);
    const { one: made } = await stage.send('POST', '/api/campaigns', {
      body: campaignOf(things.list, 'Tried', { 'campaign-messages': { data: [one, one] } }),
    });
    expect(made.attributes['send_strategy']).toEqual({ method: 'ab_test_campaign' });
    expect((await stage.sdk.campaigns.getMessageIdsForCampaign(made.id)).body.data).toHaveLength(2);
    const data = { type: 'campaign', id: made.id, attributes: { send_strategy: throttled } };
    await expectRefused(stage, () => stage.send('PATCH', `/api/campaigns/${made.id}`, { body: { data } }), 400);
  });

  it('are not sent to a list that is gone by then, and get no template when they are no drafts any more', async () => {
    const { campaigns, lists } = stage.sdk;
    const short = (await lists.createList({ data: { type: 'list', attributes: { name: 'Short-lived' } } })).body.data
      .id;
    const { one } = await stage.send('POST', '/api/campaigns', { body: campaignOf(short) });
    await assign(await messageOf(one.id));
    await lists.deleteList(short);
    const body = { data: { type: 'campaign-send-job', id: one.id } };
    const gone = await expectRefused(stage, () => stage.send('POST', '/api/campaign-send-jobs', { body }), 404);
    expect(gone.errors[0]?.source.pointer).toBe('/data/id');
    const sent = await make('Sent');
    const message = await messageOf(sent);
    await assign(message);
    await campaigns.sendCampaign({ data: { type: 'campaign-send-job', id: sent } });
    const link = { template: { data: { type: 'template', id: things.template } } };
    const again = { data: { type: 'campaign-message', id: message, relationships: link } };
    await stage.advance('3m');
    await expectRefused(stage, () => stage.send('POST', '/api/campaign-message-assign-template', { body: again }), 409);
  });

  it('are tagged', async () => {
    const { tags, campaigns } = stage.sdk;
    await tags.tagCampaigns(things.tag, { data: [{ type: 'campaign', id: things.campaign }] });
    expect((await tags.getCampaignIdsForTag(things.tag)).body.data).toMatchObject([{ id: things.campaign }]);
    expect((await campaigns.getTagsForCampaign(things.campaign)).body.data).toMatchObject([{ id: things.tag }]);
    expect((await campaigns.getTagIdsForCampaign(things.campaign)).body.data).toMatchObject([{ id: things.tag }]);
    await tags.removeTagFromCampaigns(things.tag, { data: [{ type: 'campaign', id: things.campaign }] });
  });
});

it('recipients are counted before, and sending is a job that can be taken back', async () => {
  const { campaigns } = stage.sdk;
  const id = await make('Job');
  const job = await campaigns.refreshCampaignRecipientEstimation({
    data: { type: 'campaign-recipient-estimation-job', id },
  });
  expect(job.response.status).toBe(202);
  await stage.advance('1m');
  expect((await campaigns.getCampaignRecipientEstimationJob(id)).body.data.attributes.status).toBe('complete');
  const counted = await campaigns.getCampaignRecipientEstimation(id);
  expect(counted.body.data.attributes.estimatedRecipientCount).toBe(1);
  await assign(await messageOf(id));
  const sent = await campaigns.sendCampaign({ data: { type: 'campaign-send-job', id } });
  expect(sent.response.status).toBe(202);
  // Not that of a campaign that was scheduled while its list may still have been empty.
  expect((await campaigns.getCampaignSendJob(id)).body.data.attributes.status).toMatch(
    /^(queued|processing|complete)$/,
  );
  await campaigns.cancelCampaignSend(id, {
    data: { type: 'campaign-send-job', id, attributes: { action: 'revert' } },
  });
  expect((await refusalOf(campaigns.getCampaignSendJob(id))).status).toBe(404);
});

it('every operation of the area was exercised', () => {
  expectExercised(stage, 'campaigns');
});
