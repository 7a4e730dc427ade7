// One way to write each identifier. Total (any text gives a value or undefined) and idempotent, because claims are
// filed under what comes out here.
import { domainToASCII } from 'node:url';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import isEmail from 'validator/lib/isEmail.js';
import { refuse } from '../../kernel/errors.ts';
import type { IdentifierKind } from '../../storage/patterns.ts';

const longestEmail = 100;
const longestId = 255;

/** Trimmed, NFC, lower case, the domain in ASCII; +tags and dots stay. Undefined: no address, or over 100 characters. */
export function normaliseEmail(text: string): string | undefined {
  if (!text.isWellFormed()) return undefined;
  const plain = text.trim().normalize('NFC').toLowerCase().normalize('NFC');
  const at = plain.lastIndexOf('@');
  const email = `${plain.slice(0, at + 1)}${asciiDomain(plain.slice(at + 1))}`;
  return email.length <= longestEmail && isEmail.default(email) ? email : undefined;
}

/** Only what is not ASCII yet is converted: the converter would also rewrite numbers and percent signs. */
function asciiDomain(domain: string): string {
  return /^[ -~]*$/.test(domain) ? domain : domainToASCII(domain);
}

/** E.164. Undefined: no valid number with a country code, or one with an extension. */
function normalisePhone(text: string): string | undefined {
  const phone = parsePhoneNumberFromString(text, { extract: false });
  return phone?.isValid() === true && phone.ext === undefined ? phone.number : undefined;
}

/** Ids are kept as they come: 1 to 255 characters, well-formed, no control characters. */
function normaliseId(text: string): string | undefined {
  if (text.trim() === '' || text.length > longestId || !text.isWellFormed()) return undefined;
  return /\p{Cc}/u.test(text) ? undefined : text;
}

const rules = {
  email: { normalise: normaliseEmail, wants: `a valid email address of at most ${longestEmail} characters` },
  phone_number: { normalise: normalisePhone, wants: 'a valid phone number in E.164 format, for example +14155552671' },
  external_id: { normalise: normaliseId, wants: `1 to ${longestId} characters without control characters` },
  anonymous_id: { normalise: normaliseId, wants: `1 to ${longestId} characters without control characters` },
} as const satisfies Record<IdentifierKind, { normalise: (text: string) => string | undefined; wants: string }>;

/** The identifier as claims hold it, or undefined when it is none. */
export function normalise(kind: IdentifierKind, text: string): string | undefined {
  return rules[kind].normalise(text);
}

/** The identifier as claims hold it; refuses with 400 at `pointer` when it is none. */
export function identifierOf(kind: IdentifierKind, text: string, pointer: string): string {
  const value = normalise(kind, text);
  if (value === undefined) throw refuse('invalid', `The ${kind} must be ${rules[kind].wants}.`, pointer);
  return value;
}
