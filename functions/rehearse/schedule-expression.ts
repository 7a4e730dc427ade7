// When a schedule of EventBridge Scheduler runs: at(…), rate(…) and cron(…), in a time zone, as AWS documents them
// (User Guide, Schedule types): a time of day that the clock jumps over is skipped, one that it shows twice comes once.
import { Cron } from 'croner';
import { type Instant, day, hour, minute } from '../../shared/kernel/time.ts';
import { instantOfWall, isZone, wallOf } from '../../shared/kernel/zone.ts';

/** The first run after an instant; undefined when there is none. */
export type NextRun = (after: Instant) => Instant | undefined;

const units: Readonly<Record<string, number>> = { minute, hour, day };

/** The runs of an expression from `start` on, in a zone of the IANA list; undefined for what is no expression. */
export function runsOf(expression: string, start: Instant, zone = 'UTC'): NextRun | undefined {
  const [, kind, inner = ''] = /^(at|rate|cron)\((.+)\)$/.exec(expression) ?? [];
  if (kind === undefined || !isZone(zone)) return undefined;
  if (kind === 'at') return onceAt(inner, zone);
  return kind === 'rate' ? regularly(inner, start) : atTimes(inner, zone);
}

/** `2026-01-31T10:00:00`, read from a clock on the wall. */
function onceAt(time: string, zone: string): NextRun | undefined {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(time) ? Date.parse(`${time}Z`) : NaN;
  if (Number.isNaN(wall)) return undefined;
  const at = instantOfWall(wall, zone);
  return (after) => (at > after ? at : undefined);
}

/** `5 minutes`: the first time at the start. A day is 24 hours, whatever the clock on the wall does. */
function regularly(rate: string, start: Instant): NextRun | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(rate) ?? [];
  const period = Number(count) * (units[unit] ?? 0);
  if (!(period > 0)) return undefined;
  return (after) => (after < start ? start : start + (Math.floor((after - start) / period) + 1) * period);
}

/** `minutes hours day-of-month month day-of-week year`; one of the two days is `?`. Weekdays are 1 (Sunday) to 7. */
function atTimes(fields: string, zone: string): NextRun | undefined {
  const parts = fields.trim().split(/\s+/);
  const days = [parts[2], parts[4]];
  if (parts.length !== 6 || days.filter((part) => part === '?').length !== 1) return undefined;
  const cron = cronOf(`0 ${parts.join(' ').replace('?', '*')}`);
  // Looked for on the wall, so that what the wall never shows is never found.
  return cron && ((after) => firstShown(cron, wallOf(after, zone), after, zone));
}

function cronOf(pattern: string): Cron | undefined {
  try {
    return new Cron(pattern, { mode: '7-part', timezone: 'UTC', alternativeWeekdays: true });
  } catch {
    return undefined;
  }
}

function firstShown(cron: Cron, from: number, after: Instant, zone: string): Instant | undefined {
  // An hour that comes again: its second half begins before readings that were reached already.
  for (let wall = cron.nextRun(new Date(from - day)); wall; wall = cron.nextRun(wall)) {
    const at = instantOfWall(wall.getTime(), zone);
    if (at > after && wallOf(at, zone) === wall.getTime()) return at;
  }
  return undefined;
}
