import { catalogWorkers, clearEntry } from '../../shared/domain/catalog/index.ts';
import { catalogFeedWorkers, clearFeed, forgetEntry, pullFeed } from '../../shared/domain/catalogfeeds/index.ts';
import { clearCoupon, couponWorkers, watchStock } from '../../shared/domain/coupons/index.ts';
import { emptyList, subscriptionWorkers, suppressionWorkers } from '../../shared/domain/consent/index.ts';
import { finishMerge } from '../../shared/domain/events/index.ts';
import { erase } from '../../shared/domain/identity/index.ts';
import { importWorker } from '../../shared/domain/imports/index.ts';
import type { JobType, JobWorker } from '../../shared/domain/jobs/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { eachByItself, queueHandler } from '../../shared/lambda/queue.ts';
import type { Message } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';

/** Works on bulk jobs, a stretch at a time. A stretch that throws comes back; the others of its batch are done. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'jobs', (deliveries) =>
    eachByItself(ports, deliveries, { abreast: 1, shown: ['type', 'account', 'job'] }, (body) => run(ports, body)),
  );
}

/** Those of flows are worked on by the flows worker. */
const workers: Readonly<Record<Exclude<JobType, 'back-populate' | 'review'>, JobWorker>> = {
  ...subscriptionWorkers,
  ...suppressionWorkers,
  import: importWorker,
  ...catalogWorkers,
  ...catalogFeedWorkers,
  ...couponWorkers,
};

async function run(ports: Ports, message: Message<'jobs'>): Promise<void> {
  const account = accountId(message.account);
  if (message.type === 'empty-list') return emptyList(ports, account, message.job);
  if (message.type === 'clear-catalog') {
    const { kind, id, job: uid } = message;
    if (kind === 'catalog-feed') return clearFeed(ports, account, id);
    await clearEntry(ports, account, { kind, id, uid });
    return forgetEntry(ports, account, { kind, id, uid });
  }
  if (message.type === 'pull-feed') return pullFeed(ports, account, message);
  if (message.type === 'clear-coupon') return clearCoupon(ports, account, message.job);
  if (message.type === 'coupon-stock') return watchStock(ports, account, message.job);
  if (message.type === 'drop-file') return ports.files.remove(message.job);
  if (message.type === 'erase') return erase(ports, account, message.job);
  if (message.type === 'absorb') return finishMerge(ports, account, message.job);
  const { type, job, cursor } = message;
  return workers[type](ports, account, { id: job, ...(cursor !== undefined && { cursor }) });
}
