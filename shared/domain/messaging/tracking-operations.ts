// Tracking settings: one for each account, under the account's id.
import * as z from 'zod/mini';
import { flag, maybe } from '../../jsonapi/fields.ts';
import { type Input, type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { get, list, requestDocument, update } from '../../jsonapi/verbs/index.ts';
import { definedOf } from '../../kernel/bag.ts';
import { notFound, refuse } from '../../kernel/errors.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { AccountItem } from '../../storage/items.ts';
import { accountKey } from '../../storage/patterns.ts';
import { readAccount } from '../account/index.ts';
import type { Context } from '../context.ts';
import {
  type TrackingSettings,
  customParameters,
  trackingOf,
  trackingParam,
  trackingSettings,
} from './tracking-settings.ts';

const trackingResource: ResourceType = {
  type: 'tracking-setting',
  path: 'tracking-settings',
  attributes: trackingSettings,
};

const documentOf = (owner: AccountItem): Resource => ({
  type: trackingResource.type,
  id: owner.id,
  attributes: { ...trackingOf(owner) },
});

const stated = { tag: 'Tracking Settings', tier: tiers.M, resource: trackingResource };
const reading = { ...stated, scopes: ['tracking-settings:read'] };
const query = { fieldsOf: [trackingResource] };

/** Settings of other accounts answer as ones that do not exist. */
function refuseOthers(input: Input, { account }: Context): void {
  if (idOf(input) !== account) throw notFound('tracking-setting', idOf(input));
}

const changes = z.strictObject({
  auto_add_parameters: maybe(flag()),
  utm_source: z.optional(trackingParam),
  utm_medium: z.optional(trackingParam),
  utm_campaign: z.optional(trackingParam),
  utm_id: z.optional(trackingParam),
  utm_term: z.optional(trackingParam),
  custom_parameters: customParameters,
});

/** What is not given stays; of a parameter, too, what is given for flows says nothing of campaigns. */
function changed(before: TrackingSettings, asked: z.infer<typeof changes>): TrackingSettings {
  const { auto_add_parameters: add, custom_parameters: custom, ...params } = asked;
  const names = (custom ?? []).map(({ name }) => name);
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at || name.startsWith('utm_'));
  if (twice >= 0) {
    const at = `/data/attributes/custom_parameters/${twice}/name`;
    throw refuse('invalid', 'A custom parameter has a name of its own, which does not begin with utm_.', at);
  }
  const merged = Object.fromEntries(
    Object.entries(definedOf(params)).map(([name, param]) => [
      name,
      { ...before[name as keyof typeof params], ...param },
    ]),
  );
  return {
    ...before,
    ...merged,
    ...(typeof add === 'boolean' && { auto_add_parameters: add }),
    ...(custom !== undefined && { custom_parameters: custom ?? [] }),
  };
}

export const trackingOperations: readonly Operation<Context>[] = [
  list({
    ...reading,
    id: 'get_tracking_settings',
    summary: 'The UTM tracking settings of the account, as the only entry of a list.',
    query: { ...query, page: { default: 1, max: 1 } },
    run: async (_input, { owner }) => ({ page: { resources: [documentOf(owner)] } }),
  }),
  get({
    ...reading,
    id: 'get_tracking_setting',
    summary: 'The UTM tracking settings of the account.',
    query,
    run: async (input, context) => {
      refuseOthers(input, context);
      return { resource: documentOf(context.owner) };
    },
  }),
  update({
    ...stated,
    id: 'update_tracking_setting',
    summary: 'Change the UTM tracking settings of the account. In force everywhere within a minute.',
    scopes: ['tracking-settings:write'],
    query,
    body: requestDocument('tracking-setting', { id: 'required', attributes: changes }),
    run: async (input, context) => {
      refuseOthers(input, context);
      const { ports, account } = context;
      return untilWon(async () => {
        const owner = await readAccount(ports, account);
        const tracking = JSON.stringify(changed(trackingOf(owner), input.body.data.attributes));
        const same = { equals: { tracking: owner.tracking } };
        await ports.store.write({ update: accountKey(account), set: { tracking }, if: same });
        return { resource: documentOf({ ...owner, tracking }) };
      });
    },
  }),
];
