// A table: what travels on each queue, and what wakes. Every message is parsed on arrival; every message may arrive twice.
import * as z from 'zod/mini';
import { audience, clearCatalog, pullFeed, restock, touch, variantChanged, waitsFor } from './shop-messages.ts';

const due = z.optional(z.string());

/** Facts of a profile changed (or a timer of it fell due): look at the segments that mention what changed. */
const lookAtProfile = z.object({
  type: z.literal('profile'),
  account: z.string(),
  profile: z.string(),
  /** Metrics with new events. */
  metrics: z.array(z.string()),
  /** Lists joined or left. */
  lists: z.array(z.string()),
  /** Profile attributes or properties changed. */
  properties: z.boolean(),
  /** Which of them, by the names of places that conditions look at (`nameOf`); absent: any may have. */
  places: z.optional(z.array(z.string())),
  /** Consent or suppression changed. */
  consent: z.boolean(),
  /** The time of the newest of the events, `sortable`. */
  newest: z.optional(z.string()),
  /** The times of all events that came, moved or went lie within these two, `sortable`. */
  span: z.optional(z.object({ from: z.string(), to: z.string() })),
  /** The timer that fell due, `sortable`: look at every segment. */
  due,
  /** It was decided by definitions of this stamp, which were current at `at` (`sortable`): look again when there are others. */
  decided: z.optional(z.object({ stamp: z.number(), at: z.string() })),
});

/** What suppresses a profile's address changed: bring its entries in the order of suppressing in line. */
const fileSuppressions = z.object({
  type: z.literal('file-suppressions'),
  account: z.string(),
  profile: z.string(),
});

/** What a person's addresses may do changed: see which is the primary one. */
const choosePrimary = z.object({
  type: z.literal('choose-primary'),
  account: z.string(),
  profile: z.string(),
});

/** A segment was created or edited: plan its build. */
const buildSegment = z.object({
  type: z.literal('build'),
  account: z.string(),
  segment: z.string(),
  version: z.number(),
});

/** One stretch of a build. */
const buildShard = z.object({
  type: z.literal('build-shard'),
  account: z.string(),
  segment: z.string(),
  version: z.number(),
  shard: z.number(),
  /** Where the stretch before ended. */
  after: z.optional(z.string()),
});

/** An event was recorded: enrol its profile in the flows that it triggers. */
const triggerFlows = z.object({
  type: z.literal('event'),
  account: z.string(),
  profile: z.string(),
  metric: z.string(),
  /** The sort key of the event. */
  event: z.string(),
});

/** A person joined a list, or came into a segment: enrol it in the flows that this triggers. */
const joined = z.object({
  type: z.literal('joined'),
  account: z.string(),
  profile: z.string(),
  of: z.enum(['list', 'segment']),
  group: z.string(),
  /** When, as the membership says. */
  joined: z.string(),
});

/** Dates of a person changed, or its time zone: see when they let it into flows. */
const lookAtDates = z.object({
  type: z.literal('dates'),
  account: z.string(),
  profile: z.string(),
  /** The properties with other dates than before. */
  properties: z.array(z.string()),
  /** When they changed, `sortable`. */
  at: z.string(),
});

/** A date of a person lets it into a flow now, unless it has changed. */
const dateComes = z.object({
  type: z.literal('date'),
  account: z.string(),
  profile: z.string(),
  flow: z.string(),
  /** The day that comes round. */
  date: z.string(),
  /** When the flow begins for it, `sortable`. */
  at: z.string(),
});

/** A flow that dates trigger was opened or changed: look at everyone's, a stretch of a shard at a time. */
const planDates = z.object({
  type: z.literal('plan-dates'),
  account: z.string(),
  flow: z.string(),
  version: z.number(),
  shard: z.number(),
  /** When it was opened or changed, `sortable`. */
  at: z.string(),
  /** Where the stretch before ended. */
  after: z.optional(z.string()),
});

/** An enrolment has a step to take. */
const advance = z.object({
  type: z.literal('advance'),
  account: z.string(),
  profile: z.string(),
  enrolment: z.string(),
  step: z.string(),
  visit: z.number(),
});

/** Someone has to confirm a subscription: send the message that asks. Or (`due`) its claim had no outcome in time. */
const confirm = z.object({
  type: z.enum(['confirm', 'expire-confirmation']),
  account: z.string(),
  /** The keyed hash of the address. */
  contact: z.string(),
  /** Names the message among those to the address: the list that it is about. */
  message: z.string(),
});

/** A message was queued: decide, claim, hand over. Or (`due`) a claim had no outcome in time. */
const deliver = z.object({
  type: z.enum(['deliver', 'expire']),
  account: z.string(),
  profile: z.string(),
  message: z.string(),
});

/** One stretch of a bulk job. */
const workOnJob = z.object({
  type: z.enum([
    ...(['subscribe', 'unsubscribe', 'suppress', 'unsuppress', 'import'] as const),
    ...(['catalog-item-bulk-create', 'catalog-item-bulk-update', 'catalog-item-bulk-delete'] as const),
    ...(['catalog-variant-bulk-create', 'catalog-variant-bulk-update', 'catalog-variant-bulk-delete'] as const),
    ...(['catalog-category-bulk-create', 'catalog-category-bulk-update', 'catalog-category-bulk-delete'] as const),
    'coupon-code-bulk-create',
    'catalog-feed-run',
  ]),
  account: z.string(),
  job: z.string(),
  /** Where the stretch before ended; absent for the first. */
  cursor: z.optional(z.string()),
});

/** Take everyone off a list that was removed, whose id `job` is. */
const emptyList = z.object({ type: z.literal('empty-list'), account: z.string(), job: z.string() });

/** Remove the codes of a coupon that was removed, whose uid `job` is. */
const clearCoupon = z.object({ type: z.literal('clear-coupon'), account: z.string(), job: z.string() });

/** See whether many codes are left of the coupon that `job` names. */
const watchStock = z.object({ type: z.literal('coupon-stock'), account: z.string(), job: z.string() });

/** Remove a file that came with an event that was known; `job` is its key. */
const dropFile = z.object({ type: z.literal('drop-file'), account: z.string(), job: z.string() });

/** Remove what is left of a person who was forgotten, whose profile `job` was. */
const erase = z.object({ type: z.literal('erase'), account: z.string(), job: z.string() });

/** One stretch of putting people into a flow who met its trigger before, or of letting reviewed messages go. */
const jobOfFlow = z.object({
  type: z.enum(['back-populate', 'review']),
  account: z.string(),
  job: z.string(),
  /** Where the stretch before ended; absent for the first. */
  cursor: z.optional(z.string()),
});

/** Finish the merge of the profile whose id `job` is. */
const absorb = z.object({ type: z.literal('absorb'), account: z.string(), job: z.string() });

/** Events of a quarter of an hour came or went: mark it (`untally`), count it anew (`tally`). */
const tallies = z.object({
  type: z.enum(['untally', 'tally']),
  account: z.string(),
  metric: z.string(),
  /** When it begins, `sortable`. */
  quarter: z.string(),
});

/** One stretch of a campaign's sending, or of counting whom it would reach. */
const campaignStretch = z.object({
  type: z.enum(['snapshot', 'estimate', 'release', 'close']),
  account: z.string(),
  campaign: z.string(),
  run: z.string(),
  /** Of the audience: the place of the group among those that are included. */
  group: z.optional(z.number()),
  shard: z.number(),
  /** Of a release: which wave. */
  wave: z.optional(z.number()),
  /** Where the stretch before ended, and how many entries it and those before it saw. */
  after: z.optional(z.string()),
  count: z.optional(z.number()),
});

/** The time of a wave has come. Or: see whether every recipient has an outcome. */
const campaignTurn = z.object({
  type: z.enum(['wave', 'finish']),
  account: z.string(),
  campaign: z.string(),
  run: z.string(),
  wave: z.number(),
});

/** A message of a campaign has an outcome, or is gone; `was` is what it was before. */
const campaignOutcome = z.object({
  type: z.literal('outcome'),
  account: z.string(),
  campaign: z.string(),
  run: z.string(),
  recipient: z.string(),
  profile: z.string(),
  message: z.string(),
  was: z.optional(z.string()),
});

/** Somebody opened or followed a message: what a page could not write down at once. `says`: a property and its value. */
const interaction = z.object({
  type: z.literal('interaction'),
  account: z.string(),
  profile: z.string(),
  message: z.string(),
  act: z.enum(['opened', 'clicked']),
  by: z.enum(['person', 'machine']),
  at: z.string(),
  url: z.optional(z.string()),
  says: z.optional(z.tuple([z.string(), z.string()])),
});
export type Interaction = z.infer<typeof interaction>;

/** An app tells that a push message was opened: the token that the message brought. */
const pushOpened = z.object({
  type: z.literal('push-opened'),
  account: z.string(),
  token: z.string(),
  at: z.string(),
});

export type PushOpened = z.infer<typeof pushOpened>;

/** What people do with messages, as our own functions tell of it. */
export const interactions = z.discriminatedUnion('type', [interaction, pushOpened]);

/** Beside that, what SES reports of a message, as SNS wraps it; parsed by the feedback function. */
const feedback = z.union([interactions, z.looseObject({})]);

export const messages = {
  segments: z.discriminatedUnion('type', [lookAtProfile, fileSuppressions, choosePrimary, buildSegment, buildShard]),
  flows: z.discriminatedUnion('type', [
    triggerFlows,
    joined,
    lookAtDates,
    dateComes,
    planDates,
    touch,
    variantChanged,
    audience,
    waitsFor,
    restock,
    jobOfFlow,
    advance,
  ]),
  messages: z.discriminatedUnion('type', [deliver, confirm]),
  jobs: z.discriminatedUnion('type', [
    workOnJob,
    clearCatalog,
    pullFeed,
    clearCoupon,
    watchStock,
    emptyList,
    dropFile,
    erase,
    absorb,
  ]),
  tallies,
  campaigns: z.discriminatedUnion('type', [campaignStretch, campaignTurn, campaignOutcome]),
  feedback,
} as const;

export type QueueName = keyof typeof messages;
export type Message<Q extends QueueName> = z.infer<(typeof messages)[Q]>;

/** What EventBridge Scheduler sends to `wake`: one minute of one account, or the hourly sweep. */
export const wakeUp = z.union([
  z.object({ account: z.string(), minute: z.string() }),
  z.object({ sweep: z.literal(true) }),
]);
export type WakeUp = z.infer<typeof wakeUp>;
