import type { AccountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { profileKey } from '../../storage/patterns.ts';
import { readAccount } from '../account/index.ts';
import { acceptsSms } from '../identity/index.ts';
import { quietUntilFor } from '../messaging/index.ts';
import type { Action } from './definition.ts';
import { isActive } from './graph.ts';
import { sentBy } from './sending.ts';

/**
 * When quiet hours end for a person who stands before an SMS, if it is in them: until then nobody advances (behaviour
 * 5.6). Whoever would not get the text in the morning either does not wait for it.
 */
export async function quietFor(
  ports: Ports,
  account: AccountId,
  action: Action,
  profile: string,
): Promise<{ quietUntil?: Instant }> {
  const send = isActive(action) ? sentBy(action, profile) : undefined;
  if (send?.type !== 'send-sms') return {};
  const { transactional, sms_quiet_hours_enabled: quietHours } = send.data.message;
  if (transactional) return {};
  const [owner, person] = await Promise.all([
    readAccount(ports, account),
    ports.store.get(profileKey(account, profile)),
  ]);
  if (!person || !acceptsSms(person.consents ?? {})) return {};
  const quietUntil = quietUntilFor(person.phone_number, owner, { quietHours }, ports.clock.now());
  return quietUntil === undefined ? {} : { quietUntil };
}
