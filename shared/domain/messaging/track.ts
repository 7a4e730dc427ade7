// What an email carries that tells of its opens and clicks.
import type { Email } from '../../ports.ts';
import { accountOf } from '../../storage/patterns.ts';
import type { Circumstances } from './prepare.ts';
import { escapeHtml } from '../../kernel/html.ts';
import type { EmailContent } from './content.ts';
import { atEndOfBody } from './end-of-body.ts';
import { exchangeLinks } from './links-in.ts';
import { type LinkContent, type LinkKind, fitsLink, signLink } from './links.ts';
import { type ParamFacts, withParams } from './utm.ts';

type About = Circumstances<EmailContent>;

function signer(publicUrl: string, { owner, item }: About) {
  const account = accountOf(item);
  return <Kind extends LinkKind>(kind: Kind, content: LinkContent<Kind>): string | undefined => {
    const token = signLink(owner.secret, kind, account, content);
    // What would be too long for the readers of links leads to its target by itself.
    return fitsLink(token) ? `${publicUrl}/p/${kind}/${token}` : undefined;
  };
}

const named = ({ item }: About) => ({ profile: item.profile, message: item.id });

/** The addresses that write a property of whoever follows them, and lead on (behaviour 8.2). */
export function propertyLinks(publicUrl: string, about: About) {
  const sign = signer(publicUrl, about);
  return (property: string, value: string, url: string): string =>
    (isWeb(url) ? sign('property', { ...named(about), property, value, url }) : undefined) ?? url;
}

/** An address of the web; others (mail, telephone, places in the page) are what they are. */
const isWeb = (url: string): boolean => /^https?:\/\//i.test(url) && URL.canParse(url);

/**
 * The email with what its content wants told of it: links that lead by us, which note the click, and carry the parameters
 * of the owner's web analytics; a picture that notes the open. Our own pages (the way out, the web view) stay as they are.
 */
export function tracked(publicUrl: string, about: About, email: Email): Email {
  const { tracking } = about.content;
  if (!tracking) return email;
  const sign = signer(publicUrl, about);
  const facts = factsOf(about, tracking.facts, email.subject);
  const html = exchangeLinks(email.html, ({ url: written, alt }) => {
    const url = written.trim();
    if (!isWeb(url) || url.startsWith(`${publicUrl}/p/`)) return undefined;
    const target = withParams(url, tracking.params, { ...facts, ...(alt !== undefined && { link_alt_text: alt }) });
    if (tracking.clicks) return sign('click', { ...named(about), url: target }) ?? target;
    return target === url ? undefined : target;
  });
  const picture = tracking.opens ? sign('open', named(about)) : undefined;
  return { ...email, html: picture === undefined ? html : withPicture(html, picture) };
}

function factsOf({ profile }: About, facts: ParamFacts, subject: string): ParamFacts {
  const { id, external_id } = profile;
  return {
    ...{ ...facts, email_subject: subject, message_type: 'email', profile_id: id },
    ...(external_id !== undefined && { profile_external_id: external_id }),
  };
}

/** At the end: whoever sees the picture has seen the rest. */
const withPicture = (html: string, address: string): string =>
  atEndOfBody(html, `<img src="${escapeHtml(address)}" alt="" width="1" height="1" style="display:block;border:0">`);
