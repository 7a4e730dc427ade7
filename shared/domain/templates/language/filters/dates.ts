// Filters on dates. What is no date gives an empty text.
import { day, week } from '../../../../kernel/time.ts';
import { formatMoment } from '../date-format.ts';
import { momentOf } from '../moments.ts';
import { textOf } from '../text.ts';
import { type Value, Moment, numberOf } from '../values.ts';
import type { Filter, Filters } from './filter.ts';

/** A date that is one already, or the one that an ISO 8601 text names. */
const read = (value: Value): Moment | undefined => {
  if (value instanceof Moment) return value;
  return typeof value === 'string' ? momentOf(value) : undefined;
};

const parsed: Filter = { argument: 'optional', run: (value) => read(value) ?? '' };

/** The moment `days` later; nothing when it leaves the calendar. */
function later(value: Value, days: number): Value {
  const moment = read(value);
  if (!moment) return '';
  const at = moment.at + days * day;
  return Math.abs(at) <= 8.64e15 - week ? new Moment(at, moment.offset) : '';
}

const date: Filter['run'] = (value, argument, { fuel }) => {
  if (!(value instanceof Moment)) return '';
  const format = textOf(argument ?? 'N j, Y', fuel);
  fuel.make(format.length * 4);
  return formatMoment(value, format);
};

/** Whole weeks from a date until the present. */
const weeksSince: Filter['run'] = (value, _, { now }) => {
  const moment = read(value);
  return moment ? Math.floor((now.at - moment.at) / week) : '';
};

export const dateFilters = {
  format_date_string: parsed,
  datetime_from_string: parsed,
  date: { argument: 'optional', run: date },
  time: { argument: 'optional', run: (value, argument, use) => date(value, argument ?? 'P', use) },
  days_later: { argument: 'required', run: (value, argument) => later(value, numberOf(argument) ?? 0) },
  weeks_since: { run: weeksSince },
} as const satisfies Filters;
