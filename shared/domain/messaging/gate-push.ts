// Whether a push message may go to a person now. Pure; the order of the questions decides which reason is kept.
import type { Instant } from '../../kernel/time.ts';
import type { PushDevice } from '../../ports.ts';
import type { AccountItem, ProfileItem, PushTokenItem } from '../../storage/items.ts';
import { acceptsPush } from '../identity/index.ts';
import type { PushContent } from './content.ts';
import { type Decision, type LastSent, isTooSoon, skip } from './decision.ts';

/** What the owner of a device answered when it was asked. */
const enabled: ReadonlySet<PushTokenItem['enablement_status']> = new Set(['AUTHORIZED', 'PROVISIONAL']);

/** The decision over one push message: which devices it goes to. Consent to push is explicit (behaviour 3.8). */
export function gatePush(facts: {
  owner: Pick<AccountItem, 'push_applications'>;
  profile: Pick<ProfileItem, 'consents'>;
  tokens: readonly Pick<PushTokenItem, 'token' | 'platform' | 'enablement_status'>[];
  lastSent: LastSent;
  content: Pick<PushContent, 'smartSending' | 'transactional'>;
  now: Instant;
}): Decision<readonly PushDevice[]> {
  const { owner, profile, tokens, lastSent, content, now } = facts;
  if (!acceptsPush(profile.consents ?? {})) return skip('Missing Push Consent');
  const open = tokens.filter(({ enablement_status: status }) => enabled.has(status));
  if (open.length === 0) return skip('Missing Push Token');
  if (isTooSoon(lastSent, content, now)) return skip('Smart Sending');
  const devices = open.flatMap(({ token, platform }) => {
    const application = owner.push_applications?.[platform];
    return application === undefined ? [] : [{ token, platform, application }];
  });
  return devices.length === 0 ? skip('No Push Application') : { send: true, to: devices };
}
