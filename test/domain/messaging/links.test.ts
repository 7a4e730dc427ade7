import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountOfLink, openLink, signLink } from '../../../shared/domain/messaging/index.ts';
import { accountId } from '../../../shared/kernel/ids.ts';

const account = accountId('AbC123');
const content = { profile: '01HXYZ', message: 'm1', address: 'ann@people.example' };
const token = signLink('secret', 'unsubscribe', account, content);
const open = (text: string, secret = 'secret') => openLink(secret, 'unsubscribe', account, text);

describe('signed links', () => {
  it('give back what was put in, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string({ unit: 'grapheme', maxLength: 100 }),
        (profile, message, address) => {
          const made = signLink('secret', 'unsubscribe', account, { profile, message, address });
          expect(open(made)).toEqual({ profile, message, address });
          expect(encodeURIComponent(made)).toBe(made);
          expect(accountOfLink(made)).toBe(account);
        },
      ),
    );
  });

  it('are equal when they mean the same, and show no address', () => {
    expect(signLink('secret', 'unsubscribe', account, content)).toBe(token);
    const bytes = Buffer.from(token.split('.')[1]!, 'base64url').toString('latin1');
    expect(bytes).not.toContain('people');
  });

  it('open with no other secret and for no other account', () => {
    expect(open(token, 'secret2')).toBeUndefined();
    const other = accountId('XyZ789');
    expect(openLink('secret', 'unsubscribe', other, token)).toBeUndefined();
    expect(openLink('secret', 'unsubscribe', other, token.replace(account, other))).toBeUndefined();
    expect(openLink('secret', 'preferences' as 'unsubscribe', account, token)).toBeUndefined();
  });

  it('do not open after any single bit has changed', () => {
    const sealed = Buffer.from(token.split('.')[1]!, 'base64url');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const forged = Buffer.from(sealed);
      forged[bit >> 3]! ^= 1 << (bit & 7);
      expect(open(`${account}.${forged.toString('base64url')}`)).toBeUndefined();
    }
  });

  it('do not open when cut, lengthened, padded or written in another way', () => {
    for (let length = 0; length < token.length; length += 1) expect(open(token.slice(0, length))).toBeUndefined();
    for (const tail of ['=', 'A', ' ', '.', '\n', '%3D', '/']) expect(open(token + tail)).toBeUndefined();
    expect(open(token.toLowerCase())).toBeUndefined();
    expect(open(` ${token}`)).toBeUndefined();
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spellings = Array.from(last)
      .map((letter) => token.slice(0, -1) + letter)
      .filter((text) => open(text));
    expect(spellings).toEqual([token]);
  });

  it('are not guessed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 17, maxLength: 120 }), (bytes) => {
        expect(open(`${account}.${Buffer.from(bytes).toString('base64url')}`)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.string(), (text) => open(text) === undefined));
  });
});
