import { workOnCampaign } from '../../shared/domain/campaigns/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { eachByItself, queueHandler } from '../../shared/lambda/queue.ts';
import type { Ports } from '../../shared/ports.ts';

/** Sends campaigns, a stretch at a time, each message by itself: one that fails holds up no other. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'campaigns', (deliveries) => {
    const how = { abreast: deliveries.length, shown: ['type', 'account', 'campaign'] } as const;
    return eachByItself(ports, deliveries, how, (body) => workOnCampaign(ports, accountId(body.account), body));
  });
}
