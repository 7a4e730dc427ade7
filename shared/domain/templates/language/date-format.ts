// Showing dates by Django's format letters and by strftime's.
import { day, minute } from '../../../kernel/time.ts';
import type { Moment } from './values.ts';

const monthNames: readonly string[] =
  'January February March April May June July August September October November December'.split(' ');
const dayNames: readonly string[] = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const pressMonths = 'Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.'.split(' ');

const two = (number: number) => String(number).padStart(2, '0');
const half = (hours: number) => (hours % 12 === 0 ? 12 : hours % 12);

/** The fields of a moment on its own clock, in a date whose UTC fields they are. */
const faceOf = (moment: Moment) => new Date(moment.at + moment.offset * minute);
const monthOf = (face: Date) => monthNames[face.getUTCMonth()] ?? '';
const weekdayOf = (face: Date) => dayNames[face.getUTCDay()] ?? '';
const yearOf = (face: Date) => String(face.getUTCFullYear()).padStart(4, '0');
const dayOfYear = (face: Date) => Math.floor((face.getTime() - Date.UTC(face.getUTCFullYear(), 0, 1)) / day) + 1;
const daysInMonth = (face: Date) => new Date(Date.UTC(face.getUTCFullYear(), face.getUTCMonth() + 1, 0)).getUTCDate();
const isLeap = (face: Date) => new Date(Date.UTC(face.getUTCFullYear(), 1, 29)).getUTCMonth() === 1;

/** The Thursday of the week decides which ISO year and week it is. */
function isoWeek(face: Date): { year: number; week: number } {
  const weekday = (face.getUTCDay() + 6) % 7;
  const thursday = new Date(face.getTime() + (3 - weekday) * day);
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) };
}

function ordinal(date: number): string {
  if (date >= 11 && date <= 13) return 'th';
  return { 1: 'st', 2: 'nd', 3: 'rd' }[date % 10] ?? 'th';
}

function offsetText(offset: number, colon = ''): string {
  const size = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
}

function timeInWords(face: Date): string {
  const [hours, minutes] = [face.getUTCHours(), face.getUTCMinutes()];
  if (minutes === 0 && hours === 0) return 'midnight';
  if (minutes === 0 && hours === 12) return 'noon';
  return `${half(hours)}${minutes === 0 ? '' : `:${two(minutes)}`} ${hours < 12 ? 'a.m.' : 'p.m.'}`;
}

const zoneText: Letter = (_, moment) => (moment.offset === 0 ? 'UTC' : offsetText(moment.offset));

type Letter = (face: Date, moment: Moment) => string | number;

/** Django's format letters. */
const letters: ReadonlyMap<string, Letter> = new Map(
  Object.entries({
    d: (face) => two(face.getUTCDate()),
    j: (face) => face.getUTCDate(),
    D: (face) => weekdayOf(face).slice(0, 3),
    l: weekdayOf,
    S: (face) => ordinal(face.getUTCDate()),
    w: (face) => face.getUTCDay(),
    z: dayOfYear,
    W: (face) => isoWeek(face).week,
    m: (face) => two(face.getUTCMonth() + 1),
    n: (face) => face.getUTCMonth() + 1,
    M: (face) => monthOf(face).slice(0, 3),
    b: (face) => monthOf(face).slice(0, 3).toLowerCase(),
    F: monthOf,
    E: monthOf,
    N: (face) => pressMonths[face.getUTCMonth()] ?? '',
    t: daysInMonth,
    L: (face) => (isLeap(face) ? 'True' : 'False'),
    y: (face) => yearOf(face).slice(-2),
    Y: yearOf,
    o: (face) => isoWeek(face).year,
    a: (face) => (face.getUTCHours() < 12 ? 'a.m.' : 'p.m.'),
    A: (face) => (face.getUTCHours() < 12 ? 'AM' : 'PM'),
    f: (face) => `${half(face.getUTCHours())}${face.getUTCMinutes() === 0 ? '' : `:${two(face.getUTCMinutes())}`}`,
    g: (face) => half(face.getUTCHours()),
    G: (face) => face.getUTCHours(),
    h: (face) => two(half(face.getUTCHours())),
    H: (face) => two(face.getUTCHours()),
    i: (face) => two(face.getUTCMinutes()),
    s: (face) => two(face.getUTCSeconds()),
    u: (face) => `${String(face.getUTCMilliseconds()).padStart(3, '0')}000`,
    P: timeInWords,
    e: zoneText,
    T: zoneText,
    O: (_, moment) => offsetText(moment.offset),
    Z: (_, moment) => moment.offset * 60,
    c: (face, moment) => `${face.toISOString().slice(0, 19)}${offsetText(moment.offset, ':')}`,
    r: (face, moment) => `${face.toUTCString().slice(0, 25)} ${offsetText(moment.offset)}`,
    U: (_, moment) => Math.floor(moment.at / 1000),
  } satisfies Record<string, Letter>),
);

/** A moment by Django's format letters; a backslash takes the next letter as it is. */
export function formatMoment(moment: Moment, format: string): string {
  const face = faceOf(moment);
  if (Number.isNaN(face.getTime())) return '';
  return format.replace(/\\(.)|([a-zA-Z])/gs, (letter: string, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    return String(letters.get(letter)?.(face, moment) ?? letter);
  });
}

/** strftime's letters, by Django's. */
const strftimeLetters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Y: 'Y',
    m: 'm',
    d: 'd',
    '-d': 'j',
    e: 'j',
    '-m': 'n',
    B: 'F',
    b: 'M',
    A: 'l',
    a: 'D',
    y: 'y',
    j: 'z',
    w: 'w',
    H: 'H',
    '-H': 'G',
    I: 'h',
    '-I': 'g',
    M: 'i',
    S: 's',
    p: 'A',
    z: 'O',
    f: 'u',
  }),
);

/** A moment by strftime's letters: `%Y-%m-%d`. */
export function strftime(moment: Moment, format: string): string {
  return format.replace(/%(-?[a-zA-Z]|%)/g, (whole, letter: string) => {
    if (letter === '%') return '%';
    const known = strftimeLetters.get(letter);
    return known === undefined ? whole : formatMoment(moment, known);
  });
}
