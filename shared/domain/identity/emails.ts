// The email addresses of one person: the primary, which messages go to, and up to four secondary ones (behaviour 1.4).
import type { ProfileItem } from '../../storage/items.ts';

/** Adding a sixth drops the secondary address that was added first. */
export const mostEmails = 5;

/** The addresses as a profile holds them. */
export type Emails = Pick<ProfileItem, 'email' | 'other_emails'>;

/** All addresses that the profile holds, the primary first. */
export function emailsOf({ email, other_emails: others = [] }: Emails): string[] {
  return email === undefined ? [...others] : [email, ...others];
}

/** True for a secondary address of the profile. */
export const isSecondary = ({ other_emails: others = [] }: Emails, email: unknown): boolean =>
  others.some((one) => one === email);

/**
 * The addresses as a profile holds them: `primary`, and of the `others` (the most recently added last; the primary may
 * be among them) as many as there is room for. Without a primary the most recently added one takes its place.
 */
export function emailsWith(primary: string | undefined, others: readonly string[]): Emails {
  const first = primary ?? others.at(-1);
  const rest = [...new Set(others)].filter((one) => one !== first).slice(1 - mostEmails);
  return {
    ...(first !== undefined && { email: first }),
    ...(rest.length > 0 && { other_emails: rest }),
  };
}
