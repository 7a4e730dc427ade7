// Changes of consent as events of the person, under the metrics that integrations know.
import type { AccountId } from '../../kernel/ids.ts';
import { instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { ConsentRecordItem } from '../../storage/items.ts';
import type { Put } from '../../storage/store.ts';
import { internalService, newEvent } from '../events/index.ts';
import type { Cause, Standing } from '../identity/index.ts';

type Metrics = Readonly<Record<string, string>>;

const consentMetrics: Metrics = {
  'email SUBSCRIBED': 'Subscribed to Email Marketing',
  'email UNSUBSCRIBED': 'Unsubscribed from Email Marketing',
  'sms SUBSCRIBED': 'Subscribed to SMS Marketing',
  'sms UNSUBSCRIBED': 'Unsubscribed from SMS Marketing',
  'sms_transactional SUBSCRIBED': 'Subscribed to SMS Transactional',
  'sms_transactional UNSUBSCRIBED': 'Unsubscribed from SMS Transactional',
};

const suppressionMetrics: Metrics = {
  SUPPRESSED: 'Manually Suppressed from Email Marketing',
  LIFTED: 'Manually Unsuppressed from Email Marketing',
};

/**
 * The events of a change, to be written in its transaction. A grant makes one only when the person was not subscribed, or
 * was suppressed by hand; a withdrawal only when the person was not out already.
 */
export async function consentEvents(
  ports: Ports,
  account: AccountId,
  profile: string,
  { before, records, cause }: { before: Standing; records: readonly ConsentRecordItem[]; cause: Cause },
): Promise<Put[]> {
  const byHand = before.suppressions.some(({ reason }) => reason === 'USER_SUPPRESSED');
  const told = records.flatMap((record) => {
    const name = metricOf(record, byHand);
    return name === undefined ? [] : [{ name, record }];
  });
  return Promise.all(
    told.map(async ({ name, record }) => {
      const put = await newEvent(ports, account, profile, {
        metric: { name, service: internalService },
        properties: propertiesOf(record),
        time: instantOf(record.at),
        unique_id: record.sk,
        ...(cause.historical === true && { backfill: true }),
      });
      return { put };
    }),
  );
}

function metricOf({ what, to, from, reason }: ConsentRecordItem, byHand: boolean): string | undefined {
  if (what === 'suppression') return reason === 'USER_SUPPRESSED' ? suppressionMetrics[to] : undefined;
  if (from === to && !(to === 'SUBSCRIBED' && what === 'email' && byHand)) return undefined;
  return consentMetrics[`${what} ${to}`];
}

function propertiesOf({ method, method_detail, custom_method_detail }: ConsentRecordItem) {
  return {
    method,
    ...(method_detail !== null && { method_detail }),
    ...(custom_method_detail !== null && { custom_method_detail }),
  };
}
