import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { guarded, textOf, unguarded, valueOf } from '../../functions/cli/csv/cell.ts';
import {
  type ProfileData,
  columnsOf,
  fieldColumns,
  headerOf,
  lineOf,
  profileOf,
} from '../../functions/cli/csv/columns.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', "'", '"', ',', ' ', '1', '0', '[', '{', 'a'),
  }),
  fc.constantFrom('true', 'null', '3', '007', '1.50', '-1', '1e3', '"x"', '{}', ''),
);

it('a text comes back from its cell, and no cell is a formula', () => {
  fc.assert(
    fc.property(text, (one) => {
      expect(guarded(one)).not.toMatch(/^[=+\-@\t\r]/);
      expect(unguarded(guarded(one))).toBe(one);
    }),
  );
});

it('a value comes back from its text', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.jsonValue()), (value) => {
      expect(JSON.stringify(valueOf(textOf(value)))).toBe(JSON.stringify(value));
    }),
  );
});

const filled = text.filter((one) => one !== '');
const bag = (keys: readonly string[]) =>
  fc.record(Object.fromEntries(keys.map((key) => [key, filled])), { requiredKeys: [] }) as fc.Arbitrary<object>;
const profile = fc
  .record({
    attributes: bag(['email', 'first_name', 'title', 'external_id']),
    location: bag(['city', 'zip']),
    latitude: fc.option(fc.oneof(filled, fc.double({ noNaN: true, noDefaultInfinity: true })), { nil: undefined }),
    properties: fc.dictionary(
      fc.oneof(text, fc.constantFrom('email', 'First Name', 'id', '__proto__', 'rejected_because', 'properties.a')),
      fc.oneof(text, fc.jsonValue()),
    ),
  })
  .map(({ attributes, location, latitude, properties }): ProfileData => {
    const place = { ...location, ...(latitude !== undefined && { latitude }) };
    return {
      type: 'profile',
      attributes: {
        ...attributes,
        ...(Object.keys(place).length > 0 && { location: place }),
        ...(Object.keys(properties).length > 0 && { properties }),
      },
    };
  });

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, one]) => [key, sorted(one)])
    : value;

it('profiles come back from the file that holds them', () => {
  fc.assert(
    fc.property(fc.array(profile, { minLength: 1, maxLength: 4 }), (profiles) => {
      const names = [...new Set(profiles.flatMap(({ attributes }) => Object.keys(attributes['properties'] ?? {})))];
      const lines = [[...fieldColumns, ...names.map(headerOf)], ...profiles.map((one) => lineOf(one, names))];
      const file = `\uFEFF${stringify(lines.map((line) => line.map(guarded)))}`;
      const read = parse(file, { bom: true, skip_empty_lines: true }).map((line) => line.map(unguarded));
      const columns = columnsOf(read[0] ?? [], new Map());
      const back = read.slice(1).map((cells) => profileOf(columns, cells));
      expect(JSON.stringify(sorted(back.map(sorted)))).toBe(JSON.stringify(sorted(profiles.map(sorted))));
    }),
    { numRuns: 300 },
  );
});
