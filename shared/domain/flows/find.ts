// Actions and messages by their own ids: they live inside their flow.
import type { AccountId } from '../../kernel/ids.ts';
import { notFound } from '../../kernel/errors.ts';
import type { Ports } from '../../ports.ts';
import type { Action, Flow, SendEmail } from './definition.ts';
import { allFlows } from './flow.ts';

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

/** The action that sends a message, with its flow, or a 404. */
export async function readMessage(
  ports: Ports,
  account: AccountId,
  id: string,
): Promise<{ flow: Flow; action: SendEmail }> {
  for (const flow of await allFlows(ports, account)) {
    for (const action of flow.definition.actions) {
      if (action.type === 'send-email' && action.data.message.id === id) return { flow, action };
    }
  }
  throw notFound('flow-message', id);
}
