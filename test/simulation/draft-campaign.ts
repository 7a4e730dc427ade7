import * as ask from './requests.ts';
import type { Stage } from './scenarios.ts';

/** A draft to a list, with a template: what it is beside that, in `rest` of its attributes. Answers its id. */
export async function draftCampaign(
  { make, walk }: Pick<Stage, 'make' | 'walk'>,
  list: string,
  rest: object = {},
): Promise<string> {
  const definition = { channel: 'email', content: { subject: 'Spring' } };
  const attributes = {
    name: 'Spring',
    audiences: { included: [list] },
    ...rest,
    'campaign-messages': { data: [{ type: 'campaign-message', attributes: { definition } }] },
  };
  const id = await make('POST', '/api/campaigns', { data: { type: 'campaign', attributes } });
  const [message] = await walk(`/api/campaigns/${id}/campaign-messages`);
  const template = await make('POST', '/api/templates', ask.template('<p>Spring. {% unsubscribe %}</p>'));
  await make('POST', '/api/campaign-message-assign-template', {
    data: {
      type: 'campaign-message',
      id: message?.id,
      relationships: { template: { data: { type: 'template', id: template } } },
    },
  });
  return id;
}
