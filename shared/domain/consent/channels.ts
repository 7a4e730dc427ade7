// How callers name what they subscribe to or unsubscribe from: the schemas of `subscriptions`, and what they mean.
import * as z from 'zod/mini';
import { maybe, timestamp } from '../../jsonapi/fields.ts';
import { refuse } from '../../kernel/errors.ts';
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { ConsentKind } from '../../storage/items.ts';
import { type Device, deviceOf, deviceSchema } from '../identity/index.ts';

const grant = z.strictObject({ consent: z.literal('SUBSCRIBED'), consented_at: maybe(timestamp()) });
const plainGrant = z.strictObject({ consent: z.literal('SUBSCRIBED') });
const withdrawal = z.strictObject({ consent: z.literal('UNSUBSCRIBED') });

export const subscribeChannels = z.strictObject({
  email: z.optional(z.strictObject({ marketing: z.optional(grant), open_tracking: z.optional(plainGrant) })),
  sms: z.optional(z.strictObject({ marketing: z.optional(grant), transactional: z.optional(grant) })),
  whatsapp: z.optional(z.strictObject({ marketing: z.optional(grant), transactional: z.optional(grant) })),
  push: z.optional(
    z.strictObject({ marketing: grant, tokens: maybe(z.array(deviceSchema)), anonymous_id: maybe(z.string()) }),
  ),
});

export const unsubscribeChannels = z.strictObject({
  email: z.optional(z.strictObject({ marketing: z.optional(withdrawal), open_tracking: z.optional(withdrawal) })),
  sms: z.optional(z.strictObject({ marketing: z.optional(withdrawal), transactional: z.optional(withdrawal) })),
  whatsapp: z.optional(
    z.strictObject({
      marketing: z.optional(withdrawal),
      transactional: z.optional(withdrawal),
      conversational: z.optional(withdrawal),
    }),
  ),
  push: z.optional(z.strictObject({ marketing: withdrawal, tokens: z.array(deviceSchema) })),
});

/** One purpose of one channel, as asked for. */
interface Purpose {
  consent: string;
  consented_at?: string | null | undefined;
}

type Purposes<Name extends string> = { readonly [N in Name]?: Purpose | undefined } | undefined;

/** What both kinds of `subscriptions` have in common. */
export interface Channels {
  email?: Purposes<'marketing' | 'open_tracking'>;
  sms?: Purposes<'marketing' | 'transactional'>;
  whatsapp?: Purposes<'marketing' | 'transactional' | 'conversational'>;
  push?: { marketing: Purpose; tokens?: readonly z.infer<typeof deviceSchema>[] | null | undefined } | undefined;
}

/** One consent that was asked for, and where it stands in the request. */
export interface Asked {
  kind: ConsentKind;
  pointer: string;
  consentedAt?: string | null | undefined;
}

/** What `subscriptions` at `pointer` names, channel by channel. */
export function askedIn({ email, sms, whatsapp, push }: Channels, pointer: string): Asked[] {
  const places: readonly (readonly [ConsentKind, string, Purpose | undefined])[] = [
    ['email', 'email/marketing', email?.marketing],
    ['open_tracking', 'email/open_tracking', email?.open_tracking],
    ['sms', 'sms/marketing', sms?.marketing],
    ['sms_transactional', 'sms/transactional', sms?.transactional],
    ['whatsapp', 'whatsapp/marketing', whatsapp?.marketing],
    ['whatsapp_transactional', 'whatsapp/transactional', whatsapp?.transactional],
    ['whatsapp_conversational', 'whatsapp/conversational', whatsapp?.conversational],
    ['push', 'push/marketing', push?.marketing],
  ];
  return places.flatMap(([kind, place, purpose]) =>
    purpose ? [{ kind, pointer: `${pointer}/${place}`, consentedAt: purpose.consented_at }] : [],
  );
}

/** The devices that `subscriptions` at `pointer` names; refuses a bad token. */
export function devicesIn({ push }: Channels, pointer: string): Device[] {
  return (push?.tokens ?? []).map((told, place) => deviceOf(told, `${pointer}/push/tokens/${place}`));
}

/** No consent is older than this; older times are lifted to it. */
const earliestConsent: Instant = Date.UTC(1990, 0, 1);

/**
 * When consent was given elsewhere: required and past for historical imports (consent to open tracking has no time of its
 * own), refused otherwise.
 */
export function consentedAt({ kind, pointer, consentedAt: text }: Asked, historical: boolean, now: Instant) {
  const at = `${pointer}/consented_at`;
  if (!text) {
    if (historical && kind !== 'open_tracking') {
      throw refuse('missing', 'A historical import needs consented_at.', at);
    }
    return undefined;
  }
  if (!historical) throw refuse('invalid', 'consented_at is only for jobs with historical_import.', at);
  const instant = instantOf(text);
  if (instant >= now) throw refuse('invalid', 'consented_at must be in the past.', at);
  return Math.max(instant, earliestConsent);
}

const unconfirmed: ReadonlySet<ConsentKind> = new Set(['sms', 'whatsapp']);

/**
 * Refuses marketing by SMS and WhatsApp where double opt-in applies: there is no message yet that could ask for the
 * confirmation. Transactional consent never waits for one.
 */
export function refuseUnconfirmed(asked: readonly Asked[]): void {
  const one = asked.find(({ kind }) => unconfirmed.has(kind));
  if (one === undefined) return;
  const channel = one.kind === 'sms' ? 'SMS' : 'WhatsApp';
  throw refuse(
    'not_allowed',
    `${channel} marketing cannot be confirmed yet, and double opt-in applies here. Use a list with single_opt_in.`,
    one.pointer,
  );
}

const texted: ReadonlySet<ConsentKind> = new Set(['sms', 'sms_transactional']);

/** Refuses SMS to people who are, or may be, younger than the account allows. `born` is a date, `pointer` its place. */
export function refuseTooYoung(
  asked: readonly Asked[],
  { born, minimumAge, pointer }: { born: string | null | undefined; minimumAge: number | undefined; pointer: string },
  now: Instant,
): void {
  if (born && instantOf(born) > now) throw refuse('invalid', 'A date of birth lies in the past.', pointer);
  if (minimumAge === undefined || !asked.some(({ kind }) => texted.has(kind))) return;
  if (!born) throw refuse('missing', 'SMS is age-gated: age_gated_date_of_birth is required.', pointer);
  const oldEnough = `${String(Number(born.slice(0, 4)) + minimumAge).padStart(4, '0')}${born.slice(4)}`;
  // Dates of one form compare as texts; who was born on 29 February is older on 1 March.
  if (oldEnough > sortable(now).slice(0, 10)) {
    throw refuse('invalid', `SMS needs an age of at least ${minimumAge} years.`, pointer);
  }
}
