// A person whom a process has met is found and written in two round trips; what it remembers is only a guess.
import { describe, expect, it } from 'vitest';
import { forget, updateProfile, upsertProfile } from '../../../shared/domain/identity/index.ts';
import type { Store } from '../../../shared/storage/store.ts';
import { type Setting, known, profileBody, setting } from '../setting.ts';
import { expectLegal, profilesIn } from './legal.ts';

const email = 'ana@beantown.coffee';

/** The world with every call to its store counted; nothing is asked for no keys. */
function counting({ ports }: Setting) {
  const calls: string[] = [];
  const { store } = ports;
  const counted: Store = {
    get: (key, options) => (calls.push('get'), store.get(key, options)),
    getMany: (keys, options) => (keys.length > 0 && calls.push('getMany'), store.getMany(keys, options)),
    query: (query) => (calls.push('query'), store.query(query)),
    write: (write) => (calls.push('write'), store.write(write)),
    writeMany: (writes) => (calls.push('writeMany'), store.writeMany(writes)),
    transact: (actions) => (calls.push('transact'), store.transact(actions)),
  };
  return { ports: { ...ports, store: counted }, calls };
}

const named = (first_name: string, identifiers = { email }) => ({ identifiers, attributes: { first_name } });

describe('profile-import of a known profile takes at most two round trips', () => {
  it('when its attributes change', async () => {
    const world = await setting();
    const { ports, calls } = counting(world);
    await upsertProfile(ports, world.account, named('Ana'));
    calls.length = 0;
    await upsertProfile(ports, world.account, named('Anna'));
    expect(calls).toEqual(['getMany', 'write']);
  });

  it('when nothing changes: one', async () => {
    const world = await setting();
    const { ports, calls } = counting(world);
    await upsertProfile(ports, world.account, named('Ana'));
    calls.length = 0;
    await upsertProfile(ports, world.account, named('Ana'));
    expect(calls).toEqual(['getMany']);
  });

  it('when the caller gives the id, whether the process has met the person or not', async () => {
    const world = await setting();
    const { profile } = await upsertProfile(world.ports, world.account, named('Ana'));
    const { ports, calls } = counting(world);
    await upsertProfile(ports, world.account, { id: profile.id, ...named('Anna') });
    expect(calls).toEqual(['getMany', 'write']);
  });

  it('and one more when the process has not met the person, once', async () => {
    const world = await setting();
    await upsertProfile(world.ports, world.account, named('Ana'));
    const { ports, calls } = counting(world);
    await upsertProfile(ports, world.account, named('Anna'));
    expect(calls).toEqual(['getMany', 'get', 'write']);
    calls.length = 0;
    await upsertProfile(ports, world.account, named('Ana'));
    expect(calls).toEqual(['getMany', 'write']);
  });
});

describe('the claims decide who holds an identifier, whatever a process remembers', () => {
  it('when the address went to somebody else meanwhile', async () => {
    const world = await setting();
    const { ports } = counting(world);
    const { profile: first } = await upsertProfile(ports, world.account, named('Ana'));
    // Another process, whose memory is its own.
    await updateProfile(world.ports, world.account, first.id, known({ email: 'old@beantown.coffee' }));
    const { profile: second } = await upsertProfile(world.ports, world.account, named('Ben'));
    const { profile } = await upsertProfile(ports, world.account, named('Benno'));
    expect(profile.id).toBe(second.id);
    expect(profilesIn(world)).toHaveLength(2);
    await expectLegal(world);
  });

  it('when the person was forgotten and came back', async () => {
    const world = await setting();
    await world.call('POST', '/api/profile-import', profileBody({ email, first_name: 'Ana' }));
    const [before] = profilesIn(world);
    await forget(world.ports, world.account, before?.id ?? '');
    const { status, one } = await world.call('POST', '/api/profile-import', profileBody({ email }));
    expect(status).toBe(201);
    expect(one.id).not.toBe(before?.id);
    expect(one.attributes['first_name']).toBeNull();
  });
});
