// What every event about a message says of it, by the names that reports group by (behaviour 11).
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { definedOf } from '../../kernel/bag.ts';
import type { Circumstances } from './prepare.ts';

type About = Pick<Circumstances, 'item' | 'content'>;

/** JSON: which message of which flow or campaign it is, and what else is known of it when it goes out. */
function told({ item, content }: About, more: Readonly<Record<string, unknown>>): string {
  const { flow, action, campaign_message } = item;
  const message = content.message?.id ?? campaign_message ?? action;
  const channel = item.channel === 'push' ? 'mobile_push' : item.channel;
  const source = flow === undefined ? { $campaign_channel: channel } : { $flow: flow, $flow_channel: channel };
  return JSON.stringify(definedOf({ $message: message, $variation: content.message?.variation, ...source, ...more }));
}

export const toldOfEmail = (about: About, { subject, to }: { subject: string; to: string }): string =>
  told(about, {
    Subject: subject,
    'Campaign Name': about.content.message?.name,
    'Email Domain': to.slice(to.lastIndexOf('@') + 1).toLowerCase(),
  });

const named = ({ item, content }: About) => ({
  'Message Name': content.message?.name,
  'Message Type': item.flow === undefined ? 'campaign' : 'flow',
});

const regionOf = (number: string) => parsePhoneNumberFromString(number)?.country;

export const toldOfText = (about: About, text: { from: string; to: string; segments: number }): string =>
  told(about, {
    ...named(about),
    'Message Format': 'SMS',
    'Segment Count': text.segments,
    'From Number': text.from,
    'From Phone Region': regionOf(text.from),
    'To Number': text.to,
    'To Phone Region': regionOf(text.to),
  });

export const toldOfPush = (about: About, { title }: { title: string }): string =>
  told(about, { ...named(about), Title: title });
