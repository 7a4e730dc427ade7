// Everything that is held of one person, for those who ask for their data.
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import { list } from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { readProfile } from '../identity/index.ts';
import { recordsOf } from './records.ts';
import { profileRecordType, recordTypes } from './types.ts';
import { walk } from './walk.ts';

export const exportOperations: readonly Operation<Context>[] = [
  list({
    id: 'get_export_for_profile',
    tag: 'Data Privacy',
    summary:
      'Everything that is held of a person, page by page, the profile first; what only repeats something else is left out.',
    scopes: [
      'events:read',
      'flows:read',
      'lists:read',
      'profiles:read',
      'push-tokens:read',
      'segments:read',
      'subscriptions:read',
    ],
    tier: tiers.M,
    resource: profileRecordType,
    path: '/x/profiles/{id}/export',
    query: { fieldsOf: recordTypes, page: { default: 100, max: 1000 } },
    run: async (input, { ports, account }) => {
      const profile = await readProfile(ports, account, idOf(input));
      return { page: await walk(ports, account, profile, input.query.page, recordsOf(ports, account)) };
    },
  }),
];
