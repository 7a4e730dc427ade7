// Which test file exercises which operation: one file an area. An operation of a new tag belongs nowhere, and fails.
import { expect } from 'vitest';
import { type Stage, isInSdk, operations } from './stage.ts';

export const areas = [
  'accounts',
  'profiles',
  'imports',
  'catalogs',
  'coupons',
  'push-tokens',
  'events-metrics',
  'metrics',
  'lists-consent',
  'subscriptions',
  'segments',
  'templates',
  'flows',
  'privacy',
  'tags',
  'campaigns',
  'tracking',
  'images',
] as const;
export type Area = (typeof areas)[number];

const byTag: Readonly<Record<string, Area>> = {
  Accounts: 'accounts',
  Profiles: 'profiles',
  Events: 'events-metrics',
  Metrics: 'metrics',
  Catalogs: 'catalogs',
  Coupons: 'coupons',
  Lists: 'lists-consent',
  Segments: 'segments',
  Templates: 'templates',
  Flows: 'flows',
  'Data Privacy': 'privacy',
  Tags: 'tags',
  Campaigns: 'campaigns',
  'Tracking Settings': 'tracking',
  Images: 'images',
};

/** Operations that are told best together with another area. */
const elsewhere: Readonly<Record<string, Area>> = {
  create_client_profile: 'profiles',
  create_client_event: 'events-metrics',
  bulk_create_client_events: 'events-metrics',
  create_client_subscription: 'subscriptions',
  create_client_back_in_stock_subscription: 'catalogs',
  bulk_subscribe_profiles: 'lists-consent',
  bulk_unsubscribe_profiles: 'lists-consent',
  get_lists_for_profile: 'lists-consent',
  get_list_ids_for_profile: 'lists-consent',
  get_segments_for_profile: 'segments',
  get_segment_ids_for_profile: 'segments',
};

/** What flows a thing triggers is told with the flows, what an import job did with the imports,
// suppression by hand with the subscriptions, devices by themselves. */
const families: readonly (readonly [RegExp, Area])[] = [
  [/flows_triggered_by_/, 'flows'],
  [/bulk_import_profiles/, 'imports'],
  [/bulk_(un)?suppress_/, 'subscriptions'],
  [/push_token/, 'push-tokens'],
  [/get_tag(_id)?s_for_(list|segment|flow)$/, 'tags'],
];

export const areaOf = ({ id, tag }: { id: string; tag: string }): Area | undefined =>
  families.find(([names]) => names.test(id))?.[1] ?? elsewhere[id] ?? byTag[tag];

/** Every operation of the area was answered with success, by way of the SDK where the SDK has it. */
export function expectExercised({ exercised }: Stage, area: Area): void {
  const wanted = operations.filter((one) => areaOf(one) === area).map(({ id }) => id);
  const missing = wanted.filter((id) => !exercised[isInSdk(id) ? 'sdk' : 'plain'].has(id));
  expect(missing).toEqual([]);
}
