// What the owner sets of the channels, out of a command line.
import type { AccountSettings } from '../../shared/domain/account/index.ts';
import { timeOfDay } from '../../shared/kernel/zone.ts';
import { UsageError } from './usage-error.ts';

export interface ChannelValues {
  'sms-sender'?: string;
  'sms-quiet-hours'?: string;
  'push-application'?: string;
  'smart-sending'?: string;
  'back-in-stock'?: string;
}

/** The settings that the options name; throws UsageError where one is none. */
export function channelSettingsIn(values: ChannelValues): AccountSettings {
  const { 'sms-sender': senders, 'sms-quiet-hours': quiet, 'push-application': apps, 'smart-sending': smart } = values;
  const { 'back-in-stock': restocking } = values;
  return {
    ...(senders !== undefined && { smsSenders: pairsIn('sms-sender', senders, /^(\*|[A-Z]{2})=(\S+)$/) }),
    ...(quiet !== undefined && { smsQuietHours: quietHoursIn(quiet) }),
    ...(apps !== undefined && { pushApplications: pairsIn('push-application', apps, /^(ios|android)=(\S+)$/) }),
    ...(restocking !== undefined && { restocking: restockingIn(restocking) }),
    ...(smart !== undefined && { smartSendingHours: hoursIn(smart) }),
  };
}

function pairsIn(option: string, list: string, form: RegExp): Record<string, string> {
  return Object.fromEntries(
    list.split(',').map((text) => {
      const [, name = '', value = ''] = form.exec(text) ?? [];
      if (name === '') throw new UsageError(`--${option} does not take "${text}".`);
      return [name, value];
    }),
  );
}

function hoursIn(list: string): Record<string, number> {
  const pairs = pairsIn('smart-sending', list, /^(email|sms|push)=(\d{1,4})$/);
  return Object.fromEntries(Object.entries(pairs).map(([channel, hours]) => [channel, Number(hours)]));
}

function quietHoursIn(text: string) {
  const [, from = '', to = '', eastern] = /^(\d\d:\d\d)-(\d\d:\d\d)(@eastern)?$/.exec(text) ?? [];
  if (timeOfDay(from) === undefined || timeOfDay(to) === undefined) {
    throw new UsageError('--sms-quiet-hours reads like 21:00-08:00, or 20:00-11:00@eastern.');
  }
  return { from, to, clock: eastern === undefined ? ('recipient' as const) : ('eastern' as const) };
}

function restockingIn(text: string) {
  const [, minimum, per_unit, wait_minutes] = (/^([1-9]\d{0,5})x([1-9]\d{0,3})\/(\d{1,4})m$/.exec(text) ?? []).map(
    Number,
  );
  if (minimum === undefined || per_unit === undefined || wait_minutes === undefined) {
    throw new UsageError(
      '--back-in-stock reads like 1x5/60m: from a stock of 1 on, 5 people a unit, an hour between batches.',
    );
  }
  return { minimum, per_unit, wait_minutes };
}
