// Placed orders, for the experiments that they decide (behaviour 5.4): counted when the order is heard of.
import type { AccountId } from '../../kernel/ids.ts';
import { instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { eventAt } from '../../storage/patterns.ts';
import { ConditionFailed } from '../../storage/store.ts';
import { messageBehind, originOf } from '../events/index.ts';
import { aboutPerson } from '../identity/index.ts';
import { firstInTrial } from '../messaging/index.ts';
import { isOrder } from '../reporting/index.ts';
import type { Flow } from './definition.ts';
import type { EventMessage } from './enrol-by-event.ts';

/** True when orders decide a live experiment of one of the flows. */
const counts = ({ definition: { actions } }: Flow): boolean =>
  actions.some(
    (action) =>
      action.type === 'ab-test' &&
      action.data.experiment_status === 'live' &&
      action.data.current_experiment?.winner_metric === 'unique-placed-orders',
  );

/**
 * Counts an order for the message of an experiment that it is put down to, each person once. Costs nothing where no
 * experiment is decided by orders. A touch that is told of after the order comes too late.
 */
export async function noteOrder(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { profile: person, event: sk }: EventMessage,
): Promise<void> {
  if (!flows.some(counts)) return;
  await aboutPerson(ports, account, person, async (profile, settled) => {
    const event = await ports.store.get(eventAt(account, profile, sk));
    if (!event && !settled) throw new ConditionFailed();
    if (!event || originOf(event) !== person || !(await isOrder(ports, account, event))) return;
    const message = await messageBehind(ports, account, event);
    const writes = message ? firstInTrial(message, 'ordered', instantOf(event.at)) : [];
    if (writes.length > 0) await ports.store.transact(writes);
  });
}
