// Whether marketing email goes out, and letting it go on: ours, beside the contract.
import * as z from 'zod/mini';
import { integer, maybe, number, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, tiers } from '../../jsonapi/operation.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { get, requestDocument, update } from '../../jsonapi/verbs/index.ts';
import { isoOf } from '../../kernel/time.ts';
import { accountOf } from '../../storage/patterns.ts';
import type { AccountItem } from '../../storage/items.ts';
import type { Context } from '../context.ts';
import { reputationOf, resumeMail, sharesOf } from './reputation.ts';

const sendingResource: ResourceType = {
  type: 'sending',
  attributes: z.object({
    /** `resting`: marketing email is held back, for the reason and since the time below. */
    state: oneOf('going', 'resting'),
    reason: maybe(text()),
    since: maybe(timestamp()),
    /** Of about the last twenty-four hours, or since sending was let go on. */
    received: integer(),
    bounced: integer(),
    complained: integer(),
    bounce_rate: number(),
    complaint_rate: number(),
  }),
};

const reasons = { bounced: 'Too many emails bounce', complained: 'Too many people complain' } as const;

async function documentOf({ ports }: Context, owner: AccountItem): Promise<Resource> {
  const reputation = await reputationOf(ports, accountOf(owner), owner);
  const shares = sharesOf(reputation);
  const { mail_rests: rests } = owner;
  return {
    type: sendingResource.type,
    id: owner.id,
    attributes: {
      state: rests ? 'resting' : 'going',
      reason: rests ? reasons[rests.why] : null,
      since: rests ? isoOf(rests.since) : null,
      ...reputation,
      bounce_rate: shares.bounced,
      complaint_rate: shares.complained,
    },
  };
}

const stated = { tag: 'Campaigns', tier: tiers.S, resource: sendingResource, path: '/x/sending' };

export const sendingOperations: readonly Operation<Context>[] = [
  get({
    ...stated,
    id: 'get_sending',
    summary: 'Whether marketing email goes out, and what became of the emails of the last day.',
    scopes: ['campaigns:read'],
    run: async (_input, context) => ({ resource: await documentOf(context, context.owner) }),
  }),
  update({
    ...stated,
    id: 'update_sending',
    summary: 'Let marketing email go on that rests because too much of it bounced or was complained of.',
    scopes: ['campaigns:write'],
    body: requestDocument('sending', { attributes: z.strictObject({ state: z.literal('going') }) }),
    run: async (_input, context) => {
      const owner = await resumeMail(context.ports, context.account);
      return { resource: await documentOf(context, owner) };
    },
  }),
];
