// What an account's links carry for web analytics (operations of the tag Tracking Settings; behaviour 9).
import * as z from 'zod/mini';
import { flag, list, maybe, oneOf, text } from '../../jsonapi/fields.ts';
import type { AccountItem } from '../../storage/items.ts';
import { type Param, dynamicValues } from './utm.ts';

const staticValue = z.strictObject({ type: z.literal('static'), value: text({ max: 255 }) });
const dynamic = <Schema extends z.ZodMiniType>(value: Schema) => z.strictObject({ type: z.literal('dynamic'), value });
const valueOf = <Schema extends z.ZodMiniType>(names: Schema) =>
  z.optional(z.nullable(z.discriminatedUnion('type', [dynamic(names), staticValue])));

const byKind = {
  flow: valueOf(oneOf(...dynamicValues.flow)),
  campaign: valueOf(oneOf(...dynamicValues.campaign)),
};
export const trackingParam = z.strictObject(byKind);

/** Up to five (behaviour 9), each with a name of its own. */
export const customParameters = maybe(
  list(z.strictObject({ ...byKind, name: text({ min: 1, max: 255 }) }), { max: 5 }),
);

/** The settings as they are kept, and as the API shows them. */
export const trackingSettings = z.object({
  auto_add_parameters: flag(),
  utm_source: trackingParam,
  utm_medium: trackingParam,
  utm_campaign: z.optional(trackingParam),
  utm_id: z.optional(trackingParam),
  utm_term: z.optional(trackingParam),
  custom_parameters: customParameters,
});
export type TrackingSettings = z.infer<typeof trackingSettings>;

const both = (value: string) => ({ type: 'static' as const, value });

/** Where the owner said nothing. Nothing is added until somebody wants it. */
const usual: TrackingSettings = {
  auto_add_parameters: false,
  utm_source: { flow: both('Klaviyo'), campaign: both('Klaviyo') },
  utm_medium: {
    flow: { type: 'dynamic', value: 'message_type' },
    campaign: { type: 'dynamic', value: 'message_type' },
  },
  utm_campaign: {
    flow: { type: 'dynamic', value: 'message_name_id' },
    campaign: { type: 'dynamic', value: 'campaign_name_id' },
  },
  custom_parameters: [],
};

/** The settings of an account. */
export function trackingOf({ tracking }: Pick<AccountItem, 'tracking'>): TrackingSettings {
  return tracking === undefined ? usual : (JSON.parse(tracking) as TrackingSettings);
}

const utm = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_id', 'utm_term'] as const;

/**
 * The parameters that an email's links carry. `add` is what the message says itself: no, yes, or (undefined) what the
 * account says; `custom`, when there are any, stand in the place of the account's.
 */
export function paramsFor(
  kind: 'flow' | 'campaign',
  owner: Pick<AccountItem, 'tracking'>,
  { add, custom }: { add: boolean | undefined; custom: readonly Param[] },
): readonly Param[] {
  const settings = trackingOf(owner);
  if (!(add ?? settings.auto_add_parameters)) return [];
  if (custom.length > 0) return custom;
  const named = [
    ...utm.map((name) => ({ name, said: settings[name] })),
    ...(settings.custom_parameters ?? []).map(({ name, ...said }) => ({ name, said })),
  ];
  return named.flatMap(({ name, said }): Param[] => {
    const value = said?.[kind];
    return value ? [{ name, value }] : [];
  });
}
