import { expect, it } from 'vitest';
import { addToList } from '../../../shared/domain/consent/index.ts';
import { createList, removeList } from '../../../shared/domain/consent/lists.ts';
import { createProfile } from '../../../shared/domain/identity/index.ts';
import { known, setting } from '../setting.ts';

it('leaves nobody on a list that was removed before they joined', async () => {
  const { ports, account, store } = await setting();
  const { id: list } = await createList(ports, account, { name: 'News', optIn: 'single_opt_in' });
  const { id: person } = await createProfile(ports, account, known({ email: 'a@example.org' }));
  await removeList(ports, account, list);
  await addToList(ports, account, list, [person]);
  expect(store.dump().filter(({ kind }) => kind === 'list-member')).toEqual([]);
});
