// The email that asks whether a subscription was meant. It says nothing that a visitor wrote, and names nobody but the
// account: it must be no use as a carrier of someone else's words.
import { escapeHtml } from '../../kernel/html.ts';
import type { Email, Settings } from '../../ports.ts';
import type { AccountItem } from '../../storage/items.ts';
import { accountOf } from '../../storage/patterns.ts';
import { signLink } from './links.ts';

/** What the email is about; `contact` is the keyed hash of the address. */
export interface ConfirmationParts {
  owner: AccountItem;
  address: string;
  contact: string;
  /** As links name it: a list's id, or empty. */
  list: string;
  /** As tags name it. */
  message: string;
  requested: string;
}

/** The email, in plain text and HTML, from the account's own sender. */
export function confirmationEmail({ publicUrl }: Settings, parts: ConfirmationParts): Email {
  const { owner, address, contact, list, message, requested } = parts;
  const account = accountOf(owner);
  const link = `${publicUrl}/p/confirm/${signLink(owner.secret, 'confirm', account, { list, requested, address })}`;
  const asks = `Someone, probably you, asked for email from ${owner.name} at this address.`;
  const ignore = 'If it was not you, do nothing: you get no more email about it. The link works for 72 hours.';
  return {
    from: { name: owner.sender_name, address: owner.sender_email },
    to: address,
    subject: 'Please confirm your subscription',
    text: `${asks}\n\nConfirm your subscription: ${link}\n\n${ignore}\n`,
    html: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Please confirm your subscription</title></head>
<body style="font-family:sans-serif;line-height:1.5"><p>${escapeHtml(asks)}</p>
<p><a href="${escapeHtml(link)}">Confirm your subscription</a></p>
<p>${escapeHtml(ignore)}</p></body></html>
`,
    headers: {},
    tags: { account, contact, message },
  };
}
