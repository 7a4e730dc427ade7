import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quietUntilFor, segmentsOf } from '../../../shared/domain/messaging/index.ts';
import { day, iso } from '../../../shared/kernel/time.ts';
import { isZone } from '../../../shared/kernel/zone.ts';

const owner = { timezone: 'UTC' };
const until = (
  number: string,
  at: string,
  settings: Parameters<typeof quietUntilFor>[1] = owner,
  quietHours = true,
) => {
  const end = quietUntilFor(number, settings, { quietHours }, Date.parse(at));
  return end === undefined ? undefined : iso(end);
};

describe('quiet hours', () => {
  const newYork = '+12125550123';
  it.each([
    ['before nine in the evening', newYork, '2026-06-01T00:59:59Z', undefined],
    ['from nine in the evening', newYork, '2026-06-01T01:00:00Z', '2026-06-01T12:00:00+00:00'],
    ['until eight in the morning', newYork, '2026-06-01T11:59:59Z', '2026-06-01T12:00:00+00:00'],
    ['not from eight on', newYork, '2026-06-01T12:00:00Z', undefined],
    ['of the area code', '+13105550123', '2026-06-01T03:30:00Z', undefined],
    [
      'of the easternmost zone of the country (Lord Howe)',
      '+61412345678',
      '2026-06-01T11:00:00Z',
      '2026-06-01T21:30:00+00:00',
    ],
    ['in winter time', newYork, '2026-12-01T02:00:00Z', '2026-12-01T13:00:00+00:00'],
    ['over the night in which clocks are put forward', newYork, '2026-03-08T06:00:00Z', '2026-03-08T12:00:00+00:00'],
    ['over the night in which clocks are put back', newYork, '2026-11-01T05:30:00Z', '2026-11-01T13:00:00+00:00'],
    ['in France an hour later', '+33612345678', '2026-06-02T19:30:00Z', undefined],
    ['in France from ten', '+33612345678', '2026-06-02T20:00:00Z', '2026-06-03T06:00:00+00:00'],
    ['in France all Sunday', '+33612345678', '2026-06-07T10:00:00Z', '2026-06-08T06:00:00+00:00'],
    [
      'in France over a Saturday night until Monday',
      '+33612345678',
      '2026-06-06T21:00:00Z',
      '2026-06-08T06:00:00+00:00',
    ],
    ['in France over Easter until Tuesday', '+33612345678', '2026-04-05T10:00:00Z', '2026-04-07T06:00:00+00:00'],
    ['in France on Bastille Day', '+33612345678', '2026-07-14T10:00:00Z', '2026-07-15T06:00:00+00:00'],
    ['in France on Ascension', '+33612345678', '2026-05-14T10:00:00Z', '2026-05-15T06:00:00+00:00'],
  ])('%s', (_, number, at, expected) => {
    expect(until(number, at)?.replace(/Z$/, '+00:00').replace('.000', '')).toBe(expected);
  });

  it('may be those of New York for everyone, and other hours', () => {
    const eastern = { ...owner, sms_quiet_hours: { from: '20:00', to: '11:00', clock: 'eastern' as const } };
    expect(until('+13105550123', '2026-06-01T00:30:00Z', eastern)).toMatch(/^2026-06-01T15:00/);
    const noon = { ...owner, sms_quiet_hours: { from: '12:00', to: '14:00', clock: 'recipient' as const } };
    expect(until(newYork, '2026-06-01T17:00:00Z', noon)).toMatch(/^2026-06-01T18:00/);
    expect(until(newYork, '2026-06-01T19:00:00Z', noon)).toBeUndefined();
  });

  it('hold up only what asks for them, but everything to France', () => {
    expect(until(newYork, '2026-06-01T03:00:00Z', owner, false)).toBeUndefined();
    expect(until('+33612345678', '2026-06-07T10:00:00Z', owner, false)).toBeDefined();
  });

  it('end in the future, within four days, and are over at their end', () => {
    const numbers = fc.constantFrom(
      newYork,
      '+33612345678',
      '+447400123456',
      '+61412345678',
      '+8613812345678',
      '+18085550123',
    );
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 40_000_000 }), (number, minutes) => {
        const now = Date.UTC(2026, 0, 1) + minutes * 1000;
        const end = quietUntilFor(number, owner, { quietHours: true }, now);
        if (end === undefined) return;
        expect(end).toBeGreaterThan(now);
        expect(end).toBeLessThan(now + 5 * day);
        expect(quietUntilFor(number, owner, { quietHours: true }, end)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('know the clock of every area code they name', async () => {
    const { zoneOfAreaCode } = await import('../../../shared/domain/messaging/area-codes.ts');
    for (let code = 200; code < 1000; code += 1) {
      const zone = zoneOfAreaCode(String(code));
      if (zone !== undefined) expect(isZone(zone)).toBe(true);
    }
    expect(zoneOfAreaCode('907')).toBe('America/Anchorage');
  });
});

describe('the segments of a text', () => {
  it.each([
    ['', 1],
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['😀'.repeat(35), 1],
    ['😀'.repeat(36), 2],
    [`${'a'.repeat(70)}ç`, 2],
    [`${'a'.repeat(152)}€${'a'.repeat(10)}`, 2],
  ])('%#', (text, expected) => {
    expect(segmentsOf(text)).toBe(expected);
  });
});
