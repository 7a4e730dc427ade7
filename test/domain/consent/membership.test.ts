import { expect, it } from 'vitest';
import { addToList, membershipChange } from '../../../shared/domain/consent/index.ts';
import { leaveList, removeFromList } from '../../../shared/domain/consent/membership.ts';
import { createList, removeList } from '../../../shared/domain/consent/lists.ts';
import { gathered, mergeProfiles, createProfile } from '../../../shared/domain/identity/index.ts';
import { ConditionFailed } from '../../../shared/storage/store.ts';
import { known, setting } from '../setting.ts';

it('leaves nobody on a list that was removed before they joined', async () => {
  const { ports, account, store } = await setting();
  const { id: list } = await createList(ports, account, { name: 'News', optIn: 'single_opt_in' });
  const { id: person } = await createProfile(ports, account, known({ email: 'a@example.org' }));
  await removeList(ports, account, list);
  await addToList(ports, account, list, [person]);
  expect(store.dump().filter(({ kind }) => kind === 'list-member')).toEqual([]);
});

it.each([
  ['taken off', removeFromList] as const,
  [
    'leaves',
    (...[ports, account, list, [profile = '']]: Parameters<typeof removeFromList>) =>
      leaveList(ports, account, list, { profile, at: ports.clock.now() }),
  ] as const,
])('whoever is %s a list while a merge has yet to move that they are on it stays off', async (_, leave) => {
  const { ports, account, store } = await setting();
  const { id: list } = await createList(ports, account, { name: 'News', optIn: 'single_opt_in' });
  const { id: destination } = await createProfile(ports, account, known({ email: 'a@example.org' }));
  const { id: source } = await createProfile(ports, account, known({ email: 'b@example.org' }));
  await addToList(ports, account, list, [source]);
  await mergeProfiles(ports, account, { source, destination });
  await leave(ports, account, list, [destination]);
  await gathered(ports, account, destination);
  expect(store.dump().filter(({ kind }) => kind === 'list-member')).toEqual([]);
});

it('a flow takes nobody off a list whom a merge has yet to move there', async () => {
  const { ports, account } = await setting();
  const { id: list } = await createList(ports, account, { name: 'News', optIn: 'single_opt_in' });
  const { id: destination } = await createProfile(ports, account, known({ email: 'a@example.org' }));
  const { id: source } = await createProfile(ports, account, known({ email: 'b@example.org' }));
  await addToList(ports, account, list, [source]);
  await mergeProfiles(ports, account, { source, destination });
  const off = () => membershipChange(ports, account, list, { profile: destination, on: false });
  await expect(off()).rejects.toThrow(ConditionFailed);
  await gathered(ports, account, destination);
  expect(await off()).toHaveLength(1);
});
