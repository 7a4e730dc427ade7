import type { AccountId } from '../../kernel/ids.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import { countStretch } from './estimate.ts';
import { closeRows, finish, takeOutcome } from './outcomes.ts';
import { beginWave, release } from './release.ts';
import { takeSnapshot } from './snapshot.ts';

const stretches = { snapshot: takeSnapshot, estimate: countStretch, release, close: closeRows };
const turns = { wave: beginWave, finish };

/** Works on one message of the queue `campaigns`; again, it does what is left of it. */
export function workOnCampaign(ports: Ports, account: AccountId, message: Message<'campaigns'>): Promise<void> {
  if (message.type === 'outcome') return takeOutcome(ports, account, message);
  if ('shard' in message) return stretches[message.type](ports, account, message);
  return turns[message.type](ports, account, message);
}
