import { emptyList, runJob } from '../../shared/domain/consent/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { queueHandler } from '../../shared/lambda/queue.ts';
import type { Message } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';

/** Runs bulk jobs, one after the other. A job that throws comes back; the others of its batch are done. */
export function create(ports: Ports) {
  return queueHandler(ports, 'jobs', async (messages) => {
    const failed: string[] = [];
    for (const { id, body } of messages) {
      try {
        await run(ports, body);
      } catch (error) {
        ports.log.error('A job did not finish.', { job: body.job, type: body.type, error: String(error) });
        failed.push(id);
      }
    }
    return failed;
  });
}

async function run(ports: Ports, { type, account, job }: Message<'jobs'>): Promise<void> {
  if (type === 'empty-list') return emptyList(ports, accountId(account), job);
  return runJob(ports, accountId(account), type, job);
}
