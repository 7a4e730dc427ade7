// Actions and messages by their own ids: they live inside their flow.
import type { AccountId } from '../../kernel/ids.ts';
import { notFound } from '../../kernel/errors.ts';
import type { Ports } from '../../ports.ts';
import type { Action, Flow, Send } from './definition.ts';
import { allFlows } from './flow.ts';
import { sendsOf } from './graph.ts';

/** An action with its flow, or a 404. */
export async function readAction(
  ports: Ports,
  account: AccountId,
  id: string,
): Promise<{ flow: Flow; action: Action }> {
  for (const flow of await allFlows(ports, account)) {
    const action = flow.definition.actions.find((one) => one.id === id);
    if (action) return { flow, action };
  }
  throw notFound('flow-action', id);
}

/** What sends a message, its action (an experiment has more than one) and its flow, or a 404. */
export async function readMessage(
  ports: Ports,
  account: AccountId,
  id: string,
): Promise<{ flow: Flow; action: Action; send: Send }> {
  for (const flow of await allFlows(ports, account)) {
    for (const action of flow.definition.actions) {
      const send = sendsOf(action).find(({ data }) => data.message.id === id);
      if (send) return { flow, action, send };
    }
  }
  throw notFound('flow-message', id);
}
