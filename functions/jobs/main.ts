import { emptyList, runJob } from '../../shared/domain/consent/index.ts';
import { finishMerge } from '../../shared/domain/events/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { eachByItself, queueHandler } from '../../shared/lambda/queue.ts';
import type { Message } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';

/** Runs bulk jobs, one after the other. A job that throws comes back; the others of its batch are done. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'jobs', (deliveries) =>
    eachByItself(ports, deliveries, { abreast: 1, shown: ['type', 'account', 'job'] }, (body) => run(ports, body)),
  );
}

async function run(ports: Ports, { type, account, job }: Message<'jobs'>): Promise<void> {
  if (type === 'empty-list') return emptyList(ports, accountId(account), job);
  if (type === 'absorb') return finishMerge(ports, accountId(account), job);
  return runJob(ports, accountId(account), type, job);
}
