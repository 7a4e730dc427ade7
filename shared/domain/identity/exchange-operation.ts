import * as z from 'zod/mini';
import { text } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { get } from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { exchangeToken } from './exchange.ts';
import { readProfile } from './find.ts';

const exchangeResource: ResourceType = { type: 'exchange-token', attributes: z.object({ _kx: text() }) };

/** For links in messages that others send: whoever follows one is known by its `_kx`. */
export const exchangeOperations: readonly Operation<Context>[] = [
  get({
    id: 'get_exchange_token_for_profile',
    tag: 'Profiles',
    summary: 'The token that names a person in the _kx parameter of links.',
    scopes: ['profiles:read'],
    tier: tiers.M,
    resource: exchangeResource,
    path: '/x/profiles/{id}/exchange-token',
    run: async (input, { ports, account }) => {
      const { id } = await readProfile(ports, account, idOf(input));
      const attributes = { _kx: await exchangeToken(ports, account, id) };
      return { resource: { type: 'exchange-token', id, attributes } };
    },
  }),
];
