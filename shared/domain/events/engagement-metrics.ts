import { internalService } from './metrics.ts';

/** What can become of a message of each channel, and the metric that tells of it (behaviour 2.4). */
export const engagementMetrics = {
  email: {
    received: 'Received Email',
    opened: 'Opened Email',
    clicked: 'Clicked Email',
    bounced: 'Bounced Email',
    dropped: 'Dropped Email',
    complained: 'Marked Email as Spam',
    unsubscribed: 'Unsubscribed',
    'clicked and unsubscribed': 'Clicked and Unsubscribed from Email',
  },
  sms: { received: 'Received SMS', clicked: 'Clicked SMS', failed: 'Failed to Deliver SMS' },
  push: { received: 'Received Push', opened: 'Opened Push', bounced: 'Bounced Push' },
} as const;

/** Leaving is an act of the person; the rest measures messages, and starts no flow (behaviour 5.2). */
const acts: ReadonlySet<string> = new Set(['unsubscribed', 'clicked and unsubscribed']);

const measuring: ReadonlySet<string> = new Set(
  Object.values(engagementMetrics).flatMap((metrics) =>
    Object.entries(metrics).flatMap(([became, name]) => (acts.has(became) ? [] : [name])),
  ),
);

/** True for the metrics that measure messages: their events start no flow (behaviour 5.2). */
export function measuresMessages(metric: { name?: string | undefined; service?: string | undefined }): boolean {
  return metric.service === internalService && metric.name !== undefined && measuring.has(metric.name);
}
