import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantOfWall, isZone, timeOfDay, wallOf } from '../../shared/kernel/zone.ts';
import { day, hour } from '../../shared/kernel/time.ts';

const zones = ['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Asia/Beirut'];
const at = (text: string) => Date.parse(text);

describe('the wall clock of a zone', () => {
  test('shows the local time', () => {
    expect(wallOf(at('2026-07-01T12:00:00Z'), 'America/New_York')).toBe(Date.UTC(2026, 6, 1, 8));
    expect(wallOf(at('2026-01-01T00:00:00Z'), 'Asia/Kolkata')).toBe(Date.UTC(2026, 0, 1, 5, 30));
  });

  test('a time that is jumped over is met as far behind the jump', () => {
    expect(instantOfWall(Date.UTC(2026, 2, 8, 2, 30), 'America/New_York')).toBe(at('2026-03-08T07:30:00Z'));
  });

  test('midnight that is jumped over is met at the first hour of that day', () => {
    expect(instantOfWall(Date.UTC(2026, 2, 29), 'Asia/Beirut')).toBe(at('2026-03-28T22:00:00Z'));
  });

  test('of a time that comes twice the first is meant', () => {
    expect(instantOfWall(Date.UTC(2026, 10, 1, 1, 30), 'America/New_York')).toBe(at('2026-11-01T05:30:00Z'));
  });

  test('reading the clock and finding the reading lead back to the same instant or its first twin', () => {
    const instants = fc.integer({ min: at('2000-01-01T00:00:00Z') / 1000, max: at('2037-01-01T00:00:00Z') / 1000 });
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (seconds, zone) => {
        const instant = seconds * 1000;
        const found = instantOfWall(wallOf(instant, zone), zone);
        expect(wallOf(found, zone)).toBe(wallOf(instant, zone));
        expect(instant - found).toBeGreaterThanOrEqual(0);
        expect(instant - found).toBeLessThanOrEqual(hour);
      }),
    );
  });

  test('every reading of a day has an instant within that day or the hour after it', () => {
    const walls = fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2037, 0, 1) / 1000 });
    fc.assert(
      fc.property(walls, fc.constantFrom(...zones), (seconds, zone) => {
        const wall = seconds * 1000;
        const shift = wallOf(instantOfWall(wall, zone), zone) - wall;
        expect(shift).toBeGreaterThanOrEqual(0);
        expect(shift).toBeLessThan(day);
      }),
    );
  });
});

test('names of zones are told from other words', () => {
  expect(zones.every(isZone)).toBe(true);
  expect(isZone('Mars/Olympus')).toBe(false);
});

test('a time of day is read to the second', () => {
  expect(timeOfDay('09:30')).toBe(9.5 * hour);
  expect(timeOfDay('23:59:59')).toBe(day - 1000);
  expect(timeOfDay('24:00')).toBeUndefined();
  expect(timeOfDay('9:30')).toBeUndefined();
});
