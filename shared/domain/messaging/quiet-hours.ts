// When marketing SMS waits for the morning (behaviour 5.6).
import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { type Instant, day } from '../../kernel/time.ts';
import { type Wall, dayOf, instantOfWall, isZone, timeOfDay, wallOf, weekdayOf } from '../../kernel/zone.ts';
import type { AccountItem, QuietHours } from '../../storage/items.ts';
import { zoneOfAreaCode } from './area-codes.ts';
import { isFrenchHoliday } from './french-holidays.ts';

const usual: QuietHours = { from: '21:00', to: '08:00', clock: 'recipient' };

/** French law: nights are longer, and Sundays and public holidays are quiet altogether. */
const french: QuietHours = { from: '22:00', to: '08:00', clock: 'recipient' };

type Phone = Pick<PhoneNumber, 'country' | 'countryCallingCode' | 'nationalNumber'>;

/**
 * The end of the quiet hours that `now` lies in for a number; undefined when it may be written to. In France they hold
 * for every marketing message, elsewhere for those that ask for them.
 */
export function quietUntil(
  phone: Phone,
  owner: Pick<AccountItem, 'sms_quiet_hours' | 'timezone'>,
  { quietHours }: { quietHours: boolean },
  now: Instant,
): Instant | undefined {
  const isFrench = phone.country === 'FR';
  if (!quietHours && !isFrench) return undefined;
  const rule = isFrench ? french : (owner.sms_quiet_hours ?? usual);
  const zone = rule.clock === 'eastern' ? 'America/New_York' : zoneOf(phone, owner.timezone, now);
  const isOff = (date: Wall) => isFrench && (weekdayOf(date) === 0 || isFrenchHoliday(date));
  const end = endOfQuiet(wallOf(now, zone), rule, isOff);
  return end === undefined ? undefined : instantOfWall(end, zone);
}

/** The same for a number as profiles carry it; undefined too where there is none: whoever waits for it skips. */
export function quietUntilFor(
  number: string | undefined,
  owner: Pick<AccountItem, 'sms_quiet_hours' | 'timezone'>,
  content: { quietHours: boolean },
  now: Instant,
): Instant | undefined {
  const phone = number === undefined ? undefined : parsePhoneNumberFromString(number);
  return phone && quietUntil(phone, owner, content, now);
}

/** The reading at which quiet ends; undefined when it is not quiet at `wall`. `isOff`: days that are quiet altogether. */
function endOfQuiet(wall: Wall, { from, to }: QuietHours, isOff: (date: Wall) => boolean): Wall | undefined {
  const [begins = 0, ends = 0] = [timeOfDay(from), timeOfDay(to)];
  const [today, time] = [dayOf(wall), wall - dayOf(wall)];
  const overnight = begins > ends;
  const isQuiet = overnight ? time >= begins || time < ends : time >= begins && time < ends;
  if (!isQuiet && !isOff(today)) return undefined;
  // The quiet that began this evening, or a day that is off, ends on another day.
  let date = isOff(today) || (overnight && time >= begins) ? today + day : today;
  while (isOff(date)) date += day;
  return date + ends;
}

/** The clock of a number: by area code in North America, elsewhere the easternmost of its country. */
function zoneOf({ country, countryCallingCode, nationalNumber }: Phone, otherwise: string, now: Instant): string {
  const byArea = countryCallingCode === '1' ? zoneOfAreaCode(nationalNumber.slice(0, 3)) : undefined;
  if (byArea !== undefined) return byArea;
  const zones = country === undefined ? [] : zonesOf(country);
  // What shows the latest hour lies furthest to the east.
  const [easternmost = otherwise] = zones.toSorted((a, b) => wallOf(now, b) - wallOf(now, a));
  return easternmost;
}

/** The time zones of a country, as the runtime knows them. */
function zonesOf(country: string): string[] {
  const zones = new Intl.Locale(`und-${country}`).getTimeZones() ?? [];
  return zones.filter(isZone);
}
