import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ProfileInput,
  type PropertyPatch,
  personOf,
  updateProfile,
  upsertProfile,
} from '../../../shared/domain/identity/index.ts';
import { type Setting, setting } from '../setting.ts';

let world: Setting;
let count = 0;
beforeAll(async () => {
  world = await setting();
});

/** The person after these inputs, one after the other, on a fresh profile. */
async function after(...inputs: Partial<ProfileInput>[]) {
  const { ports, account } = world;
  count += 1;
  const identifiers = { external_id: `person ${count}` };
  const { profile } = await upsertProfile(ports, account, { identifiers, attributes: {} });
  let item = profile;
  for (const input of inputs) {
    item = await updateProfile(ports, account, profile.id, { identifiers: {}, attributes: {}, ...input });
  }
  return personOf(item);
}

const patched = async (properties: Record<string, unknown>, patch: PropertyPatch) =>
  (await after({ properties }, { patch })).properties;

describe('what an input says', () => {
  it('is cleared by null and left by absence', async () => {
    const person = await after(
      { attributes: { first_name: 'Ann', last_name: 'Lee' }, location: { city: 'Bern', zip: '3000', latitude: 46.9 } },
      { attributes: { first_name: null }, location: { city: null, country: 'CH' } },
    );
    expect(person).toMatchObject({ first_name: null, last_name: 'Lee' });
    expect(person.location).toEqual({ zip: '3000', latitude: 46.9, country: 'CH' });
  });

  it('merges properties by their first level and clears them all with null', async () => {
    const both = await after({ properties: { a: { x: 1 }, b: 1 } }, { properties: { a: { y: 2 }, c: null } });
    expect(both.properties).toEqual({ a: { y: 2 }, b: 1, c: null });
    expect((await after({ properties: { a: 1 } }, { properties: null })).properties).toEqual({});
  });

  it('appends to properties what they do not hold yet', async () => {
    expect(await patched({ skus: ['a'] }, { append: { skus: ['b', 'a'] } })).toEqual({ skus: ['a', 'b'] });
    expect(await patched({ skus: 'a' }, { append: { skus: 'b' } })).toEqual({ skus: ['a', 'b'] });
    expect(await patched({}, { append: { skus: { id: 1 } } })).toEqual({ skus: [{ id: 1 }] });
  });

  it('takes values out of properties and removes whole ones', async () => {
    expect(await patched({ skus: ['a', 'b', 'a'] }, { unappend: { skus: 'a' } })).toEqual({ skus: ['b'] });
    expect(await patched({ name: 'a' }, { unappend: { name: 'a', other: 1 } })).toEqual({ name: 'a' });
    expect(await patched({ a: 1, b: 2 }, { unset: ['a', 'c'] })).toEqual({ b: 2 });
  });

  it('is kept whatever the keys are called', async () => {
    const hostile = JSON.parse(
      '{"__proto__":{"admin":true},"constructor":"Ferrari","toString":1,"":0,"\\ufffe":"\\uffff","a":{"__proto__":null}}',
    ) as Record<string, unknown>;
    const stored = await patched(hostile, {
      append: JSON.parse('{"__proto__":1,"hasOwnProperty":2}') as Record<string, unknown>,
    });
    expect(JSON.stringify(stored)).toBe(
      JSON.stringify(
        JSON.parse(
          '{"__proto__":[{"admin":true},1],"constructor":"Ferrari","toString":1,"":0,"\\ufffe":"\\uffff","a":{"__proto__":null},"hasOwnProperty":[2]}',
        ),
      ),
    );
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('said twice is said once', async () => {
    const bag = fc.dictionary(
      fc.oneof(fc.constantFrom('__proto__', 'constructor', 'a', 'b'), fc.string()),
      fc.jsonValue({ maxDepth: 2 }),
      { maxKeys: 4 },
    );
    await fc.assert(
      fc.asyncProperty(bag, bag, bag, fc.array(fc.string()), async (properties, append, unappend, unset) => {
        const input = { properties, patch: { append, unappend, unset } };
        const once = await after({ properties }, { patch: input.patch });
        const twice = await after({ properties }, { patch: input.patch }, { patch: { unappend, unset } });
        expect(JSON.stringify(twice.properties)).toBe(JSON.stringify(once.properties));
      }),
      { numRuns: 100 },
    );
  });

  it('is refused when it would make the profile too large to store', async () => {
    const { ports, account } = world;
    const { profile } = await upsertProfile(ports, account, { identifiers: { external_id: 'big' }, attributes: {} });
    const grow = (n: number) =>
      updateProfile(ports, account, profile.id, {
        identifiers: {},
        attributes: {},
        properties: { [`p${n}`]: 'x'.repeat(99 * 1024) },
      });
    for (const n of [1, 2, 3]) await grow(n);
    await expect(grow(4)).rejects.toMatchObject({ status: 400 });
  });
});
