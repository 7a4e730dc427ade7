import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { expectRefused } from './refusals.ts';
import { eventOf, profileOf } from './specimens.ts';
import { type Stage, openStage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

const deletionOf = (data: object) => ({
  data: {
    type: 'data-privacy-deletion-job' as const,
    attributes: { profile: { data: { type: 'profile' as const, attributes: {}, ...data } } },
  },
});

async function somebody(email: string): Promise<string> {
  const { one } = await stage.send('POST', '/api/profiles', { body: profileOf({ email, first_name: 'Secret' }) });
  await stage.send('POST', '/api/events', { body: eventOf({ email }, { properties: { Item: 'Secret' } }) });
  await stage.settle();
  return one.id;
}

describe('request_profile_deletion', () => {
  it.each([
    ['id', (id: string) => ({ id })],
    ['email', (_: string, email: string) => ({ attributes: { email: email.toUpperCase() } })],
  ] as const)('forgets the person with this %s: profile, events, everything', async (kind, named) => {
    const email = `by-${kind}@people.example`;
    const id = await somebody(email);
    const { response } = await stage.sdk.dataPrivacy.requestProfileDeletion(deletionOf(named(id, email)));
    expect(response.status).toBe(202);
    expect((await stage.send('GET', `/api/profiles/${id}`)).status).toBe(404);
    await stage.settle();
    expect((await stage.send('GET', `/api/events?filter=equals(profile_id,"${id}")`)).many).toEqual([]);
    expect(JSON.stringify(await stage.items())).not.toMatch(new RegExp(`Secret|${email}`));
  });

  it('is accepted once more, and for whoever was never there', async () => {
    const id = await somebody('twice@people.example');
    for (const one of [id, id, 'nobody']) {
      expect(
        (await stage.send('POST', '/api/data-privacy-deletion-jobs', { body: deletionOf({ id: one }) })).status,
      ).toBe(202);
    }
  });

  it('who comes back is somebody new', async () => {
    const email = 'back@people.example';
    const id = await somebody(email);
    await stage.send('POST', '/api/data-privacy-deletion-jobs', { body: deletionOf({ id }) });
    await stage.settle();
    expect(await somebody(email)).not.toBe(id);
  });

  it.each([
    ['no identifier', {}],
    ['two identifiers', { id: 'one', attributes: { email: 'two@people.example' } }],
    ['a bad address', { attributes: { email: 'nobody' } }],
    ['an identifier that it does not know', { attributes: { external_id: '1' } }],
  ])('refuses %s', async (_, data) => {
    await expectRefused(
      stage,
      () => stage.send('POST', '/api/data-privacy-deletion-jobs', { body: deletionOf(data) }),
      400,
    );
  });
});

it('every operation was exercised', () => expectExercised(stage, 'privacy'));
