import { expect } from 'vitest';
import { emailsOf, precedence, readContact } from '../../../shared/domain/identity/index.ts';
import type { IdentifierItem, ProfileItem } from '../../../shared/storage/items.ts';
import { identifierKey } from '../../../shared/storage/patterns.ts';
import type { Setting } from '../setting.ts';

/** The profiles of the world. */
export const profilesIn = ({ store }: Pick<Setting, 'store'>): ProfileItem[] =>
  store.dump().filter((item): item is ProfileItem => item.kind === 'profile');

/** Claims and profiles are in bijection, and every profile carries what is known of its address. */
export async function expectLegal({ ports, store, account }: Setting): Promise<void> {
  const claims = store.dump().filter((item): item is IdentifierItem => item.kind === 'identifier');
  const held = profilesIn({ store }).flatMap((item) =>
    precedence.flatMap((kind) => {
      const values = kind === 'email' ? emailsOf(item) : [item[kind]].filter((value) => value !== undefined);
      return values.map((value) => `${identifierKey(account, kind, value).pk} ${item.id}`);
    }),
  );
  expect(claims.map(({ pk, profile }) => `${pk} ${profile}`).sort()).toEqual(held.sort());
  for (const { email, email_suppressions: copy = [] } of profilesIn({ store })) {
    if (email === undefined) continue;
    const { item } = await readContact(ports, account, { kind: 'email', value: email });
    expect(copy).toEqual(item?.suppressions ?? []);
  }
}
