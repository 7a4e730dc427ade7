import { type Clock, HandoverRefused, type Ids, type Push, type PushMessage } from '../../ports.ts';
import { type Outbox, createOutbox } from './outbox.ts';

export interface MemoryPush extends Push, Pick<Outbox<PushMessage>, 'inbox' | 'fail'> {
  /** From now on the provider says that this token is dead. */
  kill(token: string): void;
}

/** A provider that keeps push messages instead of sending them. Addresses are tokens. */
export function createPush(options: { clock: Clock; ids: Ids; keep?: number }): MemoryPush {
  const { inbox, fail, take } = createOutbox<PushMessage>(options);
  const dead = new Set<string>();
  return {
    inbox,
    fail,
    kill: (token) => void dead.add(token),
    async send(message) {
      const tokens = message.devices.map(({ token }) => token);
      const gone = tokens.filter((token) => dead.has(token));
      const living = message.devices.filter(({ token }) => !dead.has(token));
      if (living.length === 0) throw new HandoverRefused('EndpointDisabled', gone);
      return { ...take({ ...message, devices: living }, tokens), gone };
    },
  };
}
