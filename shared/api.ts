// The registry: every operation there is, area by area. The api function serves the private ones; OpenAPI lists all.
import type { Operation } from './jsonapi/operation.ts';
import type { Context } from './domain/context.ts';
import { accountOperations } from './domain/account/index.ts';
import { allCampaignOperations, progressOperations } from './domain/campaigns/index.ts';
import {
  backInStockOperations,
  catalogJobOperations,
  catalogRelationshipOperations,
  clientBackInStockOperations,
  entryOperations,
} from './domain/catalog/index.ts';
import { catalogFeedOperations } from './domain/catalogfeeds/index.ts';
import {
  clientSubscriptionOperations,
  consentTrailOperations,
  listOperations,
  listsOfProfile,
  subscriptionOperations,
  suppressionOperations,
} from './domain/consent/index.ts';
import { couponCodeOperations, couponOperations } from './domain/coupons/index.ts';
import { clientEventOperations, eventOperations, metricOperations, recordOperations } from './domain/events/index.ts';
import { exportOperations } from './domain/exports/index.ts';
import { flowOperations, flowTriggers, ownFlowOperations } from './domain/flows/index.ts';
import {
  clientProfileOperations,
  clientTokenOperations,
  exchangeOperations,
  privacyOperations,
  profileOperations,
  tokenOperations,
} from './domain/identity/index.ts';
import { imageOperations } from './domain/images/index.ts';
import { importOperations } from './domain/imports/index.ts';
import { ingestionOperations } from './domain/ingestion/index.ts';
import { sendingOperations, trackingOperations } from './domain/messaging/index.ts';
import { aggregateOperations, customMetricOperations, mappedMetricOperations } from './domain/reporting/index.ts';
import {
  ownSegmentOperations,
  segmentOperations,
  segmentsOfProfile,
  segmentsOfProfileOperations,
} from './domain/segments/index.ts';
import { allTagOperations } from './domain/tags/index.ts';
import { templateOperations, universalOperations } from './domain/templates/index.ts';
import { webFeedOperations } from './domain/webfeeds/index.ts';

/** What a private key may call. */
export const privateOperations: readonly Operation<Context>[] = [
  ...accountOperations,
  ...profileOperations({ lists: listsOfProfile, segments: segmentsOfProfile }),
  ...tokenOperations,
  ...privacyOperations,
  ...segmentsOfProfileOperations,
  ...listOperations({ flowTriggers }),
  ...subscriptionOperations,
  ...suppressionOperations,
  ...importOperations,
  ...entryOperations,
  ...catalogRelationshipOperations,
  ...catalogJobOperations,
  ...backInStockOperations,
  ...couponOperations,
  ...couponCodeOperations,
  ...eventOperations,
  ...recordOperations,
  ...metricOperations({ flowTriggers }),
  ...aggregateOperations,
  ...customMetricOperations,
  ...mappedMetricOperations,
  ...segmentOperations({ flowTriggers }),
  ...templateOperations,
  ...universalOperations,
  ...webFeedOperations,
  ...trackingOperations,
  ...imageOperations,
  ...allTagOperations,
  ...flowOperations,
  ...allCampaignOperations,
];

/** Our own, beside the contract, under /x/: also with a private key. They are no part of the OpenAPI document. */
export const extensionOperations: readonly Operation<Context>[] = [
  ...consentTrailOperations,
  ...exchangeOperations,
  ...exportOperations,
  ...ingestionOperations,
  ...sendingOperations,
  ...ownSegmentOperations,
  ...ownFlowOperations,
  ...progressOperations,
  ...catalogFeedOperations,
];

/** What anyone may call who names the company. */
export const publicOperations: readonly Operation<Context>[] = [
  ...clientProfileOperations,
  ...clientTokenOperations,
  ...clientSubscriptionOperations,
  ...clientEventOperations,
  ...clientBackInStockOperations,
];
