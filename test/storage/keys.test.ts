import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accountId } from '../../shared/kernel/ids.ts';
import {
  definitionKey,
  eventsOfProfile,
  identifierKey,
  listMemberKey,
  profileKey,
} from '../../shared/storage/patterns.ts';

const account = accountId('ABC123');
const part = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '#', '%', '%23', '~', '%~', 'a#b'),
  fc.string({ unit: 'binary', minLength: 900, maxLength: 5000 }),
  fc.integer({ min: 200, max: 1000 }).map((length) => '€'.repeat(length)),
);

it('keys of whatever ids callers ask for are keys to the database', () => {
  fc.assert(
    fc.property(part, part, (a, b) => {
      const { partition, from = '', to = '' } = eventsOfProfile(account, a, b, { to: '2026-01-01T00:00:00.000Z' });
      const keys = [
        listMemberKey(account, a, b),
        definitionKey(account, 'list', a),
        { pk: partition, sk: from },
        { pk: partition, sk: to },
      ];
      for (const { pk, sk } of keys) {
        expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(2048);
        expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(1024);
        expect(sk).not.toBe('');
        expect(pk.startsWith('ABC123#')).toBe(true);
      }
    }),
  );
});

it('different ids have different keys', () => {
  fc.assert(
    fc.property(part, part, part, part, (a, b, c, d) => {
      const isSame = a === c && b === d;
      expect(JSON.stringify(listMemberKey(account, a, b)) === JSON.stringify(listMemberKey(account, c, d))).toBe(
        isSame,
      );
      expect(JSON.stringify(profileKey(account, a)) === JSON.stringify(profileKey(account, c))).toBe(a === c);
      expect(definitionKey(account, 'list', a).sk === definitionKey(account, 'list', c).sk).toBe(a === c);
    }),
  );
});

it('the longest identifier stands in its key as it is', () => {
  const longest = '%'.repeat(255);
  expect(identifierKey(account, 'external_id', longest).pk).toContain('%25'.repeat(255));
});
