import { takeOutcomes, workOnCampaign } from '../../shared/domain/campaigns/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { type Delivery, eachByItself, queueHandler } from '../../shared/lambda/queue.ts';
import type { Message } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';

type Deliveries = readonly Delivery<'campaigns'>[];
type Told = Extract<Message<'campaigns'>, { type: 'outcome' }>;

/** Sends campaigns, a stretch at a time, each message by itself; outcomes of one sending together, as long as that works. */
export function create(ports: Ports): LambdaHandler {
  const each = (deliveries: Deliveries) => {
    const how = { abreast: deliveries.length, shown: ['type', 'account', 'campaign'] } as const;
    return eachByItself(ports, deliveries, how, (body) => workOnCampaign(ports, accountId(body.account), body));
  };

  async function together(deliveries: Deliveries): Promise<readonly string[]> {
    const told = deliveries.flatMap(({ body }) => (body.type === 'outcome' ? [body] : []));
    const [first] = told;
    if (!first || told.length < 2) return each(deliveries);
    try {
      await takeOutcomes(ports, accountId(first.account), told);
      return [];
    } catch {
      // Whatever is wrong with one of them concerns only itself.
      return each(deliveries);
    }
  }

  return queueHandler(ports, 'campaigns', async (deliveries) => {
    const groups = [
      ...Map.groupBy(deliveries, ({ body, id }) => (body.type === 'outcome' ? sendingOf(body) : id)).values(),
    ];
    return (await Promise.all(groups.map(together))).flat();
  });
}

const sendingOf = ({ account, campaign, run }: Told) => `${account} ${campaign} ${run}`;
