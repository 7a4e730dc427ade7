import { tally, untally } from '../../shared/domain/reporting/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { eachByItself, queueHandler } from '../../shared/lambda/queue.ts';
import type { Ports } from '../../shared/ports.ts';

const how = { abreast: 5, shown: ['type', 'account', 'metric', 'quarter'] } as const;

/** Keeps the counts of events right: marks quarters of hours of which something came or went, and counts them anew. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'tallies', (deliveries) =>
    eachByItself(ports, deliveries, how, ({ type, account, metric, quarter }) =>
      (type === 'tally' ? tally : untally)(ports, accountId(account), { metric, quarter }),
    ),
  );
}
