import * as z from 'zod/mini';
import { notFound } from '../../kernel/errors.ts';
import { maybe } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { get, list } from '../../jsonapi/verbs/index.ts';
import type { AccountItem } from '../../storage/items.ts';
import type { Context } from '../context.ts';

const maybeText = maybe(z.string());

const accountResource: ResourceType = {
  type: 'account',
  path: 'accounts',
  attributes: z.object({
    test_account: z.boolean(),
    contact_information: z.object({
      default_sender_name: z.string(),
      default_sender_email: z.string(),
      website_url: maybeText,
      organization_name: z.string(),
      street_address: z.object({
        address1: maybeText,
        address2: maybeText,
        city: maybeText,
        region: maybeText,
        country: maybeText,
        zip: maybeText,
      }),
    }),
    industry: maybeText,
    timezone: z.string(),
    preferred_currency: z.string(),
    public_api_key: z.string(),
    locale: z.string(),
  }),
};

/** An account as the API shows it. */
function accountDocument(owner: AccountItem): Resource {
  return {
    type: 'account',
    id: owner.id,
    attributes: {
      test_account: false,
      contact_information: {
        default_sender_name: owner.sender_name,
        default_sender_email: owner.sender_email,
        website_url: null,
        organization_name: owner.name,
        street_address: { address1: null, address2: null, city: null, region: null, country: null, zip: null },
      },
      industry: null,
      timezone: owner.timezone,
      preferred_currency: owner.currency,
      public_api_key: owner.public_id,
      locale: 'en-US',
    },
  };
}

const stated = { tag: 'Accounts', scopes: ['accounts:read'], tier: tiers.XS, resource: accountResource };
const query = { fieldsOf: [accountResource] };

export const accountOperations: readonly Operation<Context>[] = [
  list({
    ...stated,
    id: 'get_accounts',
    summary: 'The account that the key belongs to.',
    query,
    run: async (_input, { owner }) => ({ page: { resources: [accountDocument(owner)] } }),
  }),
  get({
    ...stated,
    id: 'get_account',
    summary: 'One account: the one that the key belongs to.',
    query,
    run: async (input, { owner }) => {
      // A foreign account answers exactly as one that does not exist.
      if (idOf(input) !== owner.id) throw notFound('account', idOf(input));
      return { resource: accountDocument(owner) };
    },
  }),
];
