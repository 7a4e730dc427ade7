// The operation of the tag Data Privacy.
import * as z from 'zod/mini';
import { maybe, text } from '../../jsonapi/fields.ts';
import { type Operation, tiers } from '../../jsonapi/operation.ts';
import { command, requestDocument } from '../../jsonapi/verbs/index.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Context } from '../context.ts';
import { untilWon } from '../../storage/conflict.ts';
import { identifierKey } from '../../storage/patterns.ts';
import { forget, forgetNamed } from './forget.ts';
import { livingProfile } from './living.ts';
import { identifierOf } from './normalise.ts';
import type { Held } from './write.ts';

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
      await untilWon(() => forgetWhoIsMeant({ ports, account }, id ?? heldIn(attributes)));
      return { empty: true };
    },
  }),
];

/** Forgets whose id or identifier it is: an id of before a merge means whom the profile is part of now. */
async function forgetWhoIsMeant(
  { ports, account }: Pick<Context, 'ports' | 'account'>,
  named: string | Held | undefined,
): Promise<void> {
  if (named === undefined) return;
  const isId = typeof named === 'string';
  const id = isId ? named : (await ports.store.get(identifierKey(account, named.kind, named.value)))?.profile;
  const profile = id === undefined ? undefined : await livingProfile(ports, account, id);
  if (profile !== undefined) await forget(ports, account, profile.id);
  else if (!isId) await forgetNamed(ports, account, named);
}

/** The one identifier that is given, normalised. */
function heldIn({
  email,
  phone_number: phone,
}: {
  email?: string | null | undefined;
  phone_number?: string | null | undefined;
}): Held | undefined {
  const at = `${pointer}/attributes`;
  if (email) return { kind: 'email', value: identifierOf('email', email, `${at}/email`) };
  return phone ? { kind: 'phone_number', value: identifierOf('phone_number', phone, `${at}/phone_number`) } : undefined;
}
