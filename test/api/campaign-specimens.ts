// Campaigns to make, and good bodies for what is asked of them.
import type { Things } from './specimens.ts';
import type { Answer } from './stage.ts';

const strategy = { method: 'static', datetime: '2099-01-02T10:00:00Z', options: { is_local: false } };

export const campaignOf = (list: string, name = 'Spring', rest: object = {}) => ({
  data: {
    type: 'campaign',
    attributes: {
      name,
      audiences: { included: [list], excluded: [] },
      send_strategy: strategy,
      send_options: { use_smart_sending: true },
      tracking_options: {
        is_tracking_opens: true,
        add_tracking_params: true,
        custom_tracking_params: [{ type: 'dynamic', value: 'campaign_id', name: 'utm_id' }],
      },
      'campaign-messages': {
        data: [
          {
            type: 'campaign-message',
            attributes: {
              definition: {
                channel: 'email',
                label: 'One',
                content: { subject: 'Hello', preview_text: 'It is us', from_label: 'Us' },
              },
            },
          },
        ],
      },
      ...rest,
    },
  },
});

const asked = (type: string, id: string, attributes?: object) => ({
  data: { type, id, ...(attributes && { attributes }) },
});
const assignment = (message: string, template: string) => ({
  data: {
    type: 'campaign-message',
    id: message,
    relationships: { template: { data: { type: 'template', id: template } } },
  },
});

export const campaignBodies: Readonly<Record<string, (things: Things) => object>> = {
  create_campaign: ({ list }) => campaignOf(list),
  update_campaign: ({ campaign, list, segment }) =>
    asked('campaign', campaign, {
      name: 'Renamed',
      audiences: { included: [list], excluded: [segment] },
      send_strategy: { method: 'throttled', datetime: '2099-01-02T10:00:00Z', throttle_percentage: 25 },
    }),
  create_campaign_clone: ({ campaign }) => asked('campaign', campaign, { new_name: 'Again' }),
  update_campaign_message: ({ campaignMessage }) =>
    asked('campaign-message', campaignMessage, { definition: { channel: 'email', content: { subject: 'Other' } } }),
  assign_template_to_campaign_message: ({ campaignMessage, template }) => assignment(campaignMessage, template),
  send_campaign: ({ campaign }) => asked('campaign-send-job', campaign),
  cancel_campaign_send: ({ sending }) => asked('campaign-send-job', sending, { action: 'revert' }),
  refresh_campaign_recipient_estimation: ({ campaign }) => asked('campaign-recipient-estimation-job', campaign),
};

/** Makes a draft, and a campaign that is scheduled. */
export async function furnishCampaigns(
  post: (path: string, body: object) => Promise<string>,
  { list, template }: Pick<Things, 'list' | 'template'>,
  get: (path: string) => Promise<Answer>,
): Promise<Pick<Things, 'campaign' | 'campaignMessage' | 'sending'>> {
  const make = async (name: string) => {
    const campaign = await post('/api/campaigns', campaignOf(list, name));
    const [message] = (await get(`/api/campaigns/${campaign}/campaign-messages`)).many;
    const campaignMessage = message?.id ?? '';
    await post('/api/campaign-message-assign-template', assignment(campaignMessage, template));
    return { campaign, campaignMessage };
  };
  const { campaign: sending } = await make('Scheduled');
  await post('/api/campaign-recipient-estimation-jobs', asked('campaign-recipient-estimation-job', sending));
  await post('/api/campaign-send-jobs', asked('campaign-send-job', sending));
  return { ...(await make('Draft')), sending };
}
