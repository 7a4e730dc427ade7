// Links in texts: a few letters that lead by us, kept in the table with what they stand for until nobody follows them any
// more. Nobody can guess them: they are derived with the account's secret.
import { type AccountId, accountId, keyedId } from '../../kernel/ids.ts';
import { type Instant, day, second } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { ShortLinkItem } from '../../storage/items.ts';
import { accountOf, shortLinkKey } from '../../storage/patterns.ts';
import type { Put } from '../../storage/store.ts';
import type { SmsContent } from './content.ts';
import type { MessageName } from './message-name.ts';
import type { Circumstances } from './prepare.ts';
import { withParams } from './utm.ts';

/** How long a link works. */
const keptFor = 180 * day;

/** An address of the web in a text; what ends a sentence or closes a bracket is not of it. */
const addresses = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}']/gi;

/** A text whose links lead by us, with what has to be kept of them. */
export interface Shortened {
  body: string;
  tokens: string[];
  puts: Put[];
}

/** The text with its links shortened, where its message wants that; each carries the parameters of the owner's analytics. */
export function shortened(publicUrl: string, about: Circumstances<SmsContent>, body: string): Shortened {
  const { item, owner, profile, content, now } = about;
  const { links } = content;
  const made: Shortened = { body, tokens: [], puts: [] };
  if (!links) return made;
  const account = accountOf(item);
  const { external_id: external } = profile;
  const named = {
    message_type: 'sms',
    profile_id: profile.id,
    ...(external !== undefined && { profile_external_id: external }),
  };
  const facts = { ...links.facts, ...named };
  const text = body.replace(addresses, (written) => {
    if (!URL.canParse(written) || written.startsWith(`${publicUrl}/p/`)) return written;
    const url = withParams(written, links.params, facts);
    const token = keyedId(owner.secret, 12, 'short link', item.id, url);
    if (!made.tokens.includes(token)) {
      made.tokens.push(token);
      made.puts.push({ put: linkItem(account, token, { profile: item.profile, message: item.id, url }, now) });
    }
    return `${publicUrl}/p/s/${account}.${token}`;
  });
  return { ...made, body: text };
}

function linkItem(
  account: AccountId,
  token: string,
  of: Pick<ShortLinkItem, 'profile' | 'message' | 'url'>,
  now: Instant,
): ShortLinkItem {
  const expires = expiryAt(now + keptFor);
  return { ...shortLinkKey(account, token), kind: 'short-link', ...of, expires };
}

/** What a short link stands for; undefined when there is none, or none any more. */
export async function readShortLink(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  text: string,
): Promise<(MessageName & { url: string }) | undefined> {
  const [, account, token] = /^([0-9A-Za-z]{1,32})\.([0-9A-Za-z]{12})$/.exec(text) ?? [];
  if (account === undefined || token === undefined) return undefined;
  const item = await store.get(shortLinkKey(accountId(account), token));
  if (!item || item.expires * second <= clock.now()) return undefined;
  const { profile, message, url } = item;
  return { account: accountId(account), profile, message, url };
}
