// The rows of subscription jobs, as they are stored between the request and the work.
import type { Instant } from '../../kernel/time.ts';
import { refuse } from '../../kernel/errors.ts';
import type { ConsentKind } from '../../storage/items.ts';
import { type Device, type ProfileInput, identifierOf } from '../identity/index.ts';

/** One consent that a row gives or withdraws. */
export interface RowWord {
  kind: ConsentKind;
  /** When it was given elsewhere, milliseconds; only with historical imports. */
  at?: Instant;
}

/** One person of a subscription job; identifiers are normalised. */
export interface SubscriptionRow {
  id?: string;
  email?: string;
  phone_number?: string;
  anonymous_id?: string;
  words: RowWord[];
  /** Push tokens that come, or go, with it. */
  devices?: Device[];
  /** What a browser told of the person beside that. */
  told?: ProfileInput;
}

export interface SubscriptionJob {
  list?: string;
  customSource?: string;
  /** Email marketing waits until the person has confirmed it. */
  confirm?: boolean;
  /** Consent that was given elsewhere, long ago. */
  historical?: boolean;
  /** The last four characters of the private key that it was asked for with (behaviour 3.1). */
  key?: string;
  /** Asked for with the public key, by anyone. */
  byVisitor?: boolean;
  /** Unsubscribing from a list concerns that list alone. */
  listAlone?: boolean;
  rows: SubscriptionRow[];
}

/** One row at work. */
export interface RowWork {
  job: SubscriptionJob;
  person: SubscriptionRow;
  /** When the job was accepted. */
  at: Instant;
}

/** Where a row stands in the request. */
export const rowPointer = (row: number) => `/data/attributes/profiles/data/${row}`;

interface Named {
  id?: string | null | undefined;
  attributes: { email?: string | null | undefined; phone_number?: string | null | undefined };
}

/** The identifiers of a row at `pointer`, normalised; refuses a row without any. */
export function identifiersOf(
  { id, attributes }: Named,
  pointer: string,
  anonymous?: string | null,
): Omit<SubscriptionRow, 'words'> {
  const at = `${pointer}/attributes`;
  const { email, phone_number: phone } = attributes;
  if (!id && !email && !phone && !anonymous) {
    throw refuse('invalid', 'A profile needs an id, an email or a phone_number.', at);
  }
  const push = `${at}/subscriptions/push/anonymous_id`;
  return {
    ...(id && { id }),
    ...(email && { email: identifierOf('email', email, `${at}/email`) }),
    ...(phone && { phone_number: identifierOf('phone_number', phone, `${at}/phone_number`) }),
    ...(anonymous && { anonymous_id: identifierOf('anonymous_id', anonymous, push) }),
  };
}

/** The identifiers that a row has, as a profile's. */
export const namesIn = ({ email, phone_number, anonymous_id }: Omit<SubscriptionRow, 'words'>) => ({
  ...(email !== undefined && { email }),
  ...(phone_number !== undefined && { phone_number }),
  ...(anonymous_id !== undefined && { anonymous_id }),
});
