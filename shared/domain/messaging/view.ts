import type { Ports } from '../../ports.ts';
import { profileKey } from '../../storage/patterns.ts';
import { findTemplate } from '../templates/index.ts';
import { buildEmail } from './build-email.ts';
import type { ContentOf } from './claim.ts';
import type { OpenedLink } from './link-owner.ts';
import { findMessage } from './settle.ts';

const handedOver = new Set(['CLAIMED', 'SENT', 'UNKNOWN']);

/**
 * The HTML of an email that went out, made anew as its template stands, for whoever has its link: that may be somebody to
 * whom it was forwarded, so it names no address or number, and seeing it is no open. Undefined when it cannot be made any
 * more.
 */
export async function viewOf(
  ports: Ports,
  { account, owner, ...link }: OpenedLink<'view'>,
  contentOf: ContentOf,
): Promise<string | undefined> {
  const known = await findMessage(ports, { account, ...link });
  const { item } = known ?? {};
  if (!item || item.channel !== 'email' || !handedOver.has(item.status)) return undefined;
  const [content, person] = await Promise.all([
    contentOf(item, owner),
    ports.store.get(profileKey(account, item.profile)),
  ]);
  if (content?.channel !== 'email' || !person) return undefined;
  const template = await findTemplate(ports, account, content.templateId);
  if (!template) return undefined;
  const profile = { ...person };
  delete profile.email;
  delete profile.other_emails;
  delete profile.phone_number;
  const { tracking } = content;
  const built = await buildEmail(ports, {
    ...{ owner, item, profile, template, now: ports.clock.now(), address: item.address ?? '' },
    lastSent: undefined,
    content: tracking ? { ...content, tracking: { ...tracking, opens: false } } : content,
  });
  return 'made' in built ? built.made.html : undefined;
}
