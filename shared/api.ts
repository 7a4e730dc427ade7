// The registry: every operation there is, area by area. The api function serves the private ones; OpenAPI lists all.
import type { Operation } from './jsonapi/operation.ts';
import type { Context } from './domain/context.ts';
import { accountOperations } from './domain/account/index.ts';
import { listOperations, listsOfProfile, subscriptionOperations } from './domain/consent/index.ts';
import { clientEventOperations, eventOperations, metricOperations, recordOperations } from './domain/events/index.ts';
import { flowOperations, flowTriggers } from './domain/flows/index.ts';
import { clientProfileOperations, profileOperations } from './domain/identity/index.ts';
import { importOperations } from './domain/imports/index.ts';
import { segmentOperations, segmentsOfProfile, segmentsOfProfileOperations } from './domain/segments/index.ts';
import { templateOperations } from './domain/templates/index.ts';

/** What a private key may call. */
export const privateOperations: readonly Operation<Context>[] = [
  ...accountOperations,
  ...profileOperations({ lists: listsOfProfile, segments: segmentsOfProfile }),
  ...segmentsOfProfileOperations,
  ...listOperations({ flowTriggers }),
  ...subscriptionOperations,
  ...importOperations,
  ...eventOperations,
  ...recordOperations,
  ...metricOperations({ flowTriggers }),
  ...segmentOperations({ flowTriggers }),
  ...templateOperations,
  ...flowOperations,
];

/** What anyone may call who names the company. */
export const publicOperations: readonly Operation<Context>[] = [...clientProfileOperations, ...clientEventOperations];
