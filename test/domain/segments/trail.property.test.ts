// What is kept of the way through a funnel has to say what all events say, wherever it is cut and whatever comes late.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Completed,
  type Happening,
  completionWindows,
  courseOf,
  nowhere,
  wentOn,
} from '../../../shared/domain/segments/attempts.ts';
import {
  type Tell,
  type Trail,
  doneOf,
  endOfTrail,
  goneOn,
  progressOf,
  retraced,
} from '../../../shared/domain/segments/trail.ts';
import { textOfTrails, trailsOf } from '../../../shared/domain/segments/trails-text.ts';
import { day, hour, minute } from '../../../shared/kernel/time.ts';

const windows = [null, ...(['HOURS_1', 'DAYS_1', 'DAYS_3'] as const satisfies (keyof typeof completionWindows)[])];
const mostSteps = 4;

const funnels = fc.record({
  completion_window_seconds: fc.constantFrom(...windows),
  steps: fc
    .array(fc.boolean(), { maxLength: mostSteps - 1 })
    .map((more) => [true, ...more].map((metric_exists) => ({ metric_id: 'Order1', metric_exists }))),
});

const some = fc.array(
  fc.record({
    minutes: fc.integer({ min: 0, max: 40 }),
    steps: fc.uniqueArray(fc.integer({ min: 0, max: mostSteps - 1 }), { minLength: 1, maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 40 },
);

/** Events that go on from the newest one, or that come late. */
const scripts = fc.array(fc.record({ events: some, late: fc.option(fc.integer({ min: 0, max: 100 })) }), {
  minLength: 1,
  maxLength: 8,
});

/** When the last attempt begins that came to the end, was not spoiled and began in the timeframe. */
const lastStart = (completed: readonly Completed[], after: number) =>
  Math.max(...completed.filter((one) => one.spoiled === undefined && one.start > after).map(({ start }) => start));

test('a trail says of any history what all of its events say: cut anywhere, with late events, as the timeframe moves on', async () => {
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(
      funnels,
      scripts,
      fc.constantFrom(hour, day, 30 * day),
      fc.constantFrom(0, 3, 9),
      async ({ steps, completion_window_seconds }, script, length, keep) => {
        const course = courseOf({
          type: 'profile-metric-funnel',
          timeframe_filter: { type: 'date', operator: 'in-the-last', unit: 'hour', quantity: length / hour },
          completion_window_seconds,
          steps,
        });
        const all: Happening[] = [];
        const between = (from: number, upTo: number) =>
          all.filter(({ at }) => at > from && at <= upTo).sort((a, b) => a.at - b.at);
        const tell: Tell = async (after, upTo) => {
          const happenings = between(after, upTo);
          return { happenings, count: happenings.length };
        };
        let trail: Trail = { from: -Infinity, legs: [] };
        let now = 0;
        for (const { events, late } of script) {
          const times: number[] = [];
          for (const { minutes, steps: passed } of events) {
            if (late === null) now += minutes * minute;
            const at = late === null ? now : now - late * minutes * minute;
            const there = all.find((one) => one.at === at);
            if (there) all.splice(all.indexOf(there), 1);
            all.push({ at, steps: [...new Set([...passed, ...(there?.steps ?? [])])] });
            times.push(at);
          }
          const edges = { after: now - length - 1, upTo: now, end: Infinity, moving: true };
          const range = { from: Math.min(...times), to: Math.max(...times) };
          trail = (await retraced(course, trail, edges, range, tell)).trail;
          const behind = between(endOfTrail(trail), Infinity);
          const counted = { happenings: behind, times: behind.map(({ at }) => at) };
          const next = goneOn(course, trail, counted, keep, edges) ?? trail;
          trail = trailsOf(textOfTrails(new Map([['x', next]]))).get('x') ?? next;
          expect(trail).toEqual(next);
          if (trail.legs.length > 2) kept += 1;
          const { completed } = wentOn(course, progressOf(trail), between(endOfTrail(trail), Infinity));
          const done = doneOf(trail);
          const told = lastStart([...completed, ...(done ? [done] : [])], edges.after);
          const whole = wentOn(course, nowhere, between(-Infinity, Infinity));
          expect(told).toBe(lastStart(whole.completed, edges.after));
        }
      },
    ),
    { numRuns: 400 },
  );
  expect(kept).toBeGreaterThan(200);
});
