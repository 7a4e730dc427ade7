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

  // FORGED=1000000 tries a million.
  it('of every kind are not guessed from others: altered, foreign, of another kind', () => {
    const kinds = ['unsubscribe', 'preferences', 'confirm', 'open', 'click', 'property', 'view'] as const;
    const whole = { ...content, list: 'L', requested: 'R', url: 'https://a.example', property: 'x', value: 'y' };
    const made = kinds.map((kind) => signLink('secret', kind, account, whole));
    const all = Number(process.env['FORGED'] ?? 5_000);
    let opened = 0;
    for (let n = 0; n < all; n += 1) {
      const [from, as] = [n % kinds.length, Math.floor(n / kinds.length) % kinds.length];
      const sealed = Buffer.from((made[from] ?? '').split('.')[1] ?? '', 'base64url');
      // The kind alone is another, or a bit is.
      const bit = from === as ? (n * 7919) % (sealed.length * 8) : undefined;
      if (bit !== undefined) sealed[bit >> 3]! ^= 1 << (bit & 7);
      // Secrets are made anew with each account.
      const secret = bit === undefined && n % 3 === 0 ? 'another' : 'secret';
      if (openLink(secret, kinds[as]!, account, `${account}.${sealed.toString('base64url')}`)) opened += 1;
    }
    expect(opened).toBe(0);
    for (const [at, kind] of kinds.entries()) expect(openLink('secret', kind, account, made[at]!)).toBeDefined();
  }, 600_000);
});
