// The operation of the tag Data Privacy.
import * as z from 'zod/mini';
import { maybe, text } from '../../jsonapi/fields.ts';
import { type Operation, tiers } from '../../jsonapi/operation.ts';
import { command, requestDocument } from '../../jsonapi/verbs/index.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Context } from '../context.ts';
import { claimsOf } from './find.ts';
import { forget } from './forget.ts';
import { livingProfile } from './living.ts';
import { identifierOf } from './normalise.ts';

const pointer = '/data/attributes/profile/data';

export const privacyOperations: readonly Operation<Context>[] = [
  command({
    id: 'request_profile_deletion',
    tag: 'Data Privacy',
    summary: 'Forget a person, named by exactly one of id, email and phone_number; nothing is left but suppressions.',
    scopes: ['data-privacy:write'],
    tier: tiers.S,
    path: '/api/data-privacy-deletion-jobs',
    body: requestDocument('data-privacy-deletion-job', {
      attributes: z.strictObject({
        profile: z.strictObject({
          data: z.strictObject({
            type: z.literal('profile'),
            id: maybe(text()),
            attributes: z.strictObject({ email: maybe(text()), phone_number: maybe(text()) }),
          }),
        }),
      }),
    }),
    status: 202,
    answers: { kind: 'empty' },
    run: async ({ body }, { ports, account }) => {
      const { id, attributes } = body.data.attributes.profile.data;
      const given = [id, attributes.email, attributes.phone_number].filter((one) => one !== undefined && one !== null);
      if (given.length !== 1) throw refuse('invalid', 'Give exactly one of id, email and phone_number.', pointer);
      const named = id ?? (await holderOf(attributes, { ports, account }));
      // An id of before a merge means whom the profile is part of now.
      const profile = named === undefined ? undefined : await livingProfile(ports, account, named);
      if (profile !== undefined) await forget(ports, account, profile.id);
      return { empty: true };
    },
  }),
];

async function holderOf(
  { email, phone_number: phone }: { email?: string | null | undefined; phone_number?: string | null | undefined },
  { ports, account }: Pick<Context, 'ports' | 'account'>,
): Promise<string | undefined> {
  const at = `${pointer}/attributes`;
  const identifiers = {
    ...(email && { email: identifierOf('email', email, `${at}/email`) }),
    ...(phone && { phone_number: identifierOf('phone_number', phone, `${at}/phone_number`) }),
  };
  const [claim] = await claimsOf(ports, account, identifiers);
  return claim?.owner;
}
