import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { areaOf, areas } from './areas.ts';
import { isInSdk, operations } from './stage.ts';

it('every operation of the registry belongs to an area', () => {
  expect(operations.filter((one) => areaOf(one) === undefined).map(({ id }) => id)).toEqual([]);
});

it.each(areas)('the area %s has a file of its own, which holds itself to all of its operations', (area) => {
  expect(existsSync(new URL(`${area}.test.ts`, import.meta.url))).toBe(true);
  expect(operations.some((one) => areaOf(one) === area)).toBe(true);
});

it('the SDK has every private operation', () => {
  expect(operations.filter(({ auth, id }) => auth === 'private' && !isInSdk(id)).map(({ id }) => id)).toEqual([]);
});
