import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise, precedence } from '../../../shared/domain/identity/index.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 130 }),
  fc.emailAddress(),
  fc.tuple(fc.emailAddress(), fc.nat()).map(([email, at]) => `${email.slice(0, at % 8)}\ud800${email.slice(at % 8)}`),
  fc.tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.domain()).map(([local, domain]) => `${local}@${domain}`),
  fc.tuple(fc.emailAddress(), fc.constantFrom(' ', '\u00a0', '\ufeff', '\n')).map(([email, space]) => space + email),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((label) => `someone@${label}.de`),
  fc.stringMatching(/^\+[0-9 ().-]{6,20}$/),
);

describe('identifiers', () => {
  it('are normalised for any text without fail, and normalising again changes nothing', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...precedence), (text, kind) => {
        const once = normalise(kind, text);
        if (once !== undefined) expect(normalise(kind, once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['  Ann@Example.COM ', 'ann@example.com'],
    ['ann+tag@example.com', 'ann+tag@example.com'],
    ['a.n.n@gmail.com', 'a.n.n@gmail.com'],
    ['ann@BÜCHER.de', 'ann@xn--bcher-kva.de'],
    ['e\u0301va@example.com', '\u00e9va@example.com'],
  ])('take the email %j for %j', (text, email) => {
    expect(normalise('email', text)).toBe(email);
  });

  it.each([
    '',
    'ann',
    'ann@',
    '@example.com',
    'ann@localhost',
    'ann@exa%6dple.com',
    'ann@127.0.0.1',
    'a\u0000@b.com',
    'a\ud800@b.com',
    'ann@example.com\nbcc: x@y.com',
    `${'a'.repeat(60)}@${'b'.repeat(40)}.com`,
  ])('refuse the email %j', (text) => {
    expect(normalise('email', text)).toBeUndefined();
  });

  it('write phone numbers as E.164 and refuse what is none', () => {
    expect(normalise('phone_number', '+1 (415) 555-2671')).toBe('+14155552671');
    for (const text of ['4155552671', '+1415', '+14155552671 ext 5', 'call +14155552671 now please', '']) {
      expect(normalise('phone_number', text)).toBeUndefined();
    }
  });

  it('keep external ids exactly and refuse control characters and half surrogates', () => {
    expect(normalise('external_id', ' A#b%/1 ')).toBe(' A#b%/1 ');
    for (const text of ['', '  ', 'a\u0007', 'a\u0085', '\udc00', 'x'.repeat(256)]) {
      expect(normalise('external_id', text)).toBeUndefined();
    }
  });
});
