import * as ask from './requests.ts';
import type { Stage } from './scenarios.ts';

/**
 * A draft to a list, with a template for each of its variations: what it is beside that, in `rest` of its attributes.
 * Answers its id.
 */
export async function draftCampaign(
  { make, walk }: Pick<Stage, 'make' | 'walk'>,
  list: string,
  { variations = 1, ...rest }: { variations?: number; [attribute: string]: unknown } = {},
): Promise<string> {
  const definition = { channel: 'email', content: { subject: 'Spring' } };
  const attributes = {
    name: 'Spring',
    audiences: { included: [list] },
    ...rest,
    'campaign-messages': {
      data: Array.from({ length: variations }, () => ({ type: 'campaign-message', attributes: { definition } })),
    },
  };
  const id = await make('POST', '/api/campaigns', { data: { type: 'campaign', attributes } });
  const template = await make('POST', '/api/templates', ask.template('<p>Spring. {% unsubscribe %}</p>'));
  const relationships = { template: { data: { type: 'template', id: template } } };
  for (const { id: message } of await walk(`/api/campaigns/${id}/campaign-messages`))
    await make('POST', '/api/campaign-message-assign-template', {
      data: { type: 'campaign-message', id: message, relationships },
    });
  return id;
}
