// The types of an export: those that the API has, with what it shows nowhere else, and some of its own.
import * as z from 'zod/mini';
import { bag, integer, list, maybe, text, timestamp } from '../../jsonapi/fields.ts';
import type { RelationshipSpec, ResourceType } from '../../jsonapi/resource.ts';
import { consentChangeResource } from '../consent/index.ts';
import { eventResource } from '../events/index.ts';
import { profileResource, pushTokenResource } from '../identity/index.ts';

const one = (type: string): RelationshipSpec => ({ type, many: false });

const membershipOf = (group: string): ResourceType => ({
  type: `${group}-membership`,
  attributes: z.object({ name: maybe(text()), joined_group_at: timestamp() }),
  relationships: { [group]: one(group) },
});

/** The first record of every export. */
export const profileRecordType: ResourceType = {
  ...profileResource,
  additional: [],
  attributes: z.extend(profileResource.attributes, {
    /** Every address, the primary one first. */
    emails: list(text()),
    anonymous_id: maybe(text()),
    /** The place where they were last seen by the network. */
    last_seen: maybe(bag()),
  }),
};

/** Every type that an export can hold. */
export const recordTypes: readonly ResourceType[] = [
  profileRecordType,
  {
    type: 'contact',
    attributes: z.object({
      kind: text(),
      value: text(),
      consents: bag(),
      suppressions: list(bag()),
      list_suppressions: list(bag()),
      /** List id to when the address last subscribed to it. */
      list_grants: bag(),
      soft_bounces: list(bag()),
      /** When a message last arrived after soft bounces. */
      arrived_at: maybe(timestamp()),
    }),
  },
  consentChangeResource,
  {
    type: 'pending-subscription',
    attributes: z.object({
      address: text(),
      list_name: maybe(text()),
      requested_at: timestamp(),
      confirmed_at: maybe(timestamp()),
      custom_source: maybe(text()),
      /** What was told of the person with it. */
      told: bag(),
    }),
    relationships: { list: one('list') },
  },
  pushTokenResource,
  membershipOf('list'),
  membershipOf('segment'),
  {
    ...eventResource,
    attributes: z.extend(eventResource.attributes, { metric_name: maybe(text()), recorded_at: timestamp() }),
  },
  {
    type: 'repeated-event',
    attributes: z.object({
      metric_name: maybe(text()),
      unique_id: text(),
      happened_at: timestamp(),
      /** How often it was told again, at least. */
      times: integer(),
      last_told_at: timestamp(),
    }),
  },
  {
    type: 'flow-enrolment',
    attributes: z.object({
      flow_name: maybe(text()),
      status: text(),
      reason: maybe(text()),
      entered_at: timestamp(),
      updated_at: timestamp(),
      due_at: maybe(timestamp()),
    }),
    relationships: { flow: one('flow') },
  },
  {
    type: 'message',
    attributes: z.object({
      channel: text(),
      address: maybe(text()),
      flow_name: maybe(text()),
      status: text(),
      reason: maybe(text()),
      created_at: timestamp(),
      sent_at: maybe(timestamp()),
      finished_at: maybe(timestamp()),
    }),
    relationships: { flow: one('flow') },
  },
  {
    type: 'coupon-code-given',
    attributes: z.object({ coupon: text(), unique_code: text(), given_at: timestamp() }),
  },
  {
    type: 'refused-row',
    attributes: z.object({
      job_type: text(),
      job_id: text(),
      /** Its place in the job, from 0. */
      row: integer(),
      told_at: timestamp(),
      code: text(),
      detail: text(),
      /** The row as it was sent. */
      payload: bag(),
    }),
  },
];
