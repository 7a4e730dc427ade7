// What the ingestion log shows of each thing that was told.
import * as z from 'zod/mini';
import { integer, maybe, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { derivedUuid } from '../../kernel/ids.ts';
import { isoOf } from '../../kernel/time.ts';
import type { DroppedItem, EventItem, JobErrorItem, RepeatedItem } from '../../storage/items.ts';
import { partsOf } from '../../storage/patterns.ts';
import { type Metric, eventId, nameOfItem } from '../events/index.ts';

export const statuses = ['accepted', 'duplicate', 'refused'] as const;
export type Status = (typeof statuses)[number];

/** What of it is stored: the event, the note of its repetition, the note of its loss, the error of a row of a job. */
export type Told = EventItem | RepeatedItem | DroppedItem | JobErrorItem;

export const ingestionResource: ResourceType = {
  type: 'ingestion-record',
  attributes: z.object({
    status: oneOf(...statuses),
    /** `event`, or the kind of job that the row was of. */
    of: text(),
    /** When the event happened, as it was told; when the job of a row was accepted. */
    time: timestamp(),
    /** When we learned of it, the last time for duplicates. */
    recorded_at: timestamp(),
    metric_name: maybe(text()),
    unique_id: maybe(text()),
    /** How often a duplicate was told again, at least. */
    times: maybe(integer()),
    /** Why it was refused. */
    reason: maybe(text()),
    detail: maybe(text()),
    job_id: maybe(text()),
    /** The place in the request of the job. */
    pointer: maybe(text()),
  }),
  relationships: Object.fromEntries(
    ['event', 'metric', 'profile'].map((type) => [type, { type, many: false, linked: false }]),
  ),
};

type Names = ReadonlyMap<string, Metric>;

/** A record of the log. */
export function recordOf(account: AccountId, told: Told, metrics: Names): Resource {
  const { attributes, relationships } = shown(told, metrics);
  return {
    type: ingestionResource.type,
    id: derivedUuid('ingestion', account, told.pk, told.sk),
    attributes: { ...nothing, ...attributes },
    ...(relationships && { relationships }),
  };
}

const nothing = {
  metric_name: null,
  unique_id: null,
  times: null,
  reason: null,
  detail: null,
  job_id: null,
  pointer: null,
};

function shown(told: Told, metrics: Names): Pick<Resource, 'attributes' | 'relationships'> {
  if (told.kind === 'dropped') return droppedEvent(told);
  if (told.kind === 'job-error') return refusedRow(told);
  const relationships = {
    event: { type: 'event', id: eventId(nameOfItem(told)) },
    metric: { type: 'metric', id: told.metric },
    profile: { type: 'profile', id: told.profile },
  };
  const { at, unique_id } = told;
  const common = {
    of: 'event',
    time: isoOf(at),
    metric_name: metrics.get(told.metric)?.name ?? null,
    unique_id,
  };
  const attributes =
    told.kind === 'event'
      ? { ...common, status: 'accepted', recorded_at: isoOf(told.recorded) }
      : { ...common, status: 'duplicate', recorded_at: isoOf(told.last), times: told.n };
  return { attributes, relationships };
}

function droppedEvent({ at, recorded, metric_name }: DroppedItem): Pick<Resource, 'attributes'> {
  return {
    attributes: {
      status: 'refused',
      of: 'event',
      time: isoOf(at),
      recorded_at: isoOf(recorded),
      metric_name,
      reason: 'forgotten',
      detail: 'The person was forgotten after this happened.',
    },
  };
}

function refusedRow({ gsk, code, detail, pointer }: JobErrorItem): Pick<Resource, 'attributes'> {
  const [accepted = '', type = '', job_id = ''] = partsOf(gsk);
  return {
    attributes: {
      status: 'refused',
      of: type,
      time: isoOf(accepted),
      recorded_at: isoOf(accepted),
      reason: code,
      detail,
      job_id,
      pointer,
    },
  };
}
